package io.ait4j.web.http;

import io.javalin.http.Context;
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

  /** Has callers come again over another connection, to another server. */
  void endConnection(Context ctx) {
    if (underWay) {
      ctx.header("Connection", "close");
    }
  }

  void refuseNewWork() {
    if (underWay) {
      throw new Problem(
          Problems.UNAVAILABLE, "the server is being stopped: try another one", List.of(), 5);
    }
  }
}
