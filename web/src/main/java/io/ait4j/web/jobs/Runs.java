package io.ait4j.web.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

  /** How many may be about to run; guarded by {@code running}. */
  private int beginning;

  private volatile Run.Stop stopped;

  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ait4j-jobs").factory());

  Runs(Works works) {
    this.works = works;
    watch.scheduleWithFixedDelay(
        this::watch, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs what there is to run; whoever waits for the end of all waits for it from now on. */
  Optional<Run> begin(Supplier<Optional<Works.Attempt>> attempt) {
    synchronized (running) {
      beginning++;
    }
    try {
      Optional<Run> run = attempt.get().map(Run::new);
      run.ifPresent(this::add);
      return run;
    } finally {
      synchronized (running) {
        beginning--;
        running.notifyAll();
      }
    }
  }

  private void add(Run run) {
    running.put(run.attempt().work(), run);
    Run.Stop why = stopped;
    if (why != null) {
      run.stop(why);
    }
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

  /** Stops what runs, and what begins to. */
  void stopAll(Run.Stop why) {
    stopped = why;
    running.values().forEach(run -> run.stop(why));
  }

  /** Waits until nothing runs here, not longer than {@code time}. */
  boolean await(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    synchronized (running) {
      while (beginning > 0 || !running.isEmpty()) {
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
