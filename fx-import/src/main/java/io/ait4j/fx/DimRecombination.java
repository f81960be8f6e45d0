package io.ait4j.fx;

import java.util.Optional;

/**
 * Puts digits back together: {@code x % m + m * (x // m)} is {@code x}, and {@code x % m + m * ((x
 * // m) % k)} is {@code x % (m * k)}. Indices that are split for one view and merged for the next
 * come out as they went in.
 */
final class DimRecombination {
  private DimRecombination() {}

  static Dim simplify(Dim sum) {
    Dim current = sum;
    while (true) {
      Optional<Dim> merged = mergeOnce(current);
      if (merged.isEmpty()) {
        return current;
      }
      current = merged.get();
    }
  }

  private static Optional<Dim> mergeOnce(Dim sum) {
    if (sum.terms() < 2) {
      return Optional.empty();
    }
    for (int t = 0; t < sum.terms(); t++) {
      DimProduct product = sum.product(t);
      for (int i = 0; i < product.size(); i++) {
        if (product.atom(i) instanceof Dim.Apply(Dim.Op op, Dim x, Dim m) && op == Dim.Op.MOD) {
          Optional<Dim> merged = merge(sum, t, product.withoutAtom(i), x, m);
          if (merged.isPresent()) {
            return merged;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Term {@code low} is {@code c * others * (x % m)}: looks for the digit above. */
  private static Optional<Dim> merge(Dim sum, int low, DimProduct others, Dim x, Dim m) {
    Dim.Apply quotient = singleApply(x.floorDiv(m));
    if (quotient == null) {
      return Optional.empty();
    }
    Dim step = Dim.term(others, sum.coefficient(low)).times(m);
    for (int t = 0; t < sum.terms(); t++) {
      if (t == low || sum.product(t).size() < 1) {
        continue;
      }
      DimProduct product = sum.product(t);
      for (int i = 0; i < product.size(); i++) {
        if (product.atom(i) instanceof Dim.Apply digit) {
          Dim replaced = replacement(digit, quotient, x, m);
          if (replaced != null
              && Dim.term(product.withoutAtom(i), sum.coefficient(t)).equals(step)) {
            Dim both =
                sum.minus(Dim.term(sum.product(low), sum.coefficient(low)))
                    .minus(Dim.term(product, sum.coefficient(t)));
            return Optional.of(both.plus(Dim.term(others, sum.coefficient(low)).times(replaced)));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What {@code x % m + m * digit} is, or null if the digit is not the one above. */
  private static Dim replacement(Dim.Apply digit, Dim.Apply quotient, Dim x, Dim m) {
    if (digit.equals(quotient)) {
      return x;
    }
    boolean next = digit.op() == Dim.Op.MOD && quotient.equals(singleApply(digit.left()));
    return next ? x.mod(m.times(digit.right())) : null;
  }

  private static Dim.Apply singleApply(Dim dim) {
    return dim.terms() == 1
            && dim.constantTerm() == 0
            && dim.coefficient(0) == 1
            && dim.product(0).size() == 1
            && dim.product(0).atom(0) instanceof Dim.Apply apply
        ? apply
        : null;
  }
}
