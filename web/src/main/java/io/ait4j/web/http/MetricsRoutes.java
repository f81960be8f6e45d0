package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What Prometheus reads, with an administrator's key where there are keys. */
final class MetricsRoutes implements Routes {
  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  MetricsRoutes(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/metrics", this::metrics, Scope.ADMIN);
  }

  private void metrics(Context ctx) {
    ctx.contentType(MEDIA_TYPE).result(registry.scrape(MEDIA_TYPE));
  }
}
