package io.ait4j.web.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.process.LogLines;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Collectors;

/** What a worker process says, of which nothing is taken on trust. */
final class WorkerDialogue {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_LINES = 60;
  private static final int LONGEST_LINE = 64 << 10;

  private final ConversionListener listener;
  private WorkerLine last;
  private int percent;
  private boolean deaf;

  WorkerDialogue(ConversionListener listener) {
    this.listener = listener;
  }

  /** Reads to the end. */
  void read(InputStream out) {
    try {
      LogLines.read(out, LONGEST_LINE, this::hear);
    } catch (IOException e) {
      log("the worker's output broke off: " + e.getMessage());
    }
  }

  synchronized void log(String line) {
    if (!deaf) {
      listener.log(line);
    }
  }

  private synchronized void hear(String text) {
    WorkerLine line;
    try {
      line = JSON.readValue(text, WorkerLine.class);
    } catch (JsonProcessingException e) { // native code prints there too
      log(LogLines.line(text));
      return;
    }
    if (line == null) {
      log(LogLines.line(text));
    } else if (line.stage() == null) {
      last = line;
    } else if (!deaf) {
      percent = Math.clamp(line.percent(), percent, 99);
      listener.progress(line.stage(), percent, LogLines.line(String.valueOf(line.message())));
    }
  }

  /** From now on the listener hears nothing. */
  synchronized void end() {
    deaf = true;
  }

  /** How the worker said that it ended; null if it did not. */
  synchronized WorkerLine last() {
    return last;
  }

  /** Several lines fit for a log. */
  static String text(String message) {
    return String.valueOf(message)
        .lines()
        .limit(MOST_LINES)
        .map(LogLines::line)
        .collect(Collectors.joining("\n"));
  }
}
