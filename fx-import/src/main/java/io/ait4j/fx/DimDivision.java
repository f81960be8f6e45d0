package io.ait4j.fx;

import java.util.Arrays;
import java.util.TreeMap;

/** Simplification of floor division and modulo. */
final class DimDivision {
  private DimDivision() {}

  /** {@code dividend == quotient * divisor + rest}; nothing is said of the rest's size. */
  private record Split(Dim quotient, Dim rest) {}

  static Dim quotient(Dim x, Dim divisor) {
    if (divisor.is(1)) {
      return x;
    }
    if (x.isConst() && divisor.isConst()) {
      return Dim.of(Math.floorDiv(x.value(), divisor.value()));
    }
    if (isNegated(x)) { // -(y // d) rounds down where the other way round it rounds up
      return quotient(x.times(-1).plus(divisor).minus(1), divisor).times(-1);
    }
    Split split = split(x, divisor);
    Dim rest = split.rest;
    if (isBelow(rest, divisor)) {
      return split.quotient;
    }
    if (isNegated(rest)) {
      return split.quotient.plus(quotient(rest, divisor));
    }
    if (divisor.isConst()) {
      long d = divisor.value();
      long low = Math.floorDiv(rest.min(), d);
      if (rest.min() != -Dim.UNBOUNDED
          && rest.max() != Dim.UNBOUNDED
          && Math.floorDiv(rest.max(), d) == low) {
        return split.quotient.plus(low);
      }
      Split part = byCommonFactor(rest, d);
      if (part != null) {
        long g = commonFactor(part.quotient, d);
        return split.quotient.plus(quotient(exactly(part.quotient, g), Dim.of(d / g)));
      }
    }
    DimProduct common = commonProduct(rest, divisor);
    if (common.size() > 0) {
      Dim reduced = quotient(over(rest, common), over(divisor, common));
      return split.quotient.plus(reduced);
    }
    Dim nested = nestedQuotient(rest, divisor);
    return split.quotient.plus(
        nested != null ? nested : Dim.of(new Dim.Apply(Dim.Op.FLOOR_DIV, rest, divisor)));
  }

  static Dim remainder(Dim x, Dim divisor) {
    if (divisor.is(1)) {
      return Dim.ZERO;
    }
    if (x.isConst() && divisor.isConst()) {
      return Dim.of(Math.floorMod(x.value(), divisor.value()));
    }
    if (isNegated(x)) {
      return divisor.minus(1).minus(remainder(x.times(-1).minus(1), divisor));
    }
    Dim flat = withoutInnerRemainders(x, divisor);
    Dim rest = split(flat, divisor).rest;
    if (isBelow(rest, divisor)) {
      return rest;
    }
    if (isNegated(rest)) {
      return remainder(rest, divisor);
    }
    if (divisor.isConst()) {
      long d = divisor.value();
      long low = Math.floorDiv(rest.min(), d);
      if (rest.min() != -Dim.UNBOUNDED
          && rest.max() != Dim.UNBOUNDED
          && Math.floorDiv(rest.max(), d) == low) {
        return rest.minus(Math.multiplyExact(low, d));
      }
      Split part = byCommonFactor(rest, d);
      if (part != null) {
        long g = commonFactor(part.quotient, d);
        return remainder(exactly(part.quotient, g), Dim.of(d / g)).times(g).plus(part.rest);
      }
    }
    DimProduct common = commonProduct(rest, divisor);
    if (common.size() > 0) {
      return remainder(over(rest, common), over(divisor, common)).times(Dim.term(common, 1));
    }
    return Dim.of(new Dim.Apply(Dim.Op.MOD, rest, divisor));
  }

  /** Whether all that is not constant is subtracted. */
  private static boolean isNegated(Dim x) {
    boolean negated = !x.isConst();
    for (int t = 0; negated && t < x.terms(); t++) {
      negated = x.coefficient(t) < 0;
    }
    return negated;
  }

  /** The atoms, none negative, that every term of both has as factors. */
  private static DimProduct commonProduct(Dim x, Dim divisor) {
    if (x.isConst() || x.constantTerm() != 0 || divisor.isConst() || divisor.constantTerm() != 0) {
      return DimProduct.ONE;
    }
    DimProduct common = DimProduct.ONE;
    DimProduct candidates = divisor.product(0);
    for (int i = 0; i < candidates.size(); i++) {
      DimProduct longer = common.times(DimProduct.of(candidates.atom(i)));
      if (Dim.of(candidates.atom(i)).min() >= 0 && divides(longer, x) && divides(longer, divisor)) {
        common = longer;
      }
    }
    return common;
  }

  private static boolean divides(DimProduct factor, Dim x) {
    for (int t = 0; t < x.terms(); t++) {
      if (x.product(t).without(factor) == null) {
        return false;
      }
    }
    return true;
  }

  private static Dim over(Dim x, DimProduct factor) {
    Dim result = Dim.ZERO;
    for (int t = 0; t < x.terms(); t++) {
      result = result.plus(Dim.term(x.product(t).without(factor), x.coefficient(t)));
    }
    return result;
  }

  private static Split split(Dim x, Dim divisor) {
    if (divisor.isConst()) {
      return splitByNumber(x, divisor.value());
    }
    if (divisor.constantTerm() == 0 && divisor.terms() == 1) {
      return splitByProduct(x, divisor.product(0), divisor.coefficient(0));
    }
    return splitBySum(x, divisor);
  }

  /** Whole multiples out of every coefficient, rounding towards 0 so that signs stay. */
  private static Split splitByNumber(Dim x, long d) {
    long[] quotients = new long[x.terms()];
    long[] rests = new long[x.terms()];
    DimProduct[] products = new DimProduct[x.terms()];
    for (int t = 0; t < products.length; t++) {
      products[t] = x.product(t);
      quotients[t] = x.coefficient(t) / d;
      rests[t] = x.coefficient(t) % d;
    }
    return new Split(
        nonZero(Math.floorDiv(x.constantTerm(), d), products, quotients),
        nonZero(Math.floorMod(x.constantTerm(), d), products, rests));
  }

  private static Dim nonZero(long constant, DimProduct[] products, long[] coefficients) {
    int n = 0;
    DimProduct[] kept = new DimProduct[products.length];
    long[] values = new long[products.length];
    for (int t = 0; t < products.length; t++) {
      if (coefficients[t] != 0) {
        kept[n] = products[t];
        values[n++] = coefficients[t];
      }
    }
    return n == 0
        ? Dim.of(constant)
        : new Dim(constant, Arrays.copyOf(kept, n), Arrays.copyOf(values, n));
  }

  private static Split splitByProduct(Dim x, DimProduct unit, long scale) {
    Dim quotient = Dim.ZERO;
    TreeMap<DimProduct, Long> rest = new TreeMap<>();
    for (int t = 0; t < x.terms(); t++) {
      DimProduct left = x.product(t).without(unit);
      if (left == null || x.coefficient(t) % scale != 0) {
        rest.put(x.product(t), x.coefficient(t));
      } else {
        quotient = quotient.plus(Dim.term(left, x.coefficient(t) / scale));
      }
    }
    return new Split(quotient, Dim.of(x.constantTerm(), rest));
  }

  /** Long division by a sum, kept only if what remains is provably below the divisor. */
  private static Split splitBySum(Dim x, Dim divisor) {
    int lead = 0;
    for (int t = 1; t < divisor.terms(); t++) {
      lead = divisor.product(t).size() > divisor.product(lead).size() ? t : lead;
    }
    Dim quotient = Dim.ZERO;
    Dim rest = x;
    for (int steps = 0; steps <= x.terms(); steps++) {
      if (isBelow(rest, divisor)) {
        return new Split(quotient, rest);
      }
      Dim factor = null;
      for (int t = 0; t < rest.terms() && factor == null; t++) {
        DimProduct left = rest.product(t).without(divisor.product(lead));
        if (left != null && rest.coefficient(t) % divisor.coefficient(lead) == 0) {
          factor = Dim.term(left, rest.coefficient(t) / divisor.coefficient(lead));
        }
      }
      if (factor == null) {
        break;
      }
      quotient = quotient.plus(factor);
      rest = rest.minus(factor.times(divisor));
    }
    return new Split(Dim.ZERO, x);
  }

  /**
   * High and low digits of {@code rest} as (quotient, rest): all of the high part is divisible by a
   * number that divides {@code d} too, and the low part is below that number. Null if there is no
   * such split.
   */
  private static Split byCommonFactor(Dim rest, long d) {
    for (int t = 0; t < rest.terms(); t++) {
      long g = gcd(Math.abs(rest.coefficient(t)), d);
      if (g > 1 && g < d) {
        TreeMap<DimProduct, Long> high = new TreeMap<>();
        TreeMap<DimProduct, Long> low = new TreeMap<>();
        for (int k = 0; k < rest.terms(); k++) {
          (rest.coefficient(k) % g == 0 ? high : low).put(rest.product(k), rest.coefficient(k));
        }
        long lowConstant = Math.floorMod(rest.constantTerm(), g);
        Dim lowPart = Dim.of(lowConstant, low);
        if (lowPart.min() >= 0 && lowPart.max() < g) {
          return new Split(Dim.of(rest.constantTerm() - lowConstant, high), lowPart);
        }
      }
    }
    return null;
  }

  /** The largest number that divides {@code d}, the constant and every coefficient. */
  private static long commonFactor(Dim x, long d) {
    long g = gcd(Math.abs(x.constantTerm()), d);
    for (int t = 0; t < x.terms(); t++) {
      g = gcd(Math.abs(x.coefficient(t)), g);
    }
    return g;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static Dim exactly(Dim x, long g) {
    return splitByNumber(x, g).quotient;
  }

  /**
   * {@code (x // a) // b} is {@code x // (a * b)}; {@code (x % (a * b)) // b} is {@code (x // b) %
   * a}.
   */
  private static Dim nestedQuotient(Dim rest, Dim divisor) {
    if (rest.constantTerm() != 0
        || rest.terms() != 1
        || rest.coefficient(0) != 1
        || rest.product(0).size() != 1
        || !(rest.product(0).atom(0) instanceof Dim.Apply(Dim.Op op, Dim left, Dim right))) {
      return null;
    }
    if (op == Dim.Op.FLOOR_DIV) {
      return quotient(left, right.times(divisor));
    }
    if (op == Dim.Op.MOD) {
      Split whole = split(right, divisor);
      if (whole.rest.is(0)) {
        return remainder(quotient(left, divisor), whole.quotient);
      }
    }
    return null;
  }

  /**
   * Modulo {@code d}, {@code c * (x % m)} is {@code c * x} where {@code d} divides {@code c * m}.
   */
  private static Dim withoutInnerRemainders(Dim x, Dim divisor) {
    for (int t = 0; t < x.terms(); t++) {
      DimProduct product = x.product(t);
      for (int i = 0; i < product.size(); i++) {
        if (product.atom(i) instanceof Dim.Apply(Dim.Op op, Dim left, Dim m) && op == Dim.Op.MOD) {
          Dim others = Dim.term(product.withoutAtom(i), x.coefficient(t));
          if (split(others.times(m), divisor).rest.is(0)) {
            Dim plain = x.minus(Dim.term(product, x.coefficient(t))).plus(others.times(left));
            return withoutInnerRemainders(plain, divisor);
          }
        }
      }
    }
    return x;
  }

  /** Whether {@code 0 <= rest < limit} is certain. */
  private static boolean isBelow(Dim rest, Dim limit) {
    if (rest.min() < 0) {
      return false;
    }
    if (rest.max() != Dim.UNBOUNDED && rest.max() < limit.min()) {
      return true;
    }
    return !limit.isConst() && isBelowByRadix(rest, limit);
  }

  /** Mixed radix: {@code i * s + r < extent(i) * s} when {@code r < s}. */
  private static boolean isBelowByRadix(Dim rest, Dim limit) {
    if (rest.is(0)) {
      return true; // a divisor is positive, whatever its symbols' bounds allow
    }
    for (int t = 0; t < rest.terms(); t++) {
      DimProduct product = rest.product(t);
      for (int i = 0; i < product.size(); i++) {
        if (product.atom(i) instanceof Dim.Symbol symbol && symbol.extent() != null) {
          Dim stride = Dim.term(product.withoutAtom(i), rest.coefficient(t));
          if (symbol.extent().times(stride).equals(limit)) {
            Dim tail = rest.minus(Dim.term(product, rest.coefficient(t)));
            if (tail.is(0) || tail.min() >= 0 && isBelow(tail, stride)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }
}
