package io.ait4j.lower.verify;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Chooses the sizes at which a dynamic model is compared with libtorch: every symbol at its
 * minimum, at its maximum, and at a prime between, a different one for each symbol, so that no two
 * sizes are taken for one another and nothing divides what it should not.
 */
final class SizeCases {
  /** All values of the graph together stay below this, so that both runs fit in memory. */
  private static final double MOST_BYTES = 8L << 30;

  /** A size that no memory holds, small enough to reckon with. */
  private static final long MOST_SIZE = 1L << 40;

  /** How far to look for sizes that keep the guards. */
  private static final int REACH = 512;

  private final FxGraph graph;
  private final List<Dim.Symbol> symbols;

  SizeCases(FxGraph graph, List<Dim.Symbol> symbols) {
    this.graph = graph;
    this.symbols = symbols;
  }

  List<SizeCase> all() {
    List<SizeCase> cases = new ArrayList<>();
    add(cases, near(least(), k -> k), "");
    add(cases, between(), "");
    Map<String, Long> most = largest();
    boolean isCapped = symbols.stream().anyMatch(s -> most.get(s.name()) < s.max());
    add(
        cases,
        near(most, k -> -k),
        isCapped ? "the largest that fits in memory here, below the maximum" : "");
    return cases;
  }

  private void add(List<SizeCase> cases, Optional<Map<String, Long>> sizes, String note) {
    if (sizes.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "no sizes were found that keep what the model needs of them (%s), so it is not compared with libtorch at its extremes; narrow its ranges"
              .formatted(graph.signature().guards()));
    }
    if (cases.stream().noneMatch(c -> c.sizes().equals(sizes.get()))) {
      cases.add(new SizeCase(sizes.get(), note));
    }
  }

  private Map<String, Long> least() {
    Map<String, Long> sizes = new HashMap<>();
    symbols.forEach(symbol -> sizes.put(symbol.name(), clamp(symbol, 1)));
    return sizes;
  }

  /** As far towards the maxima as memory allows, all symbols in step. */
  private Map<String, Long> largest() {
    Map<String, Long> fitting = least();
    double low = 0;
    double high = 1;
    for (int i = 0; i < 40; i++) {
      double share = i == 0 ? 1 : (low + high) / 2;
      Map<String, Long> sizes = new HashMap<>();
      for (Dim.Symbol symbol : symbols) {
        long least = clamp(symbol, 1);
        long room = Math.min(symbol.max() - least, MOST_SIZE);
        sizes.put(symbol.name(), least + (long) (share * room));
      }
      if (bytes(sizes) <= MOST_BYTES) {
        fitting = sizes;
        low = share;
        if (share == 1) {
          break;
        }
      } else {
        high = share;
      }
    }
    return fitting;
  }

  private double bytes(Map<String, Long> sizes) {
    double total = 0;
    for (FxValue value : graph.values().values()) {
      if (value.meta() instanceof TensorMeta meta) {
        double bytes = meta.dtype().bytes();
        for (Dim dim : meta.shape()) {
          try {
            bytes *= dim.evaluate(sizes);
          } catch (ArithmeticException e) {
            return Double.POSITIVE_INFINITY;
          }
        }
        total += bytes;
      }
    }
    return total;
  }

  private Optional<Map<String, Long>> between() {
    Map<String, Long> most = largest();
    Map<String, Long> sizes = new HashMap<>();
    for (Dim.Symbol symbol : symbols) {
      long least = clamp(symbol, 1);
      long limit = most.get(symbol.name());
      long prime = primeFrom(least + (limit - least) / 2);
      while (sizes.containsValue(prime)) {
        prime = primeFrom(prime + 1);
      }
      sizes.put(symbol.name(), prime > least && prime < limit ? prime : (least + limit) / 2);
    }
    if (holds(sizes)) {
      return Optional.of(sizes);
    }
    // Guards may want sizes to be equal, or to divide.
    Map<String, Long> equal = new HashMap<>();
    long one = sizes.values().iterator().next();
    for (int k = 0; k < 8; k++) { // a prime itself may be no multiple of what is wanted
      long start = one + k;
      symbols.forEach(symbol -> equal.put(symbol.name(), clamp(symbol, start)));
      Optional<Map<String, Long>> found = near(equal, step -> step);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static long primeFrom(long from) {
    long candidate = Math.max(2, from);
    while (!BigInteger.valueOf(candidate).isProbablePrime(30)) {
      candidate++;
    }
    return candidate;
  }

  /** The sizes nearest to these, in steps of one for all, that keep the guards. */
  private Optional<Map<String, Long>> near(Map<String, Long> sizes, LongUnaryOperator step) {
    for (int k = 0; k < REACH; k++) {
      Map<String, Long> moved = new HashMap<>();
      for (Dim.Symbol symbol : symbols) {
        moved.put(symbol.name(), clamp(symbol, sizes.get(symbol.name()) + step.applyAsLong(k)));
      }
      if (holds(moved)) {
        return Optional.of(moved);
      }
    }
    // Guards may relate sizes otherwise: move them one by one.
    for (Dim.Symbol symbol : symbols) {
      for (int k = 0; k < REACH; k++) {
        Map<String, Long> moved = new HashMap<>(sizes);
        for (long value : new long[] {sizes.get(symbol.name()) - k, sizes.get(symbol.name()) + k}) {
          moved.put(symbol.name(), clamp(symbol, value));
          if (holds(moved)) {
            return Optional.of(moved);
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean holds(Map<String, Long> sizes) {
    return graph.signature().guards().stream().allMatch(guard -> guard.holds(sizes));
  }

  private static long clamp(Dim.Symbol symbol, long value) {
    return Math.clamp(value, symbol.min(), symbol.max());
  }
}
