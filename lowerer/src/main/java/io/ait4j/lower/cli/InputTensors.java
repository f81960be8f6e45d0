package io.ait4j.lower.cli;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model's inputs from a safetensors file. */
final class InputTensors {
  private InputTensors() {}

  /**
   * The tensors under the inputs' names, or {@code input0}, {@code input1}...
   *
   * @throws ModelException (USAGE) naming an input that the file lacks
   */
  static List<NativeTensor> read(Path file, List<FxValue> expected, Arena arena) {
    Map<String, NativeTensor> tensors = Safetensors.read(file, arena).tensors();
    List<NativeTensor> chosen = new ArrayList<>();
    for (FxValue input : expected) {
      String position = "input" + chosen.size();
      NativeTensor tensor = tensors.getOrDefault(input.name(), tensors.get(position));
      if (tensor == null) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "%s has neither '%s' nor '%s', which the model needs as %s"
                .formatted(file, input.name(), position, input.meta()));
      }
      chosen.add(tensor);
    }
    return chosen;
  }
}
