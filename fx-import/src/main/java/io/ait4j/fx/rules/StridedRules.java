package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Optional;

/** Memory read by strides that the model gives, or as another type. */
final class StridedRules {
  private StridedRules() {}

  static void addTo(RuleTable table) {
    table.add(
        "as_strided", call -> new TensorMeta(call.tensor(0).dtype(), call.dims(1), strides(call)));
    table.add(
        "as_strided_copy", call -> TensorMeta.contiguous(call.tensor(0).dtype(), call.dims(1)));
    table.add("view.dtype", StridedRules::reinterpreted);
    table.add("as_strided_scatter", call -> CopyRules.like(call, call.tensor(0), Optional.empty()));
  }

  private static List<Dim> strides(OpCall call) {
    if (call.dims(1).size() != call.dims(2).size()) {
      throw call.error("%s sizes and %s strides".formatted(call.dims(1), call.dims(2)));
    }
    return call.dims(2);
  }

  private static TensorMeta reinterpreted(OpCall call) {
    TensorMeta self = call.tensor(0);
    DType wanted = call.dtype(1).orElse(self.dtype());
    if (wanted.bytes() != self.dtype().bytes()) {
      throw call.error(
          "%s cannot be read as %s, which has another size"
              .formatted(self.dtype().torchName(), wanted.torchName()));
    }
    return self.withDtype(wanted);
  }
}
