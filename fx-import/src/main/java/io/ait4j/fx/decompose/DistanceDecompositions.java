package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;

/** Distances: norms of differences. */
final class DistanceDecompositions {
  private DistanceDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("cdist _cdist_forward", r -> between(r, r.arg(2)));
    table.add("_euclidean_dist", r -> between(r, of(2)));
    table.add("pairwise_distance", DistanceDecompositions::pairwise);
    table.add(
        "dist", r -> r.call("norm.Scalar", r.call("sub.Tensor", r.arg(0), r.arg(1)), r.arg(2)));
  }

  /** Of every row of the one to every row of the other. */
  private static Arg between(Rewrite r, Arg order) {
    int ranks = Math.min(r.meta(0).rank(), r.meta(1).rank());
    if (ranks < 2 || !r.meta(0).dtype().isFloating()) {
      throw r.error(
          "shapes %s and %s hold no rows".formatted(r.meta(0).shape(), r.meta(1).shape()));
    }
    Arg rows = r.unsqueeze(r.arg(0), -2);
    Arg columns = r.unsqueeze(r.arg(1), -3);
    Arg difference = r.call("sub.Tensor", rows, columns);
    return r.call("linalg_vector_norm", difference, order, Arg.ints(-1));
  }

  private static Arg pairwise(Rewrite r) {
    Arg difference = r.call("add.Tensor", r.call("sub.Tensor", r.arg(0), r.arg(1)), r.arg(3));
    return r.call("linalg_vector_norm", difference, r.arg(2), Arg.ints(-1), r.arg(4));
  }
}
