package io.ait4j.web.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * So many at a time of what all callers share. A caller gets one only while more are free than it
 * has, so that whoever takes what there is leaves as much to others. Who waits is served in no
 * order. Thread-safe.
 */
final class FairSlots {
  private final String what;
  private final int count;
  private final Map<String, Integer> held = new HashMap<>();
  private int free;

  /**
   * @param what in the plural, as refusals name it
   */
  FairSlots(int count, String what) {
    this.count = count;
    this.what = what;
    this.free = count;
  }

  /** One that a caller has until it is closed, once. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes one.
   *
   * @param account whose share it is of
   * @param patience how long to wait for one
   * @throws Problem if there is none by then
   */
  synchronized Slot take(String account, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (free <= held.getOrDefault(account, 0)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw none(held.getOrDefault(account, 0), patience);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    free--;
    held.merge(account, 1, Integer::sum);
    return () -> give(account);
  }

  private Problem none(int mine, Duration patience) {
    return new Problem(
        Problems.TOO_MANY_REQUESTS,
        mine == 0
            ? "the server has %d %s already".formatted(count, what)
            : "%d %s of yours leave as few to others: wait for one to end".formatted(mine, what),
        List.of(),
        (int) Math.max(5, patience.toSeconds()));
  }

  private synchronized void give(String account) {
    free++;
    held.computeIfPresent(account, (name, mine) -> mine == 1 ? null : mine - 1);
    notifyAll();
  }
}
