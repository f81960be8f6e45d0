package io.ait4j.web.http;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;

/** A body that its sender did not send whole. */
final class BrokenBody {
  private BrokenBody() {}

  /** What to tell the sender; empty if it is not to blame. */
  static Optional<Problem> problem(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return Optional.of(new Problem(Problems.TIMEOUT, "the body stopped coming; send it again"));
      }
      if (cause instanceof EofException) {
        return Optional.of(
            new Problem(Problems.BAD_REQUEST, "the body ended early; send it again, whole"));
      }
    }
    return Optional.empty();
  }
}
