package io.ait4j.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Limits for how long a caller may hold memory that others wait for, by sending or reading slowly,
 * however steadily it does.
 */
final class HeldMemory {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private HeldMemory() {}

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("held-memory").factory());
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /** A body that must have come within {@code limit} from now. */
  static InputStream within(Duration limit, InputStream body) {
    long start = System.nanoTime();
    return new InputStream() {
      @Override
      public int read() throws IOException {
        check();
        return body.read();
      }

      @Override
      public int read(byte[] to, int from, int count) throws IOException {
        check();
        return body.read(to, from, count);
      }

      private void check() {
        if (System.nanoTime() - start > limit.toNanos()) {
          throw new Problem(
              Problems.TIMEOUT,
              "the body took longer than the %d seconds that a request may take"
                  .formatted(limit.toSeconds()));
        }
      }
    };
  }

  /** Hangs up on the caller unless what is returned is closed within {@code limit}. */
  static Reading reading(Context ctx, Duration limit) {
    EndPoint connection = Request.getBaseRequest(ctx.req()).getHttpChannel().getEndPoint();
    ScheduledFuture<?> alarm =
        CLOCK.schedule(() -> connection.close(), limit.toNanos(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  /** A caller reads a response. */
  interface Reading extends AutoCloseable {
    @Override
    void close();
  }
}
