package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs of a model on random inputs, each within a time: a model whose loop ends on sensible data
 * only would run for ever.
 *
 * @param limit zero if there are to be none
 */
record Trial(Duration limit) {
  /** Whether to try at all. */
  boolean isWanted() {
    return limit.isPositive();
  }

  /**
   * Tries.
   *
   * @throws TrialFailed if there is no answer in time: the process still runs the model then
   * @throws ModelException if the model fails
   */
  <T> T run(Callable<T> attempt) throws TrialFailed {
    FutureTask<T> task = new FutureTask<>(attempt);
    Thread.ofPlatform().daemon().name("trial").start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TrialFailed(
          "a run on random inputs gave no answer within " + limit.toMillis() + " ms");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException known -> throw known;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrialFailed("a run on random inputs was interrupted");
    }
  }
}
