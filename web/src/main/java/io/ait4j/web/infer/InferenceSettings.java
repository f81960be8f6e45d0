package io.ait4j.web.infer;

import io.ait4j.web.process.WorkerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How models are served.
 *
 * @param folder of the workers' folders, one for each model that is loaded
 * @param memoryBytes that all loaded models together may take, by estimate: those that nobody has
 *     used for the longest time make room for others
 * @param limits of each worker process
 * @param sharedBytes at most that requests, and as many again that responses, of one model may take
 *     while they wait
 * @param threads that a run may use; 0 for one on each processor
 * @param places how many runs of a model there may be at a time
 * @param pending requests of a model that may wait; more are refused
 * @param maxBatch most rows in one run; 1 for no batches
 * @param batchDelay how long a request may wait for others to share its run, while the worker is
 *     busy
 * @param timeout of a request, and of a run: one that takes longer ends its worker
 * @param loadTimeout until a model must have been loaded
 */
public record InferenceSettings(
    Path folder,
    long memoryBytes,
    WorkerLimits limits,
    long sharedBytes,
    int threads,
    int places,
    int pending,
    long maxBatch,
    Duration batchDelay,
    Duration timeout,
    Duration loadTimeout) {
  public InferenceSettings {
    Objects.requireNonNull(folder);
    Objects.requireNonNull(limits);
    if (memoryBytes <= 0
        || sharedBytes <= 0
        || threads < 0
        || places < 1
        || pending < 1
        || maxBatch < 1
        || batchDelay.isNegative()
        || !timeout.isPositive()
        || !loadTimeout.isPositive()) {
      throw new IllegalArgumentException("a number is too small");
    }
  }

  /** What suits most. */
  public static InferenceSettings of(Path folder, long memoryBytes) {
    return new InferenceSettings(
        folder,
        memoryBytes,
        new WorkerLimits(memoryBytes, 1L << 30, null),
        64L << 20,
        0,
        Runtime.getRuntime().availableProcessors(),
        64,
        8,
        Duration.ofMillis(2),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5));
  }
}
