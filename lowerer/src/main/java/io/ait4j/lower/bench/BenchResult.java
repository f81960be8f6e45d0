package io.ait4j.lower.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Times of one model on one number of threads.
 *
 * @param runs of each contender
 * @param rows ait4j's first, then its peers'
 */
public record BenchResult(
    @JsonProperty("model") String model,
    @JsonProperty("threads") int threads,
    @JsonProperty("runs") int runs,
    @JsonProperty("contenders") List<Row> rows) {
  public BenchResult {
    rows = List.copyOf(rows);
  }

  /**
   * A contender's times, in milliseconds.
   *
   * @param cpuMillis the process's CPU time for one inference, on average: shows whether a
   *     contender kept to its number of threads, and suffers less than latency from a busy machine
   * @param deviceMillis median by a GPU's own clock; null on the CPU
   * @param ratio of its median to ait4j's: above 1 ait4j is faster
   */
  public record Row(
      @JsonProperty("name") String name,
      @JsonProperty("median_ms") double medianMillis,
      @JsonProperty("p99_ms") double p99Millis,
      @JsonProperty("min_ms") double minMillis,
      @JsonProperty("cpu_ms") double cpuMillis,
      @JsonProperty("device_median_ms") Double deviceMillis,
      @JsonProperty("ratio") double ratio) {
    static Row of(String name, Timing timing, double ours) {
      Latencies times = timing.latencies();
      return new Row(
          name,
          times.median(),
          times.quantile(0.99),
          times.quantile(0),
          timing.cpuMillis(),
          timing.device().map(Latencies::median).orElse(null),
          times.median() / ours);
    }
  }
}
