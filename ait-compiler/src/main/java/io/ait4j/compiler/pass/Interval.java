package io.ait4j.compiler.pass;

import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * All numbers from {@code low} to {@code high}, infinite ones included: where a value lies. What
 * operators make of intervals holds every result, and nothing else if the operands are single
 * numbers. Where a result may be NaN they throw {@link UnknownValue}.
 */
record Interval(double low, double high) {
  static final Interval NO = of(0);
  static final Interval YES = of(1);
  static final Interval EITHER = new Interval(0, 1);

  /** Integers up to here are exact. */
  private static final double EXACT = 1L << 53;

  Interval {
    if (!(low <= high)) { // NaN compares with nothing
      throw new UnknownValue();
    }
  }

  static Interval of(double value) {
    return new Interval(value, value);
  }

  /** Where a size or position lies; its symbols by name. */
  static Interval of(Dim dim, Map<String, Interval> at) {
    Interval[] sum = {NO};
    dim.forEachTerm((atoms, coefficient) -> sum[0] = sum[0].plus(term(atoms, coefficient, at)));
    if (Math.max(-sum[0].low, sum[0].high) > EXACT) {
      throw new UnknownValue();
    }
    return sum[0];
  }

  private static Interval term(List<Dim.Atom> atoms, long coefficient, Map<String, Interval> at) {
    Interval product = of(coefficient);
    for (Dim.Atom atom : atoms) {
      product = product.times(of(atom, at));
    }
    return product;
  }

  private static Interval of(Dim.Atom atom, Map<String, Interval> at) {
    return switch (atom) {
      case Dim.Symbol symbol -> {
        Interval value = at.get(symbol.name());
        if (value == null) {
          throw new UnknownValue();
        }
        yield value;
      }
      case Dim.Apply(Dim.Op op, Dim left, Dim right) -> {
        Interval x = of(left, at);
        Interval y = of(right, at);
        yield switch (op) {
          case FLOOR_DIV -> x.floorDiv(y.positive());
          case MOD -> x.mod(y.positive());
          case MIN -> x.min(y);
          case MAX -> x.max(y);
        };
      }
    };
  }

  private long positive() {
    if (!isSingle() || low < 1) {
      throw new UnknownValue();
    }
    return (long) low;
  }

  private Interval floorDiv(long by) {
    return new Interval(Math.floorDiv((long) low, by), Math.floorDiv((long) high, by));
  }

  private Interval mod(long by) {
    return floorDiv(by).isSingle()
        ? new Interval(Math.floorMod((long) low, by), Math.floorMod((long) high, by))
        : new Interval(0, by - 1.0);
  }

  boolean isSingle() {
    return low == high;
  }

  boolean is(double value) {
    return low == value && high == value;
  }

  private boolean isFinite() {
    return Double.isFinite(low) && Double.isFinite(high);
  }

  /** The smallest interval around both. */
  Interval or(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** What a function that never falls makes of this. */
  Interval map(DoubleUnaryOperator rising) {
    return new Interval(rising.applyAsDouble(low), rising.applyAsDouble(high));
  }

  Interval negated() {
    return new Interval(-high, -low);
  }

  Interval abs() {
    return low >= 0 ? this : high <= 0 ? negated() : new Interval(0, Math.max(-low, high));
  }

  Interval plus(Interval other) {
    boolean opposite =
        low == Double.NEGATIVE_INFINITY && other.high == Double.POSITIVE_INFINITY
            || high == Double.POSITIVE_INFINITY && other.low == Double.NEGATIVE_INFINITY;
    if (opposite) {
      throw new UnknownValue();
    }
    return new Interval(low + other.low, high + other.high);
  }

  Interval times(Interval other) {
    if (isSingle() && other.isSingle()) {
      return of(low * other.low);
    }
    if (!isFinite() || !other.isFinite()) {
      throw new UnknownValue(); // there may be a 0 for the infinite one
    }
    double a = low * other.low;
    double b = low * other.high;
    double c = high * other.low;
    double d = high * other.high;
    return new Interval(
        Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
  }

  Interval min(Interval other) {
    return new Interval(Math.min(low, other.low), Math.min(high, other.high));
  }

  Interval max(Interval other) {
    return new Interval(Math.max(low, other.low), Math.max(high, other.high));
  }

  /** Whether it is not 0, as truth values are. */
  Interval truth() {
    return is(0) ? NO : low > 0 || high < 0 ? YES : EITHER;
  }

  /** Of a truth value. */
  Interval not() {
    return new Interval(1 - high, 1 - low);
  }

  Interval isBelow(Interval other) {
    return high < other.low ? YES : low >= other.high ? NO : EITHER;
  }

  Interval isEqual(Interval other) {
    if (high < other.low || low > other.high) {
      return NO;
    }
    return isSingle() && other.isSingle() ? YES : EITHER;
  }
}
