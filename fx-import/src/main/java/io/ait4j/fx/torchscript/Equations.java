package io.ait4j.fx.torchscript;

import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.UnprovenEquality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an equality of sizes that an operator asks for says of the symbols in it. */
final class Equations {
  private Equations() {}

  /**
   * Two symbols made one, with the bounds of both, if that is what {@code equality} comes to: both
   * get the name of the one declared first.
   *
   * @param declared all symbols of the inputs
   * @throws ModelException if they have no size in common
   */
  static Optional<Map<Dim.Symbol, Dim>> merge(
      UnprovenEquality equality, Collection<Dim.Symbol> declared) {
    List<Dim.Symbol> symbols = opposed(equality.left().minus(equality.right()));
    if (symbols.isEmpty()) {
      return Optional.empty();
    }
    Dim.Symbol a = declared.stream().filter(symbols::contains).findFirst().orElseThrow();
    Dim.Symbol b = symbols.get(symbols.getFirst().equals(a) ? 1 : 0);
    long min = Math.max(a.min(), b.min());
    long max = Math.min(a.max(), b.max());
    if (min > max) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "%s. That takes %s == %s, and the ranges %s and %s have no size in common"
              .formatted(equality.problem(), a.name(), b.name(), range(a), range(b)),
          equality);
    }
    Dim one = Dim.symbol(a.name(), min, max);
    Map<Dim.Symbol, Dim> merged = new LinkedHashMap<>();
    merged.put(a, one);
    merged.put(b, one);
    return Optional.of(merged);
  }

  /** The refusal of an equality that would fix a size, or relate sizes in other ways. */
  static ModelException refusal(UnprovenEquality equality) {
    Dim difference = equality.left().minus(equality.right());
    List<Dim.Symbol> symbols = List.copyOf(difference.symbols());
    String fixed =
        symbols.size() == 1
            ? solution(difference, symbols.getFirst())
                .map(n -> ", so " + symbols.getFirst().name() + " == " + n)
                .orElse("")
            : "";
    return new ModelException(
        ModelException.Kind.IMPORT,
        "%s. That takes %s == %s%s. A dimension declared dynamic (%s) is never silently specialised: if the model was traced, the trace has fixed the size; export it with dynamic shapes (.pt2), script it, or declare the size it has"
            .formatted(
                equality.problem(),
                equality.left(),
                equality.right(),
                fixed,
                String.join(", ", symbols.stream().map(Equations::range).toList())),
        equality);
  }

  static String range(Dim.Symbol symbol) {
    return symbol.name()
        + " from "
        + symbol.min()
        + (symbol.max() == Dim.UNBOUNDED ? " up" : " to " + symbol.max());
  }

  /** The value of the symbol at which an affine expression is 0, if it can take it. */
  private static Optional<Long> solution(Dim difference, Dim.Symbol symbol) {
    return difference
        .coefficient(symbol)
        .filter(c -> c.isConst() && !c.is(0))
        .filter(c -> difference.minus(Dim.of(symbol).times(c)).isConst())
        .filter(c -> difference.constantTerm() % c.value() == 0)
        .map(c -> -difference.constantTerm() / c.value())
        .filter(n -> symbol.min() <= n && n <= symbol.max());
  }

  /** The two symbols of {@code c * rest * (a - b)}, or none. */
  private static List<Dim.Symbol> opposed(Dim difference) {
    List<List<Dim.Atom>> products = new ArrayList<>();
    List<Long> coefficients = new ArrayList<>();
    difference.forEachTerm(
        (atoms, coefficient) -> {
          products.add(new ArrayList<>(atoms));
          coefficients.add(coefficient);
        });
    if (products.size() != 2 || coefficients.get(0) != -coefficients.get(1)) {
      return List.of();
    }
    List<Dim.Atom> one = products.get(0);
    List<Dim.Atom> other = products.get(1);
    for (Dim.Atom atom : List.copyOf(one)) {
      if (other.remove(atom)) {
        one.remove(atom);
      }
    }
    return one.size() == 1
            && other.size() == 1
            && one.getFirst() instanceof Dim.Symbol a
            && other.getFirst() instanceof Dim.Symbol b
        ? List.of(a, b)
        : List.of();
  }
}
