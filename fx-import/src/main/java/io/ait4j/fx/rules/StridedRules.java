package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Optional;

/** Memory read by strides that the model gives. */
final class StridedRules {
  private StridedRules() {}

  static void addTo(RuleTable table) {
    table.add(
        "as_strided", call -> new TensorMeta(call.tensor(0).dtype(), call.dims(1), strides(call)));
    table.add(
        "as_strided_copy", call -> TensorMeta.contiguous(call.tensor(0).dtype(), call.dims(1)));
    table.add("as_strided_scatter", call -> CopyRules.like(call, call.tensor(0), Optional.empty()));
  }

  private static List<Dim> strides(OpCall call) {
    if (call.dims(1).size() != call.dims(2).size()) {
      throw call.error("%s sizes and %s strides".formatted(call.dims(1), call.dims(2)));
    }
    return call.dims(2);
  }
}
