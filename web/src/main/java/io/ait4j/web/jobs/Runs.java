package io.ait4j.web.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that run on this server. Several times a second each one's progress is written, and
 * each one that does not count any more is stopped: so a cancellation on another server gets here.
 */
final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final Duration PERIOD = Duration.ofMillis(250);

  private final Works works;
  private final Map<String, Run> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ait4j-jobs").factory());

  Runs(Works works) {
    this.works = works;
    watch.scheduleWithFixedDelay(
        this::watch, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  void add(Run run) {
    running.put(run.attempt().work(), run);
  }

  void remove(Run run) {
    running.remove(run.attempt().work(), run);
    synchronized (running) {
      running.notifyAll();
    }
  }

  /** Stops a work at once, if it runs here. */
  void stop(String work, Run.Stop why) {
    Run run = running.get(work);
    if (run != null) {
      run.stop(why);
    }
  }

  void stopAll(Run.Stop why) {
    running.values().forEach(run -> run.stop(why));
  }

  /** Waits until nothing runs here, not longer than {@code time}. */
  boolean await(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    synchronized (running) {
      while (!running.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        running.wait(left);
      }
    }
    return true;
  }

  private void watch() {
    running.values().forEach(this::write);
  }

  /** Writes what the run has said; what it said before is written when this returns. */
  void write(Run run) {
    synchronized (run.attempt()) {
      List<Events.Entry> said = run.take();
      try {
        if (!works.progress(run.attempt(), said)) {
          run.stop(Run.Stop.UNWANTED);
        }
      } catch (RuntimeException e) {
        run.giveBack(said);
        LOG.warn("cannot write the progress of {} for now", run.attempt().firstJob(), e);
      }
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
