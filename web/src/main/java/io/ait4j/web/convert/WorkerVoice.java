package io.ait4j.web.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells the server how far a conversion is, and measures how long each stage takes. */
final class WorkerVoice {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the whole, by experience: the compiler takes most. */
  private static final Map<Stage, Integer> WEIGHTS =
      Map.of(
          Stage.IMPORT, 15,
          Stage.PARTITION, 2,
          Stage.COMPILE, 60,
          Stage.WRITE, 3,
          Stage.VERIFY, 8,
          Stage.MEASURE, 12);

  private final WorkerTask task;
  private final PrintStream out;
  private final List<Stage> stages;
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
  private Stage stage;
  private long since;
  private int percent;

  /**
   * @param stages that this conversion has, in order
   */
  WorkerVoice(WorkerTask task, PrintStream out, List<Stage> stages) {
    this.task = task;
    this.out = out;
    this.stages = stages;
  }

  /**
   * Says how far it is.
   *
   * @param share of the stage that is done, 0 to 1
   */
  void progress(Stage now, double share, String message) {
    change(now);
    int all = stages.stream().mapToInt(WEIGHTS::get).sum();
    int before = stages.stream().takeWhile(other -> other != now).mapToInt(WEIGHTS::get).sum();
    int reached = (int) (100 * (before + share * WEIGHTS.get(now)) / all);
    percent = Math.max(percent, Math.min(99, reached));
    say(WorkerLine.progress(now, percent, task.withoutPaths(message)));
  }

  void failed(ConversionFailed.Cause cause, String message) {
    say(WorkerLine.failed(cause, task.withoutPaths(message)));
  }

  void done() {
    change(null);
    Map<String, Double> seconds = new TreeMap<>();
    nanos.forEach((of, taken) -> seconds.put(of.toString(), Math.round(taken / 1e6) / 1e3));
    say(WorkerLine.done(seconds));
  }

  /** A line for the log. */
  void log(String line) {
    System.err.println(task.withoutPaths(line));
  }

  private void change(Stage to) {
    long now = System.nanoTime();
    if (stage != null) {
      nanos.merge(stage, now - since, Long::sum);
    }
    stage = to;
    since = now;
  }

  private synchronized void say(WorkerLine line) {
    try {
      out.println(JSON.writeValueAsString(line));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
