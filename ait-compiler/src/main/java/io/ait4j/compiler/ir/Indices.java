package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Arithmetic on index maps: addresses and inverses. */
public final class Indices {
  private Indices() {}

  /** Offset in elements of {@code index} under {@code strides}. */
  public static Dim address(List<Dim> index, List<Dim> strides) {
    Dim sum = Dim.ZERO;
    for (int d = 0; d < index.size(); d++) {
      sum = sum.plus(index.get(d).times(strides.get(d)));
    }
    return sum;
  }

  /** Row-major position of {@code index} in {@code shape}. */
  public static Dim linear(List<Dim> index, List<Dim> shape) {
    return address(index, Sizes.rowMajor(shape));
  }

  /**
   * Whether stores at {@code index} over {@code axes} hit elements in order, dimension by
   * dimension: {@code index[d]} is axis d, or 0 for a size of 1.
   */
  public static boolean isIdentity(List<Dim.Symbol> axes, List<Dim> index) {
    int next = 0;
    for (Dim i : index) {
      if (i.is(0)) {
        continue;
      }
      if (next >= axes.size() || !i.equals(Dim.of(axes.get(next)))) {
        return false;
      }
      next++;
    }
    return next == axes.size();
  }

  /**
   * If {@code index} over {@code axes} reaches every element of {@code shape} exactly once, the way
   * back: what each axis is, as a function of an element's index.
   */
  public static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> inverse(
      List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> radix =
        MixedRadix.inverse(axes, index, shape);
    return radix.isPresent() ? radix : orderPreserving(axes, index, shape);
  }

  /** A reshape: the row-major position is the same on both sides. */
  private static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> orderPreserving(
      List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    List<Dim> extents = axes.stream().map(Dim.Symbol::extent).toList();
    Dim here = linear(axes.stream().map(Dim::of).toList(), extents);
    if (Dim.product(extents).is(0) // no element to go back from
        || !Dim.product(extents).equals(Dim.product(shape))
        || !linear(index, shape).equals(here)) {
      return Optional.empty();
    }
    List<Dim> steps = Sizes.rowMajor(extents);
    return Optional.of(
        element -> {
          Dim position = linear(element, shape);
          Map<Dim.Symbol, Dim> values = new HashMap<>();
          for (int a = 0; a < axes.size(); a++) {
            Dim at = position.floorDiv(steps.get(a));
            values.put(axes.get(a), a == 0 ? at : at.mod(extents.get(a)));
          }
          return values;
        });
  }
}
