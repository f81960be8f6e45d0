package io.ait4j.web.convert;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * What a worker process says, each in one line of JSON: how far it is, or how it ended.
 *
 * @param stage while it goes on
 * @param cause if it failed
 * @param message what it does, or why it failed
 * @param seconds of each stage, if it ended well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WorkerLine(
    Stage stage,
    int percent,
    ConversionFailed.Cause cause,
    String message,
    Map<String, Double> seconds) {
  static WorkerLine progress(Stage stage, int percent, String message) {
    return new WorkerLine(stage, percent, null, message, null);
  }

  static WorkerLine failed(ConversionFailed.Cause cause, String message) {
    return new WorkerLine(null, 0, cause, message, null);
  }

  static WorkerLine done(Map<String, Double> seconds) {
    return new WorkerLine(null, 100, null, null, seconds);
  }
}
