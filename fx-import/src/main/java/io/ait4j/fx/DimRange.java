package io.ait4j.fx;

import static io.ait4j.fx.Dim.UNBOUNDED;

/** Bounds of an expression, inclusive, by interval arithmetic on the bounds of its symbols. */
record DimRange(long min, long max) {
  private static final DimRange ANY = new DimRange(-UNBOUNDED, UNBOUNDED);

  static DimRange of(long constant, DimProduct[] products, long[] coefficients) {
    long low = constant;
    long high = constant;
    for (int i = 0; i < products.length; i++) {
      DimRange range = of(products[i]);
      long c = coefficients[i];
      low = add(low, multiply(c, c > 0 ? range.min : range.max), -UNBOUNDED);
      high = add(high, multiply(c, c > 0 ? range.max : range.min), UNBOUNDED);
    }
    return new DimRange(low, high);
  }

  /** What both say. */
  DimRange and(DimRange other) {
    return new DimRange(Math.max(min, other.min), Math.min(max, other.max));
  }

  private static DimRange of(DimProduct product) {
    DimRange result = of(product.atom(0));
    for (int i = 1; i < product.size(); i++) {
      result = result.times(of(product.atom(i)));
    }
    return result;
  }

  private DimRange times(DimRange other) {
    if (min >= 0 && other.min >= 0) {
      return new DimRange(multiply(min, other.min), multiply(max, other.max));
    }
    if (isOpen() || other.isOpen()) {
      return ANY;
    }
    long a = multiply(min, other.min);
    long b = multiply(min, other.max);
    long c = multiply(max, other.min);
    long d = multiply(max, other.max);
    return new DimRange(
        Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
  }

  private boolean isOpen() {
    return min == -UNBOUNDED || max == UNBOUNDED;
  }

  private static DimRange of(Dim.Atom atom) {
    return switch (atom) {
      case Dim.Symbol s -> new DimRange(s.min(), s.max());
      case Dim.Apply(Dim.Op op, Dim left, Dim right) ->
          switch (op) {
            case MOD -> remainder(left.range(), right.range());
            case FLOOR_DIV -> quotient(left.range(), right.range());
            case MIN ->
                new DimRange(Math.min(left.min(), right.min()), Math.min(left.max(), right.max()));
            case MAX ->
                new DimRange(Math.max(left.min(), right.min()), Math.max(left.max(), right.max()));
          };
    };
  }

  private static DimRange remainder(DimRange left, DimRange right) {
    long high = right.max == UNBOUNDED ? UNBOUNDED : Math.max(0, right.max - 1);
    return new DimRange(0, left.min >= 0 ? Math.min(high, left.max) : high);
  }

  private static DimRange quotient(DimRange left, DimRange right) {
    long least = Math.max(1, right.min);
    return new DimRange(
        edge(left.min, left.min < 0 ? least : right.max),
        edge(left.max, left.max < 0 ? right.max : least));
  }

  private static long edge(long value, long divisor) {
    if (value == UNBOUNDED || value == -UNBOUNDED) {
      return value;
    }
    return divisor == UNBOUNDED ? (value < 0 ? -1 : 0) : Math.floorDiv(value, divisor);
  }

  private static long add(long a, long b, long open) {
    if (a == open || b == open) {
      return open;
    }
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0 || sum == Long.MIN_VALUE) {
      return open;
    }
    return sum;
  }

  /** Saturates; an infinite edge stays infinite. */
  private static long multiply(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if ((high == 0 && low >= 0 || high == -1 && low < 0)
        && low != Long.MIN_VALUE
        && Math.abs(a) != UNBOUNDED
        && Math.abs(b) != UNBOUNDED) {
      return low;
    }
    return (a < 0) == (b < 0) ? UNBOUNDED : -UNBOUNDED;
  }
}
