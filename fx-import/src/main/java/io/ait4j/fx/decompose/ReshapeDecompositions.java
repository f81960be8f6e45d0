package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.rules.ViewStrides;
import java.util.ArrayList;
import java.util.List;

/** All that reshapes: {@code view} where the strides allow it, {@code reshape} where not. */
final class ReshapeDecompositions {
  private ReshapeDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("view reshape _reshape_copy", r -> reshape(r, r.dims(1)));
    table.add("_reshape_alias", r -> reshape(r, r.dims(1)));
    table.add("view_as reshape_as", r -> reshape(r, r.meta(1).shape()));
    table.add("ravel", r -> reshape(r, List.of(r.meta(0).numel())));
    table.add("flatten.using_ints", ReshapeDecompositions::flatten);
    table.add("unflatten.int", ReshapeDecompositions::unflatten);
    table.add("squeeze", r -> squeeze(r, Rewrite.range(0, r.meta(0).rank())));
    table.add("squeeze.dim", r -> squeeze(r, List.of(r.axis(r.integer(1), r.meta(0).rank()))));
    table.add("squeeze.dims", r -> squeeze(r, namedAxes(r)));
    table.add("expand", ReshapeDecompositions::expand);
    table.add("expand_as", r -> r.expand(r.arg(0), r.meta(1).shape()));
    table.add("atleast_1d", r -> atLeast(r, 1));
    table.add("atleast_2d", r -> atLeast(r, 2));
    table.add("atleast_3d", r -> atLeast(r, 3));
  }

  private static Arg reshape(Rewrite r, List<Dim> wanted) {
    TensorMeta self = r.meta(0);
    List<Dim> shape = resolved(r, self, wanted);
    if (shape.equals(self.shape())) {
      return r.arg(0);
    }
    String name = ViewStrides.of(self, shape).isPresent() ? "view" : "reshape";
    return r.node(name, r.arg(0), Arg.ofDims(shape));
  }

  private static List<Dim> resolved(Rewrite r, TensorMeta self, List<Dim> wanted) {
    List<Dim> shape = new ArrayList<>(wanted);
    int open = shape.indexOf(Dim.of(-1));
    if (open >= 0) {
      Dim rest = Dim.ONE;
      for (int i = 0; i < shape.size(); i++) {
        rest = i == open ? rest : rest.times(shape.get(i));
      }
      if (rest.is(0)) {
        throw r.error("-1 in " + wanted + " stands for any size");
      }
      Dim left = self.numel().mod(rest);
      if (!left.is(0)) {
        throw r.unequal(misfit(self, wanted), left, Dim.ZERO);
      }
      shape.set(open, self.numel().floorDiv(rest));
    }
    Dim elements = Dim.product(shape);
    if (!elements.equals(self.numel())) {
      throw r.unequal(misfit(self, wanted), self.numel(), elements);
    }
    return shape;
  }

  private static String misfit(TensorMeta self, List<Dim> wanted) {
    return "shape " + self.shape() + " does not hold as many elements as " + wanted;
  }

  private static Arg flatten(Rewrite r) {
    List<Dim> shape = r.meta(0).shape();
    if (shape.isEmpty()) {
      return r.reshape(r.arg(0), List.of(Dim.ONE));
    }
    int first = r.axis(r.integer(1), shape.size());
    int last = r.axis(r.integer(2), shape.size());
    if (first > last) {
      throw r.error("dimension " + first + " comes after dimension " + last);
    }
    List<Dim> flat = new ArrayList<>(shape.subList(0, first));
    flat.add(Dim.product(shape.subList(first, last + 1)));
    flat.addAll(shape.subList(last + 1, shape.size()));
    return r.reshape(r.arg(0), flat);
  }

  private static Arg unflatten(Rewrite r) {
    List<Dim> shape = new ArrayList<>(r.meta(0).shape());
    int axis = r.axis(r.integer(1), shape.size());
    Dim size = shape.remove(axis);
    List<Dim> parts = new ArrayList<>(r.dims(2));
    int open = parts.indexOf(Dim.of(-1));
    if (open >= 0) {
      parts.set(open, Dim.ONE);
      parts.set(open, size.floorDiv(Dim.product(parts)));
    }
    shape.addAll(axis, parts);
    return r.reshape(r.arg(0), shape);
  }

  private static List<Integer> namedAxes(Rewrite r) {
    return r.integers(1).stream().map(d -> r.axis(d, r.meta(0).rank())).toList();
  }

  private static Arg squeeze(Rewrite r, List<Integer> axes) {
    List<Dim> shape = r.meta(0).shape();
    List<Integer> ones =
        axes.stream()
            .filter(a -> a < shape.size() && shape.get(a).is(1))
            .distinct()
            .sorted()
            .toList();
    return ones.isEmpty() ? r.arg(0) : r.node("squeeze.dims", r.arg(0), Rewrite.list(ones));
  }

  private static Arg expand(Rewrite r) {
    List<Dim> own = r.meta(0).shape();
    List<Dim> shape = new ArrayList<>(r.dims(1));
    int added = shape.size() - own.size();
    for (int i = Math.max(0, added); i < shape.size(); i++) {
      if (shape.get(i).is(-1)) {
        shape.set(i, own.get(i - added));
      }
    }
    return shape.equals(own) ? r.arg(0) : r.node("expand", r.arg(0), Arg.ofDims(shape));
  }

  private static Arg atLeast(Rewrite r, int rank) {
    List<Dim> shape = new ArrayList<>(r.meta(0).shape());
    if (shape.size() < rank && (shape.isEmpty() || rank == 2)) {
      shape.addFirst(Dim.ONE);
    } else if (shape.size() == 1 && rank == 3) {
      shape.addFirst(Dim.ONE);
    }
    while (shape.size() < rank) {
      shape.addLast(Dim.ONE);
    }
    return r.reshape(r.arg(0), shape);
  }
}
