package io.ait4j.fx;

import java.util.HashMap;
import java.util.Map;

/**
 * Sizes as they may well be, for what changes speed and reports but never results: costs, orders,
 * shares. A symbol counts at its largest value where that is moderate.
 */
public final class LikelySizes {
  private static final long MODERATE = 1024;

  /** For a symbol that may become larger than is moderate. */
  private static final long USUAL = 256;

  private LikelySizes() {}

  /** A likely value of {@code dim}, which is its value if that is known. */
  public static long of(Dim dim) {
    if (dim.isConst()) {
      return dim.value();
    }
    Map<String, Long> values = new HashMap<>();
    for (Dim.Symbol symbol : dim.symbols()) {
      values.put(symbol.name(), of(symbol));
    }
    try {
      return dim.evaluate(values);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // too large to count
    }
  }

  /** A likely value of {@code symbol}. */
  public static long of(Dim.Symbol symbol) {
    return symbol.max() <= MODERATE ? symbol.max() : Math.max(symbol.min(), USUAL);
  }
}
