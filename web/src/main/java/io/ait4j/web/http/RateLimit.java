package io.ait4j.web.http;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** So many requests per second of each caller, twice as many at once after a pause. Thread-safe. */
final class RateLimit {
  private static final int MANY_CALLERS = 10_000;

  private final int perSecond;
  private final double most;
  private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

  RateLimit(int perSecond) {
    this.perSecond = perSecond;
    this.most = 2.0 * perSecond;
  }

  private record Bucket(double tokens, long nanos) {
    Bucket at(long now, int perSecond, double most) {
      double more = (now - nanos) / (double) TimeUnit.SECONDS.toNanos(1) * perSecond;
      return new Bucket(Math.min(most, tokens + more), now);
    }
  }

  /**
   * Counts a request.
   *
   * @throws Problem if it is one too many
   */
  void count(String caller) {
    long now = System.nanoTime();
    if (buckets.size() > MANY_CALLERS) { // full buckets are as good as none
      buckets.values().removeIf(b -> b.at(now, perSecond, most).tokens() >= most);
    }
    Bucket left =
        buckets.compute(
            caller,
            (c, bucket) -> {
              Bucket b = bucket == null ? new Bucket(most, now) : bucket.at(now, perSecond, most);
              return new Bucket(Math.max(-1, b.tokens() - 1), now);
            });
    if (left.tokens() < 0) {
      throw new Problem(
          Problems.TOO_MANY_REQUESTS,
          "more than %d requests per second".formatted(perSecond),
          List.of(),
          1);
    }
  }
}
