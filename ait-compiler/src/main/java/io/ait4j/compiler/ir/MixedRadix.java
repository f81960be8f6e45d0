package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Index maps that deal digits out anew. Every loop variable is a number of one or more digits, in
 * mixed radix: {@code c} has one, {@code h // 7} and {@code h % 7} are two of {@code h}. Every
 * dimension of the index is a number made of such digits, {@code (h // 7) * 8 + w // 7} for
 * example. If each digit occurs once and none is missing, the map is a bijection. Views, the
 * windows of an image and shuffled pixels are all such maps.
 */
final class MixedRadix {
  /**
   * One digit of {@code axis}: {@code (axis // divisor) % size}, which counts {@code weight} in
   * dimension {@code dim}.
   */
  private record Digit(Dim.Symbol axis, Dim divisor, Dim size, int dim, Dim weight) {}

  private MixedRadix() {}

  /** As {@link Indices#inverse}; empty for maps that are no bijection of digits. */
  static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> inverse(
      List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    List<Digit> digits = new ArrayList<>();
    for (int d = 0; d < index.size(); d++) {
      if (!digits(axes, index.get(d), d, digits) || !fills(digits, d, shape.get(d))) {
        return Optional.empty();
      }
    }
    for (Dim.Symbol axis : axes) {
      if (!fills(digits, axis)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        element -> {
          Map<Dim.Symbol, Dim> values = new HashMap<>();
          axes.forEach(axis -> values.put(axis, Dim.ZERO));
          for (Digit digit : digits) {
            Dim at = element.get(digit.dim).floorDiv(digit.weight);
            boolean leading = digit.weight.times(digit.size).equals(shape.get(digit.dim));
            Dim value = leading ? at : at.mod(digit.size);
            values.merge(digit.axis, value.times(digit.divisor), Dim::plus);
          }
          return values;
        });
  }

  /** Adds the digits that {@code e} is the weighted sum of; false if it is anything else. */
  private static boolean digits(List<Dim.Symbol> axes, Dim e, int dim, List<Digit> digits) {
    Map<Dim.Atom, Dim> weights = new LinkedHashMap<>();
    boolean[] ok = {true};
    e.forEachTerm(
        (atoms, coefficient) -> {
          Dim weight = Dim.of(coefficient);
          Dim.Atom digit = null;
          for (Dim.Atom atom : atoms) {
            if (Sizes.isFixed(Dim.of(atom))) {
              weight = weight.times(Dim.of(atom));
            } else {
              ok[0] &= digit == null;
              digit = atom;
            }
          }
          if (digit != null) {
            weights.merge(digit, weight, Dim::plus);
          } else {
            ok[0] &= coefficient == 0;
          }
        });
    for (Map.Entry<Dim.Atom, Dim> term : weights.entrySet()) {
      Digit digit = digit(term.getKey(), dim, term.getValue());
      if (!ok[0] || digit == null || !axes.contains(digit.axis) || term.getValue().min() < 0) {
        return false;
      }
      if (!digit.axis.extent().is(1)) {
        digits.add(digit);
      }
    }
    return ok[0];
  }

  /**
   * {@code axis}, {@code axis // s}, {@code axis % m}, {@code (axis // s) % m} or {@code (axis % m)
   * // s}; null for anything else, and where the digit taken apart is no multiple of what it is
   * divided by: {@code axis % 6 % 4} is no digit of {@code axis}.
   */
  private static Digit digit(Dim.Atom atom, int dim, Dim weight) {
    if (atom instanceof Dim.Symbol axis) {
      return axis.extent() == null ? null : new Digit(axis, Dim.ONE, axis.extent(), dim, weight);
    }
    if (!(atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)) || !Sizes.isFixed(right)) {
      return null;
    }
    Digit inner = only(left).map(a -> digit(a, dim, weight)).orElse(null);
    if (inner == null || !inner.size.mod(right).is(0)) {
      return null;
    }
    return switch (op) {
      case MOD -> new Digit(inner.axis, inner.divisor, right, dim, weight);
      case FLOOR_DIV ->
          new Digit(
              inner.axis, inner.divisor.times(right), inner.size.floorDiv(right), dim, weight);
      case MIN, MAX -> null;
    };
  }

  /** The atom that {@code e} is, if it is nothing more. */
  private static Optional<Dim.Atom> only(Dim e) {
    List<Dim.Atom> found = new ArrayList<>();
    boolean[] plain = {true};
    e.forEachTerm(
        (atoms, c) -> {
          plain[0] &= c == 1 && atoms.size() == 1;
          found.addAll(atoms);
        });
    return plain[0] && found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** Whether the digits of dimension {@code dim} count from 0 to {@code size}, each number once. */
  private static boolean fills(List<Digit> digits, int dim, Dim size) {
    List<Digit> own = digits.stream().filter(x -> x.dim == dim).toList();
    return fills(own, Digit::weight, size);
  }

  /** Whether every digit of {@code axis} occurs once. */
  private static boolean fills(List<Digit> digits, Dim.Symbol axis) {
    List<Digit> own = digits.stream().filter(x -> x.axis.equals(axis)).toList();
    return fills(own, Digit::divisor, axis.extent());
  }

  private static boolean fills(List<Digit> digits, Function<Digit, Dim> place, Dim size) {
    List<Digit> ascending = new ArrayList<>(digits);
    ascending.sort(Comparator.comparingLong(x -> LikelySizes.of(place.apply(x))));
    Dim expected = Dim.ONE;
    for (Digit digit : ascending) {
      if (!place.apply(digit).equals(expected)) {
        return false;
      }
      expected = expected.times(digit.size);
    }
    return expected.equals(size);
  }
}
