package io.ait4j.compiler;

import io.ait4j.fx.ModelException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;

/**
 * Failures of runs that were only enqueued. The library tells each once, to whoever calls next, and
 * does not say which run it was: so every run that was under way then counts as failed.
 */
final class LateFailures {
  /** A failure that cannot be another run's. */
  static final class OfThisRun extends ModelException {
    private static final long serialVersionUID = 1;

    OfThisRun(String message) {
      super(Kind.RUN, message);
    }
  }

  // Held until what a call has learned is written down, so that nobody looks in between.
  private final StampedLock lock = new StampedLock();
  private final AtomicLong count = new AtomicLong();
  private volatile ModelException last;

  long count() {
    return count.get();
  }

  /** A run begins that {@link #note}s its failure before it {@link #end}s. */
  long begin() {
    return lock.readLock();
  }

  /**
   * @param run what {@link #begin} returned
   */
  void end(long run) {
    lock.unlockRead(run);
  }

  /**
   * Looks for failures.
   *
   * @param told hears the last one if there are more than {@code before}
   * @return how many there are, all of which this call has told of
   */
  long check(long before, Runnable look, Consumer<ModelException> told) {
    long seen;
    ModelException failure;
    long stamp = lock.writeLock();
    try {
      try {
        look.run();
      } catch (ModelException e) {
        note(e);
      }
      seen = count.get();
      failure = last;
    } finally {
      lock.unlockWrite(stamp);
    }
    if (seen > before) {
      told.accept(new ModelException(failure.kind(), failure.getMessage(), failure));
    }
    return seen;
  }

  /** Notes what a run is told, which may be of another that was only enqueued. */
  void note(ModelException failure) {
    if (!(failure instanceof OfThisRun)) {
      last = failure;
      count.incrementAndGet();
    }
  }
}
