package io.ait4j.web.infer;

/**
 * Whether a model can be had: not after its worker died {@value #MOST_DEATHS} times without an
 * answer in between, nor when it is known not to load. Thread-safe.
 */
final class Availability {
  private static final int MOST_DEATHS = 3;

  private String objection = "";
  private int deaths;

  /** Why it cannot be had; empty if nothing is known against it. */
  synchronized String objection() {
    return objection;
  }

  synchronized void object(String why) {
    objection = why;
  }

  /** A worker gave an answer. */
  synchronized void answered() {
    deaths = 0;
  }

  /** A worker died. */
  synchronized void died(String why) {
    if (++deaths >= MOST_DEATHS) {
      objection =
          "its worker process died %d times in a row, at last: %s; load it to try again"
              .formatted(deaths, why);
    }
  }
}
