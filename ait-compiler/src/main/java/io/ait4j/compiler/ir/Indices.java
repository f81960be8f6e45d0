package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.Comparator;
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
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> radix = mixedRadix(axes, index, shape);
    return radix.isPresent() ? radix : orderPreserving(axes, index, shape);
  }

  /**
   * {@code axis} is {@code weight} times what dimension {@code dim} of an element's index says,
   * taken after dividing by {@code divisor}, modulo {@code size}.
   */
  private record Digit(int dim, Dim.Symbol axis, Dim divisor, Dim weight, Dim size) {}

  /**
   * Every {@code index[d]} is either a mixed-radix number of axes of its own, {@code g * 4 + c} for
   * example, or one digit of an axis that is spread over several dimensions, {@code (k // 32)} and
   * {@code (k % 32)} for example.
   */
  private static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> mixedRadix(
      List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    List<Digit> digits = new ArrayList<>();
    Map<Dim.Symbol, List<Digit>> spread = new HashMap<>();
    List<Dim.Symbol> open = new ArrayList<>(axes);
    for (int d = 0; d < index.size(); d++) {
      Digit single = digitOf(axes, index.get(d), d);
      if (single != null) {
        if (!single.size.equals(shape.get(d))) {
          return Optional.empty();
        }
        spread.computeIfAbsent(single.axis, k -> new ArrayList<>()).add(single);
      } else if (!joined(axes, index.get(d), shape.get(d), d, open, digits)) {
        return Optional.empty();
      }
    }
    for (Map.Entry<Dim.Symbol, List<Digit>> entry : spread.entrySet()) {
      List<Digit> own = entry.getValue();
      own.sort(Comparator.comparingLong(x -> LikelySizes.of(x.weight)));
      Dim expected = Dim.ONE;
      for (Digit digit : own) {
        if (!digit.weight.equals(expected)) {
          return Optional.empty();
        }
        expected = expected.times(digit.size);
      }
      if (!expected.equals(entry.getKey().extent()) || !open.remove(entry.getKey())) {
        return Optional.empty();
      }
      digits.addAll(own);
    }
    if (!open.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        element -> {
          Map<Dim.Symbol, Dim> values = new HashMap<>();
          for (Digit digit : digits) {
            Dim at = element.get(digit.dim).floorDiv(digit.divisor);
            Dim part =
                digit.divisor.times(digit.size).equals(shape.get(digit.dim))
                    ? at
                    : at.mod(digit.size);
            values.merge(digit.axis, part.times(digit.weight), Dim::plus);
          }
          return values;
        });
  }

  /**
   * Adds what {@code e} says of its axes if it is a mixed-radix number of axes that no other
   * dimension mentions.
   */
  private static boolean joined(
      List<Dim.Symbol> axes, Dim e, Dim size, int d, List<Dim.Symbol> open, List<Digit> digits) {
    Dim rest = e;
    List<Digit> own = new ArrayList<>();
    for (Dim.Symbol axis : List.copyOf(open)) {
      Optional<Dim> weight = e.coefficient(axis);
      if (weight.isEmpty()) {
        return false;
      }
      if (!weight.get().is(0)) {
        own.add(new Digit(d, axis, weight.get(), Dim.ONE, axis.extent()));
        open.remove(axis);
        rest = rest.minus(weight.get().times(Dim.of(axis)));
      }
    }
    if (!rest.is(0)
        || own.stream().anyMatch(x -> !Sizes.isFixed(x.divisor) || x.divisor.min() < 0)) {
      return false;
    }
    own.sort(Comparator.comparingLong(x -> LikelySizes.of(x.divisor)));
    Dim expected = Dim.ONE;
    for (Digit digit : own) {
      if (!digit.divisor.equals(expected)) {
        return false;
      }
      expected = expected.times(digit.size);
    }
    digits.addAll(own);
    return expected.equals(size);
  }

  /**
   * {@code (axis // s)}, {@code (axis % m)} or {@code ((axis // s) % m)}; null for anything else.
   */
  private static Digit digitOf(List<Dim.Symbol> axes, Dim e, int d) {
    Dim.Atom atom = onlyAtom(e);
    Dim size = null;
    if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)
        && op == Dim.Op.MOD
        && Sizes.isFixed(right)) {
      size = right;
      atom = onlyAtom(left);
    }
    Dim divisor = Dim.ONE;
    if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)
        && op == Dim.Op.FLOOR_DIV
        && Sizes.isFixed(right)) {
      divisor = right;
      atom = onlyAtom(left);
    }
    if (!(atom instanceof Dim.Symbol axis)
        || !axes.contains(axis)
        || size == null && divisor.is(1)) {
      return null;
    }
    Dim range = size != null ? size : axis.extent().floorDiv(divisor);
    return new Digit(d, axis, Dim.ONE, divisor, range);
  }

  /** The atom that {@code e} is, null if it is anything more. */
  private static Dim.Atom onlyAtom(Dim e) {
    List<Dim.Atom> found = new ArrayList<>();
    boolean[] plain = {true};
    e.forEachTerm(
        (atoms, c) -> {
          plain[0] &= c == 1 && atoms.size() == 1;
          found.addAll(atoms);
        });
    return plain[0] && found.size() == 1 ? found.getFirst() : null;
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
