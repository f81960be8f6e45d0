package io.ait4j.web;

import io.ait4j.web.jobs.Jobs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What is measured of the server as a whole. */
final class ServerMeters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  ServerMeters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Shows how much there is to convert. */
  void watch(Jobs jobs) {
    Gauge.builder("ait4j.conversions.queued", jobs, j -> j.load().queued())
        .description("conversions that wait, on all servers")
        .register(registry);
    Gauge.builder("ait4j.conversions.running", jobs, j -> j.load().running())
        .description("conversions that run, on all servers")
        .register(registry);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
