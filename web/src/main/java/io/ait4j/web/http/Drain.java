package io.ait4j.web.http;

import java.util.List;

/** Whether the server is on its way out. Thread-safe. */
public final class Drain {
  private volatile boolean underWay;

  /** From now on no new work is taken. */
  public void begin() {
    underWay = true;
  }

  /** Whether {@link #begin} was called. */
  public boolean underWay() {
    return underWay;
  }

  void refuseNewWork() {
    if (underWay) {
      throw new Problem(
          Problems.UNAVAILABLE, "the server is being stopped: try another one", List.of(), 5);
    }
  }
}
