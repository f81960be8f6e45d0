package io.ait4j.web.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.RequestLogger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** Counts and times requests, and writes a line of the log for each. */
final class RequestRecords implements RequestLogger {
  private static final Logger LOG = LoggerFactory.getLogger("io.ait4j.web.requests");
  private static final String NO_ROUTE = "none";

  private final MeterRegistry meters;

  RequestRecords(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void handle(Context ctx, Float millis) {
    String route = ctx.attributeMap().getOrDefault(Access.ROUTE, NO_ROUTE).toString();
    int status = status(ctx);
    String method = Heads.is(ctx) ? "HEAD" : name(ctx.method());
    Timer.builder("ait4j.http.requests")
        .description("requests from their first to their last byte")
        .tag("method", method)
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10))
        .register(meters)
        .record((long) (millis * 1e6), TimeUnit.NANOSECONDS);
    Caller caller = ctx.attribute(Caller.ATTRIBUTE);
    // Of thousands a second nobody reads a line each; the metrics count them.
    Level level = route.endsWith("/infer") && status < 400 ? Level.DEBUG : Level.INFO;
    LOG.atLevel(level)
        .addKeyValue("method", method)
        .addKeyValue("route", route)
        .addKeyValue("path", ctx.path())
        .addKeyValue("status", status)
        .addKeyValue("milliseconds", millis)
        .addKeyValue("caller", caller == null ? "unknown" : caller.id())
        .addKeyValue("address", ctx.ip())
        .log("request");
    MDC.clear();
  }

  /** Who hangs up while the answer is under way is no failure of the server's. */
  private static int status(Context ctx) {
    return ctx.res().isCommitted() && !new Peer(ctx).isConnected()
        ? Problems.CALLER_GONE.status()
        : ctx.statusCode();
  }

  /** Methods that nobody knows would make a meter each. */
  private static String name(HandlerType method) {
    return method.isHttpMethod() ? method.name() : "other";
  }
}
