package io.ait4j.web.infer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests of a model that wait, first come, first served. A free worker gets the first at once
 * and alone; while it is busy, those that fit together gather into batches.
 */
final class RequestQueue {
  private final int capacity;
  private final int places;
  private final long delayNanos;
  private final LinkedList<QueuedRequest> waiting = new LinkedList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int running;
  private boolean closed;

  /**
   * @param capacity most requests that wait
   * @param places most batches that run; one more is given to the worker ahead of its turn where no
   *     batch could grow meanwhile
   */
  RequestQueue(int capacity, int places, long delayNanos) {
    this.capacity = capacity;
    this.places = places;
    this.delayNanos = delayNanos;
  }

  boolean isFull() {
    return locked(() -> waiting.size() >= capacity);
  }

  int size() {
    return locked(waiting::size);
  }

  /** Whether the request is taken: not if too many wait, or no more are wanted. */
  boolean offer(QueuedRequest request) {
    return locked(
        () -> {
          if (closed || waiting.size() >= capacity) {
            return false;
          }
          waiting.add(request);
          changed.signalAll();
          return true;
        });
  }

  /** Whether the request still waited, and waits no more. */
  boolean withdraw(QueuedRequest request) {
    return locked(() -> waiting.remove(request));
  }

  /** A batch that was taken is over. */
  void done() {
    locked(
        () -> {
          running--;
          changed.signalAll();
          return null;
        });
  }

  /** Takes no more requests. */
  List<QueuedRequest> close() {
    return locked(
        () -> {
          closed = true;
          changed.signalAll();
          List<QueuedRequest> left = List.copyOf(waiting);
          waiting.clear();
          return left;
        });
  }

  /**
   * Waits for what is to run next.
   *
   * @param maxRows most rows in a batch; less than 2 for no batches
   * @return several requests only if they match; none when the queue is closed
   */
  List<QueuedRequest> take(long maxRows) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        int most = maxRows > 1 ? places : places + 1;
        if (waiting.isEmpty() || running >= most) {
          changed.await();
          continue;
        }
        List<QueuedRequest> batch = batch(maxRows);
        long spare = delayNanos - (System.nanoTime() - waiting.getFirst().enqueued());
        boolean mayGrow = maxRows > 1 && rows(batch) < maxRows && batch.size() == waiting.size();
        if (running > 0 && mayGrow && spare > 0) {
          changed.await(spare, TimeUnit.NANOSECONDS);
          continue;
        }
        waiting.removeAll(batch);
        running++;
        return batch;
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private List<QueuedRequest> batch(long maxRows) {
    QueuedRequest first = waiting.getFirst();
    List<QueuedRequest> batch = new ArrayList<>(List.of(first));
    long rows = first.rows();
    if (rows == 0) {
      return batch;
    }
    Iterator<QueuedRequest> others = waiting.listIterator(1);
    while (others.hasNext() && rows < maxRows && batch.size() < Messages.MAX_COUNT) {
      QueuedRequest other = others.next();
      if (other.matches(first) && other.rows() > 0 && rows + other.rows() <= maxRows) {
        batch.add(other);
        rows += other.rows();
      }
    }
    return batch;
  }

  private static long rows(List<QueuedRequest> batch) {
    return batch.stream().mapToLong(QueuedRequest::rows).sum();
  }

  private <T> T locked(java.util.function.Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
