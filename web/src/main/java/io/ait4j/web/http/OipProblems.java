package io.ait4j.web.http;

import io.ait4j.web.infer.InferenceFailed;
import java.util.List;

/** Failed inference as callers see it. */
final class OipProblems {
  private static final int RETRY_SECONDS = 1;

  private OipProblems() {}

  static Problem of(InferenceFailed failure) {
    return switch (failure.reason()) {
      case UNKNOWN_MODEL -> new Problem(Problems.NOT_FOUND, failure.getMessage());
      case BAD_REQUEST -> new Problem(Problems.BAD_REQUEST, failure.getMessage());
      case TOO_LARGE -> new Problem(Problems.TOO_LARGE, failure.getMessage());
      case BUSY ->
          new Problem(Problems.TOO_MANY_REQUESTS, failure.getMessage(), List.of(), RETRY_SECONDS);
      case GONE -> new Problem(Problems.CALLER_GONE, failure.getMessage());
      case TIMEOUT -> new Problem(Problems.INFERENCE_TIMEOUT, failure.getMessage());
      case UNAVAILABLE ->
          new Problem(Problems.MODEL_UNAVAILABLE, failure.getMessage(), List.of(), RETRY_SECONDS);
      case MODEL_FAILED -> new Problem(Problems.INFERENCE_FAILED, failure.getMessage());
      case WORKER_DIED -> new Problem(Problems.WORKER_DIED, failure.getMessage());
    };
  }
}
