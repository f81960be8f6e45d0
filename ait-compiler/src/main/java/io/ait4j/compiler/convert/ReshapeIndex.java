package io.ait4j.compiler.convert;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an element of a reshaped tensor lies in the original: dimensions are matched in groups of
 * equal size, so that the result stays short.
 */
public final class ReshapeIndex {
  private ReshapeIndex() {}

  /**
   * Index into {@code from} of the element that {@code to}, a reshape of it, holds at {@code
   * index}.
   */
  public static List<Dim> map(List<Dim> from, List<Dim> to, List<Dim> index) {
    if (Dim.product(from).is(0)) { // no element to place
      return java.util.Collections.nCopies(from.size(), Dim.ZERO);
    }
    List<Dim> result = new ArrayList<>();
    int i = 0;
    int o = 0;
    while (i < from.size() || o < to.size()) {
      int i0 = i;
      int o0 = o;
      Dim in = i < from.size() ? from.get(i++) : Dim.ONE;
      Dim out = o < to.size() ? to.get(o++) : Dim.ONE;
      while (!in.equals(out)) {
        if (i < from.size() && (o == to.size() || !larger(in, out))) {
          in = in.times(from.get(i++));
        } else if (o < to.size()) {
          out = out.times(to.get(o++));
        } else {
          throw new UnsupportedNodeException("a reshape of " + from + " to " + to);
        }
      }
      group(from.subList(i0, i), to.subList(o0, o), index.subList(o0, o), result);
    }
    return result;
  }

  private static boolean larger(Dim a, Dim b) {
    Dim difference = a.minus(b);
    return difference.min() != -Dim.UNBOUNDED && difference.min() >= 0;
  }

  private static void group(List<Dim> from, List<Dim> to, List<Dim> index, List<Dim> result) {
    Dim linear = Dim.ZERO;
    for (int d = 0; d < to.size(); d++) {
      linear = linear.times(to.get(d)).plus(to.get(d).is(1) ? Dim.ZERO : index.get(d));
    }
    Dim step = Dim.product(from);
    for (Dim size : from) {
      Dim inner = size.is(0) ? Dim.ONE : divide(step, size);
      Dim at = linear.floorDiv(inner);
      result.add(
          size.is(1)
              ? Dim.ZERO
              : from.getFirst() == size && result.isEmpty() && from.size() == 1
                  ? linear
                  : at.mod(size));
      step = inner;
    }
  }

  private static Dim divide(Dim product, Dim factor) {
    Dim quotient = product.floorDiv(factor);
    if (!quotient.times(factor).equals(product)) {
      throw new UnsupportedNodeException(
          "a reshape whose sizes " + product + " and " + factor + " do not divide");
    }
    return quotient;
  }
}
