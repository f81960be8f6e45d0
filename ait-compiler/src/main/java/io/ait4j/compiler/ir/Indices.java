package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
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
    return recombine(sum);
  }

  /** Row-major position of {@code index} in {@code shape}. */
  public static Dim linear(List<Dim> index, List<Dim> shape) {
    return address(index, TensorMeta.contiguousStrides(shape));
  }

  /** Puts {@code c * d * (x // d) + c * (x % d)} back together as {@code c * x}. */
  public static Dim recombine(Dim dim) {
    Dim current = dim;
    boolean changed = true;
    while (changed) {
      changed = false;
      Map<List<Dim.Atom>, Long> terms = new HashMap<>();
      current.forEachTerm((atoms, c) -> terms.put(atoms, c));
      for (Map.Entry<List<Dim.Atom>, Long> term : terms.entrySet()) {
        Dim merged = merge(current, terms, term.getKey(), term.getValue());
        if (merged != null) {
          current = merged;
          changed = true;
          break;
        }
      }
    }
    return current;
  }

  private static Dim merge(Dim whole, Map<List<Dim.Atom>, Long> terms, List<Dim.Atom> atoms, long c) {
    for (Dim.Atom atom : atoms) {
      if (!(atom instanceof Dim.Apply(Dim.Op op, Dim x, Dim d)) || op != Dim.Op.MOD || !d.isConst()) {
        continue;
      }
      Dim quotient = x.floorDiv(d);
      Dim rest = Dim.ONE;
      boolean skipped = false;
      for (Dim.Atom other : atoms) {
        if (other == atom && !skipped) {
          skipped = true;
        } else {
          rest = rest.times(Dim.of(other));
        }
      }
      Dim partner = quotient.times(rest).times(c * d.value());
      Map<List<Dim.Atom>, Long> wanted = new HashMap<>();
      partner.forEachTerm(wanted::put);
      if (!partner.isConst() && wanted.entrySet().stream().allMatch(w -> w.getValue().equals(terms.get(w.getKey())))) {
        return whole.minus(partner).minus(Dim.of(atom).times(rest).times(c)).plus(x.times(rest).times(c));
      }
    }
    return null;
  }

  /** Whether stores at {@code index} over {@code axes} hit elements in order, dimension by dimension: {@code index[d]} is axis d, or 0 for a size of 1. */
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
   * If {@code index} over {@code axes} reaches every element of {@code shape} exactly once, the way back: what each axis is, as a function of an
   * element's index.
   */
  public static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> inverse(List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> radix = mixedRadix(axes, index, shape);
    return radix.isPresent() ? radix : orderPreserving(axes, index, shape);
  }

  /** Every {@code index[d]} is a mixed-radix number of axes of its own, {@code g * 4 + c} for example. */
  private static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> mixedRadix(List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    record Digit(int dim, Dim.Symbol axis, Dim weight) {}
    List<Digit> digits = new ArrayList<>();
    List<Dim.Symbol> open = new ArrayList<>(axes);
    for (int d = 0; d < index.size(); d++) {
      Dim e = index.get(d);
      Dim rest = e;
      List<Digit> own = new ArrayList<>();
      for (Dim.Symbol axis : List.copyOf(open)) {
        Optional<Dim> weight = e.coefficient(axis);
        if (weight.isEmpty()) {
          return Optional.empty();
        }
        if (!weight.get().is(0)) {
          own.add(new Digit(d, axis, weight.get()));
          open.remove(axis);
          rest = rest.minus(weight.get().times(Dim.of(axis)));
        }
      }
      if (!rest.is(0) || own.stream().anyMatch(x -> !x.weight.isConst() || x.weight.value() < 1)) {
        return Optional.empty();
      }
      own.sort(Comparator.comparingLong(x -> x.weight.value()));
      Dim expected = Dim.ONE;
      for (Digit digit : own) {
        if (!digit.weight.equals(expected)) {
          return Optional.empty();
        }
        expected = expected.times(digit.axis.extent());
      }
      if (!expected.equals(shape.get(d))) {
        return Optional.empty();
      }
      digits.addAll(own);
    }
    if (!open.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(element -> {
      Map<Dim.Symbol, Dim> values = new HashMap<>();
      for (Digit digit : digits) {
        Dim at = element.get(digit.dim).floorDiv(digit.weight);
        boolean top = digit.weight.times(digit.axis.extent()).equals(shape.get(digit.dim));
        values.put(digit.axis, top ? at : at.mod(digit.axis.extent()));
      }
      return values;
    });
  }

  /** A reshape: the row-major position is the same on both sides. */
  private static Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> orderPreserving(List<Dim.Symbol> axes, List<Dim> index, List<Dim> shape) {
    List<Dim> extents = axes.stream().map(Dim.Symbol::extent).toList();
    Dim here = linear(axes.stream().map(Dim::of).toList(), extents);
    if (!Dim.product(extents).equals(Dim.product(shape)) || !linear(index, shape).equals(here)) {
      return Optional.empty();
    }
    List<Dim> steps = TensorMeta.contiguousStrides(extents);
    return Optional.of(element -> {
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
