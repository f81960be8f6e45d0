package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What Prometheus reads: for callers on this machine, and for administrators. */
final class MetricsRoutes implements Routes {
  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  MetricsRoutes(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/metrics", this::metrics);
  }

  private void metrics(Context ctx) throws UnknownHostException {
    if (!Caller.of(ctx).may(Scope.ADMIN) && !isLocal(ctx)) {
      throw new Problem(
          Problems.FORBIDDEN,
          "metrics are for callers on the server's machine, or a key with admin");
    }
    ctx.contentType(MEDIA_TYPE).result(registry.scrape(MEDIA_TYPE));
  }

  /** A proxy on this machine speaks for others. */
  private static boolean isLocal(Context ctx) throws UnknownHostException {
    return ctx.header("Forwarded") == null
        && ctx.header("X-Forwarded-For") == null
        && InetAddress.getByName(ctx.req().getRemoteAddr()).isLoopbackAddress();
  }
}
