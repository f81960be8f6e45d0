package io.ait4j.lower.bench;

import java.util.Arrays;

/** Times of single inferences, in nanoseconds, ascending. */
record Latencies(long[] sorted) {
  Latencies {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no times");
    }
    sorted = sorted.clone();
    Arrays.sort(sorted);
  }

  /** The smallest time that at least this share of all times do not exceed, in milliseconds. */
  double quantile(double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)] / 1e6;
  }

  double median() {
    return quantile(0.5);
  }
}
