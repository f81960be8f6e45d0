package io.ait4j.web;

import io.ait4j.web.database.DatabaseUnavailable;
import io.ait4j.web.jobs.Jobs;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

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

  /** Shows how much there is to convert, asked once for all that tells it. */
  void watch(Jobs jobs) {
    registry
        .getPrometheusRegistry()
        .register(
            (MultiCollector)
                () -> {
                  try {
                    return told(jobs.load());
                  } catch (DatabaseUnavailable e) { // all the more are the others wanted
                    return MetricSnapshots.of();
                  }
                });
  }

  private static MetricSnapshots told(Jobs.Load load) {
    return MetricSnapshots.of(
        gauge("queued", "conversions that wait, on all servers", load.queued()),
        gauge("running", "conversions that run, on all servers", load.running()));
  }

  private static MetricSnapshot gauge(String name, String help, int value) {
    return GaugeSnapshot.builder()
        .name("ait4j_conversions_" + name)
        .help(help)
        .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
