package io.ait4j.fx.decompose;

import static io.ait4j.fx.decompose.Rewrite.of;

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

  private static Arg take(Rewrite r) {
    Arg flat = r.reshape(r.arg(0), List.of(r.meta(0).numel()));
    Arg index = r.reshape(r.arg(1), List.of(r.meta(1).numel()));
    return r.reshape(r.call("index_select", flat, of(0), index), r.meta(1).shape());
  }
}
