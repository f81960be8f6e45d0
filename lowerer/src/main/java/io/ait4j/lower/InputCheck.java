package io.ait4j.lower;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses inputs that the module was not lowered for. */
final class InputCheck {
  private InputCheck() {}

  static void check(List<FxValue> expected, List<NativeTensor> inputs) {
    if (expected.size() != inputs.size()) {
      throw wrong(
          "the model takes %d input%s (%s), got %d"
              .formatted(
                  expected.size(),
                  expected.size() == 1 ? "" : "s",
                  expected.stream()
                      .map(v -> v.name() + ": " + typeOf(v.tensor()))
                      .collect(Collectors.joining(", ")),
                  inputs.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (!inputs.get(i).data().isNative() || !inputs.get(i).data().scope().isAlive()) {
        throw wrong(
            "input %d '%s' is not in native memory, or its arena is closed; allocate it from an open"
                    .formatted(i, expected.get(i).name())
                + " Arena");
      }
      TensorMeta meta = expected.get(i).tensor();
      NativeTensor input = inputs.get(i);
      if (input.dtype() != meta.dtype() || !Arrays.equals(input.sizes(), meta.sizes())) {
        throw wrong(
            "input %d '%s': expected %s, got %s; pass a tensor of that type, or convert the model again for this one"
                .formatted(i, expected.get(i).name(), typeOf(meta), typeOf(input.meta())));
      }
    }
  }

  /** As {@code --input} spells it. */
  static String typeOf(TensorMeta meta) {
    return meta.dtype().torchName()
        + meta.shape().stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
  }

  private static ModelException wrong(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
