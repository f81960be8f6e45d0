package io.ait4j.compiler;

import io.ait4j.fx.ModelException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Failures of runs that were only enqueued. The library tells each once, to whoever calls next, and
 * does not say which run it was: so every run that was under way then counts as failed.
 */
final class LateFailures {
  // Held until what a call has learned is written down, so that nobody looks in between.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final AtomicLong count = new AtomicLong();
  private volatile ModelException last;

  long count() {
    return count.get();
  }

  void enqueue(Runnable run) {
    lock.readLock().lock();
    try {
      run.run();
    } catch (ModelException e) {
      note(e);
      throw e;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * @throws ModelException if there are more failures than {@code before}
   */
  void check(long before, Runnable look) {
    lock.writeLock().lock();
    try {
      look.run();
    } catch (ModelException e) {
      note(e);
      throw e;
    } finally {
      lock.writeLock().unlock();
    }
    if (count.get() > before) {
      ModelException failure = last;
      throw new ModelException(failure.kind(), failure.getMessage(), failure);
    }
  }

  private void note(ModelException failure) {
    last = failure;
    count.incrementAndGet();
  }
}
