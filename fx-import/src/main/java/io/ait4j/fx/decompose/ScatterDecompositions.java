package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Tensors with a part replaced: what writes to a view become. */
final class ScatterDecompositions {
  private ScatterDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("slice_scatter", ScatterDecompositions::intoSlice);
    table.add("select_scatter", ScatterDecompositions::intoSelected);
    table.add("put", ScatterDecompositions::put);
    table.add("renorm", ScatterDecompositions::renorm);
    table.addMany(
        "embedding_bag embedding_bag.padding_idx _embedding_bag _embedding_bag_forward_only",
        EmbeddingBag::decompose);
    table.add("copy", r -> r.expand(cast(r), r.meta(0).shape()));
  }

  /** The replacement in the dtype of the whole. */
  private static Arg cast(Rewrite r) {
    return r.cast(r.arg(1), r.meta(0).dtype());
  }

  private static Arg intoSlice(Rewrite r) {
    int axis = r.axis(r.integer(2), r.meta(0).rank());
    Dim size = r.meta(0).shape().get(axis);
    Dim start = SliceDecompositions.bound(r.has(3) ? r.dim(3) : Dim.ZERO, size, Dim.ZERO);
    Dim end = SliceDecompositions.bound(r.has(4) ? r.dim(4) : size, size, start);
    long step = r.integer(5);
    if (step < 1) {
      throw r.error("a step of " + step);
    }
    List<Dim> shape = new ArrayList<>(r.meta(0).shape());
    shape.set(axis, end.minus(start).plus(step - 1).floorDiv(step));
    if (!r.meta(1).shape().equals(shape)) {
      String problem =
          "a part of shape %s is to be replaced by one of shape %s"
              .formatted(shape, r.meta(1).shape());
      if (r.meta(1).rank() != shape.size()) {
        throw r.error(problem);
      }
      for (int i = 0; i < shape.size(); i++) {
        if (!shape.get(i).equals(r.meta(1).shape().get(i))) {
          throw r.unequal(problem, shape.get(i), r.meta(1).shape().get(i));
        }
      }
    }
    if (step != 1) {
      Arg places =
          r.node(
              "arange.start_step",
              Arg.of(start),
              Arg.of(end),
              Arg.of(step),
              new Arg.Type(DType.INT64));
      return r.call("index_copy", r.arg(0), Arg.of(axis), places, cast(r));
    }
    return between(r, axis, start, end, cast(r));
  }

  /** The tensor as one row, written at places that count from its start. */
  private static Arg put(Rewrite r) {
    Arg flat = r.reshape(r.arg(0), List.of(r.meta(0).numel()));
    Arg index = r.reshape(r.arg(1), List.of(r.meta(1).numel()));
    Arg source = r.reshape(r.arg(2), List.of(r.meta(2).numel()));
    Arg written = r.call("index_put", flat, new Arg.Sequence(List.of(index)), source, r.arg(3));
    return r.reshape(written, r.meta(0).shape());
  }

  /** Slices whose norm is too large, scaled down to it. */
  private static Arg renorm(Rewrite r) {
    int rank = r.meta(0).rank();
    if (rank < 2) {
      throw r.error("a tensor of shape " + r.meta(0).shape());
    }
    List<Integer> others = Rewrite.range(0, rank);
    others.remove(r.axis(r.integer(2), rank));
    Arg norm = r.call("linalg_vector_norm", r.arg(0), r.arg(1), Rewrite.list(others), Arg.of(true));
    Arg large = r.call("gt.Scalar", norm, r.arg(3));
    Arg shrunk =
        r.call(
            "mul.Tensor",
            r.call("reciprocal", r.call("add.Tensor", norm, new Arg.Float(1e-7))),
            r.arg(3));
    Arg one = ConstructorDecompositions.full(r, List.of(), Arg.of(1), r.meta(norm).dtype());
    return r.call("mul.Tensor", r.arg(0), r.call("where.self", large, shrunk, one));
  }

  private static Arg intoSelected(Rewrite r) {
    int axis = r.axis(r.integer(2), r.meta(0).rank());
    Dim index = r.dim(3);
    Dim start = index.max() < 0 ? index.plus(r.meta(0).shape().get(axis)) : index;
    return between(r, axis, start, start.plus(1), r.unsqueeze(cast(r), axis));
  }

  /** What lies before, the replacement, and what lies behind. */
  private static Arg between(Rewrite r, int axis, Dim start, Dim end, Arg part) {
    Dim size = r.meta(0).shape().get(axis);
    List<Arg> parts = new ArrayList<>();
    if (!start.is(0)) {
      parts.add(r.slice(r.arg(0), axis, Dim.ZERO, start));
    }
    if (!start.equals(end)) {
      parts.add(part);
    }
    if (!end.equals(size)) {
      parts.add(r.slice(r.arg(0), axis, end, size));
    }
    return parts.isEmpty() ? r.arg(0) : r.call("cat", new Arg.Sequence(parts), of(axis));
  }
}
