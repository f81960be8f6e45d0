package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Other shapes for the same elements. */
final class ShapeOperators {
  private ShapeOperators() {}

  static void addTo(OperatorTable table) {
    table.addValues("Identity", c -> List.of(c.value(0)));
    table.add("Reshape", c -> c.reshape(c.tensor(0), reshaped(c, c.shape(0), c.dims(1))));
    table.add("Flatten", ShapeOperators::flattened);
    table.add("Transpose", ShapeOperators::transposed);
    table.add("Squeeze", ShapeOperators::squeezed);
    table.add("Unsqueeze", ShapeOperators::unsqueezed);
    table.add(
        "Expand",
        c -> c.call("expand", c.tensor(0), Arg.ofDims(broadcast(c, c.shape(0), c.dims(1)))));
    table.add("Tile", c -> c.call("repeat", c.tensor(0), Arg.ofDims(c.dims(1))));
  }

  /** The shape that 0 (a size that stays, unless {@code allowzero}) and -1 (the rest) stand for. */
  static List<Dim> reshaped(OnnxCall c, List<Dim> shape, List<Dim> wanted) {
    boolean zeroStays = !c.attributes().flag("allowzero", false);
    List<Dim> result = new ArrayList<>();
    int rest = -1;
    Dim product = Dim.ONE;
    for (int i = 0; i < wanted.size(); i++) {
      Dim size = wanted.get(i);
      if (size.is(0) && zeroStays) {
        if (i >= shape.size()) {
          throw c.error("size 0 at %d keeps a dimension that %s lacks".formatted(i, shape));
        }
        size = shape.get(i);
      }
      if (size.is(-1)) {
        if (rest >= 0) {
          throw c.error("shape " + wanted + " has two sizes left open");
        }
        rest = i;
      } else {
        product = product.times(size);
      }
      result.add(size);
    }
    if (rest >= 0) {
      result.set(rest, rest(c, Dim.product(shape), product));
    }
    return result;
  }

  private static Dim rest(OnnxCall c, Dim total, Dim others) {
    if (others.min() < 1) {
      throw c.error("%s elements do not say a size beside %s".formatted(total, others));
    }
    Dim rest = total.floorDiv(others);
    if (total.isConst() && others.isConst() && !total.mod(others).is(0)) {
      throw c.error("%s elements do not divide by %s".formatted(total, others));
    }
    return rest;
  }

  private static Arg flattened(OnnxCall c) {
    int rank = c.rank(0);
    long axis = c.attributes().integer("axis", 1);
    int at = axis == rank ? rank : c.axis(axis, rank);
    Dim first = Dim.product(c.shape(0).subList(0, at));
    Dim second = Dim.product(c.shape(0).subList(at, rank));
    return c.reshape(c.tensor(0), List.of(first, second));
  }

  private static Arg transposed(OnnxCall c) {
    List<Long> reversed = new ArrayList<>();
    for (long axis = c.rank(0) - 1; axis >= 0; axis--) {
      reversed.add(axis);
    }
    return c.call(
        "permute", c.tensor(0), OnnxCall.list(c.attributes().integers("perm").orElse(reversed)));
  }

  /** Axes, counted from 0, that input 1 names in a tensor of this rank. */
  static List<Integer> axes(OnnxCall c, int rank) {
    List<Integer> axes = new ArrayList<>();
    for (long axis : c.integers(1)) {
      int at = c.axis(axis, rank);
      if (axes.contains(at)) {
        throw c.error("axis " + axis + " is named twice");
      }
      axes.add(at);
    }
    return axes;
  }

  private static Arg squeezed(OnnxCall c) {
    List<Integer> axes = new ArrayList<>();
    if (c.has(1)) {
      axes = axes(c, c.rank(0));
    } else {
      for (int i = 0; i < c.rank(0); i++) {
        if (c.shape(0).get(i).is(1)) {
          axes.add(i);
        }
      }
    }
    for (int axis : axes) {
      if (!c.shape(0).get(axis).is(1)) {
        throw c.error("axis %d has size %s, not 1".formatted(axis, c.shape(0).get(axis)));
      }
    }
    return c.call("squeeze.dims", c.tensor(0), OnnxCall.list(axes));
  }

  private static Arg unsqueezed(OnnxCall c) {
    Arg result = c.tensor(0);
    for (int axis : axes(c, c.rank(0) + c.integers(1).size()).stream().sorted().toList()) {
      result = c.call("unsqueeze", result, Arg.of(axis));
    }
    return result;
  }

  /** The shape that both broadcast to. */
  static List<Dim> broadcast(OnnxCall c, List<Dim> a, List<Dim> b) {
    List<Dim> result = new ArrayList<>();
    int rank = Math.max(a.size(), b.size());
    for (int i = 0; i < rank; i++) {
      Dim x = i < rank - a.size() ? Dim.ONE : a.get(i - rank + a.size());
      Dim y = i < rank - b.size() ? Dim.ONE : b.get(i - rank + b.size());
      if (!x.equals(y) && !x.is(1) && !y.is(1)) {
        throw c.error("shapes %s and %s do not broadcast".formatted(a, b));
      }
      result.add(x.is(1) ? y : x);
    }
    return result;
  }
}
