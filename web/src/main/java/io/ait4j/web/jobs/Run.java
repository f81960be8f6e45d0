package io.ait4j.web.jobs;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionListener;
import io.ait4j.web.convert.Stage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * An attempt that runs on this server: what it says waits here for the database, so that neither a
 * slow database holds it up nor a talkative model fills the memory.
 */
final class Run implements ConversionListener {
  /** Why a run is to end before its conversion does. */
  enum Stop {
    /** Nobody wants the result any more, or another server does the work. */
    UNWANTED,
    /** The server ends. */
    DRAINED
  }

  private static final int LONGEST = 1000;

  private final Works.Attempt attempt;
  private final Thread thread;
  private final ArrayDeque<Events.Entry> said = new ArrayDeque<>();
  private Optional<Stage> stage = Optional.empty();
  private int percent;
  private Stop stop;
  private boolean interruptible;

  /** Of the calling thread. */
  Run(Works.Attempt attempt) {
    this.attempt = attempt;
    this.thread = Thread.currentThread();
  }

  Works.Attempt attempt() {
    return attempt;
  }

  @Override
  public synchronized void progress(Stage stage, int percent, String message) {
    Events.Entry last = said.peekLast();
    if (last != null && last.kind().equals(Events.PROGRESS) && last.stage().equals(this.stage)) {
      said.removeLast();
    }
    this.stage = Optional.of(stage);
    this.percent = Math.clamp(percent, this.percent, 100);
    say(Events.PROGRESS, message);
  }

  @Override
  public synchronized void log(String line) {
    say(Events.LOG, line);
  }

  private void say(String kind, String message) {
    if (said.size() == Events.MOST) {
      said.removeFirst();
    }
    said.addLast(
        new Events.Entry(
            Optional.empty(),
            Instant.now(),
            kind,
            JobState.RUNNING,
            stage,
            percent,
            message.length() <= LONGEST ? message : message.substring(0, LONGEST)));
  }

  /** What was said since the last time. */
  synchronized List<Events.Entry> take() {
    List<Events.Entry> taken = List.copyOf(said);
    said.clear();
    return taken;
  }

  /** What could not be written: next time, then. */
  synchronized void giveBack(List<Events.Entry> entries) {
    for (Events.Entry entry : entries.reversed()) {
      if (said.size() < Events.MOST) {
        said.addFirst(entry);
      }
    }
  }

  /**
   * Does what may be interrupted: nothing with the database, whose connection would not outlive it.
   *
   * @throws InterruptedException if the run is to end; the thread is not interrupted any more then
   */
  <T> T interruptibly(Interruptible<T> work) throws ConversionFailed, InterruptedException {
    synchronized (this) {
      if (stop != null) {
        throw new InterruptedException();
      }
      interruptible = true;
    }
    try {
      return work.call();
    } finally {
      synchronized (this) {
        interruptible = false;
        Thread.interrupted();
      }
    }
  }

  /** A conversion, say. */
  interface Interruptible<T> {
    T call() throws ConversionFailed, InterruptedException;
  }

  /** Ends the run soon. */
  synchronized void stop(Stop why) {
    if (stop == null) {
      stop = why;
      if (interruptible) {
        thread.interrupt();
      }
    }
  }

  /** Why the run is to end, if it is. */
  synchronized Optional<Stop> stopped() {
    return Optional.ofNullable(stop);
  }
}
