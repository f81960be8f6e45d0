package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Padding with what the tensor itself holds: its mirror image, or its edge. */
final class PaddingRules {
  private PaddingRules() {}

  static void addTo(RuleTable table) {
    for (int spatial = 1; spatial <= 3; spatial++) {
      int dims = spatial;
      table.add("reflection_pad" + dims + "d", call -> padded(call, dims, true));
      table.add("replication_pad" + dims + "d", call -> padded(call, dims, false));
    }
  }

  private static TensorMeta padded(OpCall call, int spatial, boolean mirrors) {
    TensorMeta self = call.tensor(0);
    List<Dim> pad = call.dims(1);
    if (pad.size() != 2 * spatial || self.rank() != spatial + 1 && self.rank() != spatial + 2) {
      throw call.error("%d paddings for a tensor of shape %s".formatted(pad.size(), self.shape()));
    }
    List<Dim> shape = new ArrayList<>(self.shape());
    for (int i = 0; i < spatial; i++) {
      int axis = self.rank() - 1 - i;
      Dim size = shape.get(axis);
      Dim left = pad.get(2 * i);
      Dim right = pad.get(2 * i + 1);
      Dim out = size.plus(left).plus(right);
      boolean beyond = mirrors && left.max(right).minus(size).min() >= 0;
      if (beyond || size.is(0) || out.max() < 0) {
        throw call.error("padding %s of shape %s is too much".formatted(pad, self.shape()));
      }
      shape.set(axis, out);
    }
    return MemoryLayout.like(self, TensorMeta.contiguous(self.dtype(), shape));
  }
}
