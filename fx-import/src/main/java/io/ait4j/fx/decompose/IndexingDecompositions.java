package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Reads at indices that are data. */
final class IndexingDecompositions {
  private IndexingDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("take_along_dim", IndexingDecompositions::alongDim);
    table.add("take", IndexingDecompositions::take);
    table.add("fliplr", r -> flipped(r, 1));
    table.add("flipud", r -> flipped(r, 0));
    table.add(
        "grid_sampler",
        r -> r.call("grid_sampler_" + (r.meta(0).rank() - 2) + "d", r.args().toArray(Arg[]::new)));
    table.add("repeat_interleave.self_Tensor", IndexingDecompositions::repeated);
    table.add("rot90", IndexingDecompositions::turned);
    table.add("unfold unfold_copy", IndexingDecompositions::unfold);
  }

  private static Arg alongDim(Rewrite r) {
    if (!r.has(2)) {
      Arg flat = r.reshape(r.arg(0), List.of(r.meta(0).numel()));
      Arg index = r.reshape(r.arg(1), List.of(r.meta(1).numel()));
      return r.call("gather", flat, of(0), index);
    }
    int rank = r.meta(0).rank();
    int axis = r.axis(r.integer(2), rank);
    List<Dim> self = new ArrayList<>(r.meta(0).shape());
    List<Dim> index = new ArrayList<>(r.meta(1).shape());
    for (int i = 0; i < rank; i++) {
      if (i != axis) {
        Dim size = self.get(i).is(1) ? index.get(i) : self.get(i);
        self.set(i, size);
        index.set(i, size);
      }
    }
    return r.call("gather", r.expand(r.arg(0), self), of(axis), r.expand(r.arg(1), index));
  }

  private static Arg flipped(Rewrite r, long dim) {
    return r.call("flip", r.arg(0), Arg.ints(dim));
  }

  private static Arg turned(Rewrite r) {
    List<Long> dims = r.integers(2);
    long a = dims.get(0);
    long b = dims.get(1);
    return switch (Math.floorMod(r.integer(1), 4)) {
      case 1 -> r.call("transpose.int", r.call("flip", r.arg(0), Arg.ints(b)), of(a), of(b));
      case 2 -> r.call("flip", r.arg(0), r.arg(2));
      case 3 -> r.call("flip", r.call("transpose.int", r.arg(0), of(a), of(b)), Arg.ints(b));
      default -> r.arg(0);
    };
  }

  /** Windows along one dimension, their elements in a new last one. */
  private static Arg unfold(Rewrite r) {
    int rank = r.meta(0).rank();
    if (rank == 0) {
      return r.keepOne();
    }
    int axis = r.axis(r.integer(1), rank);
    Dim size = r.dim(2);
    Dim step = r.dim(3);
    Dim count = r.meta(0).shape().get(axis).minus(size).floorDiv(step).plus(1);
    Arg windows;
    if (size.equals(step)) {
      windows = r.slice(r.arg(0), axis, Dim.ZERO, count.times(size));
    } else {
      Arg starts = r.call("mul.Tensor", ConstructorDecompositions.arange(r, count), Arg.of(step));
      Arg all =
          r.call("add.Tensor", r.unsqueeze(starts, 1), ConstructorDecompositions.arange(r, size));
      windows =
          r.call("index_select", r.arg(0), of(axis), r.reshape(all, List.of(count.times(size))));
    }
    List<Dim> shape = new ArrayList<>(r.meta(0).shape());
    shape.set(axis, count);
    shape.add(axis + 1, size);
    List<Integer> order = Rewrite.range(0, rank + 1);
    order.add(order.remove(axis + 1));
    return r.permute(r.reshape(windows, shape), order);
  }

  /** Of the tensor as one row; negative places count from its end. */
  private static Arg take(Rewrite r) {
    Arg flat = r.reshape(r.arg(0), List.of(r.meta(0).numel()));
    return r.call("index.Tensor", flat, new Arg.Sequence(List.of(r.arg(1))));
  }

  /** Elements as often as {@code repeats} says, where it is known how many that makes. */
  private static Arg repeated(Rewrite r) {
    if (!r.has(3)) {
      return r.keepOne();
    }
    Arg self = r.has(2) ? r.arg(0) : r.reshape(r.arg(0), List.of(r.meta(0).numel()));
    int axis = r.has(2) ? r.axis(r.integer(2), r.meta(0).rank()) : 0;
    Dim size = r.meta(self).shape().get(axis);
    Arg repeats = r.expand(r.arg(1), List.of(size));
    Arg places = r.node("repeat_interleave.Tensor", repeats, r.arg(3));
    return r.call("index_select", self, of(axis), places);
  }
}
