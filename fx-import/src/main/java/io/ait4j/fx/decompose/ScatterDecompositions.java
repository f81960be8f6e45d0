package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Tensors with a part replaced: what writes to a view become. */
final class ScatterDecompositions {
  private ScatterDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("slice_scatter", ScatterDecompositions::intoSlice);
    table.add("select_scatter", ScatterDecompositions::intoSelected);
    table.add("copy", r -> r.expand(cast(r), r.meta(0).shape()));
  }

  /** The replacement in the dtype of the whole. */
  private static Arg cast(Rewrite r) {
    return r.cast(r.arg(1), r.meta(0).dtype());
  }

  private static Arg intoSlice(Rewrite r) {
    if (r.integer(5) != 1) {
      return r.keepOne();
    }
    int axis = r.axis(r.integer(2), r.meta(0).rank());
    Dim size = r.meta(0).shape().get(axis);
    Dim start = SliceDecompositions.bound(r.has(3) ? r.dim(3) : Dim.ZERO, size, Dim.ZERO);
    Dim end = SliceDecompositions.bound(r.has(4) ? r.dim(4) : size, size, start);
    List<Dim> shape = new ArrayList<>(r.meta(0).shape());
    shape.set(axis, end.minus(start));
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
    return between(r, axis, start, end, cast(r));
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
