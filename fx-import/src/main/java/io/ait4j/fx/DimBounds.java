package io.ait4j.fx;

/**
 * Bounds of sums whose parts depend on each other, which interval arithmetic overestimates: {@code
 * n - n // 2} is never negative, nor is {@code n - min(n, 5)}. A quotient, remainder or extreme in
 * such a sum is replaced by an expression that bounds it, and the sum looked at again.
 */
final class DimBounds {
  /** How many parts are replaced, one after the other. */
  private static final int DEPTH = 4;

  private DimBounds() {}

  /** {@code known}, which interval arithmetic says of {@code sum}, or tighter. */
  static DimRange tighten(Dim sum, DimRange known) {
    try {
      return tighten(sum, known, DEPTH);
    } catch (ArithmeticException e) { // a coefficient overflows on the way: no news
      return known;
    }
  }

  private static DimRange tighten(Dim sum, DimRange known, int depth) {
    boolean decided = known.min() >= 0 || known.max() <= 0;
    if (depth == 0 || decided || sum.terms() < 2) {
      return known;
    }
    for (int t = 0; t < sum.terms(); t++) {
      DimProduct product = sum.product(t);
      if (product.size() == 1 && product.atom(0) instanceof Dim.Apply apply) {
        Dim rest = sum.minus(Dim.term(product, sum.coefficient(t)));
        DimRange better = replaced(rest, sum.coefficient(t), apply, depth - 1);
        if (better != null) {
          return known.and(better);
        }
      }
    }
    return known;
  }

  private static DimRange range(Dim sum, int depth) {
    return tighten(sum, sum.intervals(), depth);
  }

  /** Bounds of {@code rest + c * apply}; null if nothing bounds the application. */
  private static DimRange replaced(Dim rest, long c, Dim.Apply apply, int depth) {
    return switch (apply.op()) {
      case FLOOR_DIV -> apply.right().isConst() ? quotient(rest, c, apply, depth) : null;
      case MOD -> apply.left().min() >= 0 ? remainder(rest, c, apply, depth) : null;
      case MIN, MAX -> extreme(rest, c, apply, depth);
    };
  }

  /** {@code (x - (d - 1)) / d <= x // d <= x / d}. */
  private static DimRange quotient(Dim rest, long c, Dim.Apply apply, int depth) {
    long d = apply.right().value();
    Dim x = apply.left();
    Dim above = rest.times(d).plus(x.times(c));
    Dim below = rest.times(d).plus(x.minus(d - 1).times(c));
    DimRange low = range(c > 0 ? below : above, depth);
    DimRange high = range(c > 0 ? above : below, depth);
    return new DimRange(
        low.min() == -Dim.UNBOUNDED ? low.min() : Math.ceilDiv(low.min(), d),
        high.max() == Dim.UNBOUNDED ? high.max() : Math.floorDiv(high.max(), d));
  }

  /** {@code 0 <= x % m <= x} where x is not negative. */
  private static DimRange remainder(Dim rest, long c, Dim.Apply apply, int depth) {
    DimRange none = range(rest, depth);
    DimRange all = range(rest.plus(apply.left().times(c)), depth);
    return c > 0 ? new DimRange(none.min(), all.max()) : new DimRange(all.min(), none.max());
  }

  private static DimRange extreme(Dim rest, long c, Dim.Apply apply, int depth) {
    DimRange a = range(rest.plus(apply.left().times(c)), depth);
    DimRange b = range(rest.plus(apply.right().times(c)), depth);
    return apply.op() == Dim.Op.MIN == c > 0
        ? new DimRange(Math.min(a.min(), b.min()), Math.min(a.max(), b.max()))
        : new DimRange(Math.max(a.min(), b.min()), Math.max(a.max(), b.max()));
  }
}
