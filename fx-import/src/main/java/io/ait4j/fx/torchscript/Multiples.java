package io.ait4j.fx.torchscript;

import io.ait4j.fx.Dim;
import io.ait4j.fx.UnprovenEquality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Equalities of sizes that hold where a size is a multiple of something: where halving an image and
 * doubling it again has to give the same, for example.
 */
final class Multiples {
  private static final Pattern NAME = Pattern.compile("(.*)_over_(\\d+)");

  /** {@code symbol = factor * n + rest}. */
  private record Form(Dim.Symbol symbol, long factor, long rest) {}

  private Multiples() {}

  /**
   * Symbols as multiples of new ones that make an equality hold, {@code height} as {@code 4 *
   * height_over_4}; empty if there are none.
   */
  static Optional<Map<Dim.Symbol, Dim>> of(UnprovenEquality equality) {
    Dim difference = equality.left().minus(equality.right());
    List<Form> forms = new ArrayList<>();
    collect(difference, forms);
    forms.sort(Comparator.comparingLong(Form::factor));
    Map<Dim.Symbol, Dim> together = new LinkedHashMap<>();
    for (Form form : forms) {
      Optional<Dim> multiple = multiple(form);
      if (multiple.isPresent()) {
        if (holds(difference, Map.of(form.symbol(), multiple.get()))) {
          return Optional.of(Map.of(form.symbol(), multiple.get()));
        }
        together.put(form.symbol(), multiple.get());
      }
    }
    return together.size() > 1 && holds(difference, together)
        ? Optional.of(together)
        : Optional.empty();
  }

  private static boolean holds(Dim difference, Map<Dim.Symbol, Dim> replacements) {
    return difference.substitute(replacements::get).is(0);
  }

  /** The symbol in terms of a new one, if that has more than one value. */
  private static Optional<Dim> multiple(Form form) {
    Dim.Symbol symbol = form.symbol();
    long min = Math.ceilDiv(symbol.min() - form.rest(), form.factor());
    long max =
        symbol.max() == Dim.UNBOUNDED
            ? Dim.UNBOUNDED
            : Math.floorDiv(symbol.max() - form.rest(), form.factor());
    return min < max
        ? Optional.of(
            Dim.symbol(name(symbol.name(), form.factor()), min, max)
                .times(form.factor())
                .plus(form.rest()))
        : Optional.empty();
  }

  /** {@code height_over_2}, halved once more, is {@code height_over_4}. */
  private static String name(String symbol, long factor) {
    Matcher divided = NAME.matcher(symbol);
    return divided.matches()
        ? divided.group(1) + "_over_" + Long.parseLong(divided.group(2)) * factor
        : symbol + "_over_" + factor;
  }

  private static void collect(Dim dim, List<Form> forms) {
    dim.forEachTerm(
        (atoms, coefficient) -> {
          for (Dim.Atom atom : atoms) {
            if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)) {
              if ((op == Dim.Op.FLOOR_DIV || op == Dim.Op.MOD) && right.isConst()) {
                divisible(left, right.value()).ifPresent(forms::add);
              }
              collect(left, forms);
              collect(right, forms);
            }
          }
        });
  }

  /** How the only symbol of {@code dim} has to be for it to be a multiple of {@code divisor}. */
  private static Optional<Form> divisible(Dim dim, long divisor) {
    if (dim.symbols().size() != 1) {
      return Optional.empty();
    }
    Dim.Symbol symbol = dim.symbols().iterator().next();
    Dim slope = dim.coefficient(symbol).filter(Dim::isConst).orElse(Dim.ZERO);
    Dim rest = dim.minus(Dim.of(symbol).times(slope));
    if (slope.is(0) || !rest.isConst()) {
      return Optional.empty();
    }
    for (long factor = 2; factor <= divisor; factor++) {
      if (divisor % factor == 0 && slope.value() * factor % divisor == 0) {
        for (long r = 0; r < factor; r++) {
          if (Math.floorMod(slope.value() * r + rest.value(), divisor) == 0) {
            return Optional.of(new Form(symbol, factor, r));
          }
        }
      }
    }
    return Optional.empty();
  }
}
