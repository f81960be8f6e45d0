package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** By what lies at the other end, which is a copy of slices unless a size may be too small. */
  static void addCircularTo(RuleTable table) {
    table.add("pad", PaddingRules::circular);
  }

  private static TensorMeta circular(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> pad = call.dims(1);
    if (!call.text(2).equals(Optional.of("circular")) || pad.size() > 2 * self.rank()) {
      throw call.error("%d paddings for a tensor of shape %s".formatted(pad.size(), self.shape()));
    }
    List<Dim> shape = new ArrayList<>(self.shape());
    for (int i = 0; i < pad.size() / 2; i++) {
      int axis = self.rank() - 1 - i;
      shape.set(axis, shape.get(axis).plus(pad.get(2 * i)).plus(pad.get(2 * i + 1)));
    }
    return TensorMeta.contiguous(self.dtype(), shape);
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
