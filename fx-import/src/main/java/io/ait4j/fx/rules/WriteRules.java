package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Optional;

/** Copies of a tensor with some elements written, at places that are data. */
final class WriteRules {
  private WriteRules() {}

  static void addTo(RuleTable table) {
    table.add(
        "index_put _unsafe_index_put index_fill.int_Scalar index_fill.int_Tensor put",
        WriteRules::copied);
    table.add("slice_scatter select_scatter", WriteRules::copiedWithGaps);
    table.add("index_add index_reduce index_copy", WriteRules::rowMajor);
    table.add("masked_scatter", WriteRules::maskedScatter);
    table.add("scatter_reduce.two", IndexingRules::scattered);
  }

  private static TensorMeta copied(OpCall call) {
    return CopyRules.like(call, call.tensor(0), Optional.empty());
  }

  /** The very strides, unless elements share memory. */
  private static TensorMeta copiedWithGaps(OpCall call) {
    TensorMeta self = call.tensor(0);
    boolean shared = false;
    for (int i = 0; i < self.rank(); i++) {
      shared |= self.strides().get(i).is(0) && !self.shape().get(i).is(1);
    }
    return shared ? copied(call) : self;
  }

  private static TensorMeta rowMajor(OpCall call) {
    return TensorMeta.contiguous(call.tensor(0).dtype(), call.tensor(0).shape());
  }

  private static TensorMeta maskedScatter(OpCall call) {
    List<List<Dim>> shapes = List.of(call.tensor(0).shape(), call.tensor(1).shape());
    return TensorMeta.contiguous(call.tensor(0).dtype(), PointwiseLayout.broadcast(call, shapes));
  }
}
