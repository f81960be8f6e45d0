package io.ait4j.web.infer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is counted of a model, as long as it is loaded. */
final class ModelMeters implements AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();
  private final Counter successes;
  private final Map<InferenceFailed.Reason, Counter> failures =
      new EnumMap<>(InferenceFailed.Reason.class);
  private final Timer requests;
  private final Timer queue;
  private final Timer compute;
  private final DistributionSummary batches;
  private final Counter deaths;
  private volatile long lastMillis;

  ModelMeters(MeterRegistry registry, String model, String version, Supplier<Number> pending) {
    this.registry = registry;
    Tags tags = Tags.of("model", model, "version", version);
    successes = keep(counter("requests", "Requests that were answered", tags));
    for (InferenceFailed.Reason reason : InferenceFailed.Reason.values()) {
      Tags why = tags.and("reason", reason.toString());
      failures.put(reason, keep(counter("failures", "Requests that failed", why)));
    }
    requests = keep(timer("request", "From a request that came to its result", tags));
    queue = keep(timer("queue", "What requests wait before they run", tags));
    compute = keep(timer("compute", "What runs take", tags));
    batches =
        keep(
            DistributionSummary.builder("ait4j.inference.batch.size")
                .description("Requests in a run")
                .tags(tags)
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(registry));
    deaths = keep(counter("worker.deaths", "Worker processes that died", tags));
    keep(
        Gauge.builder("ait4j.inference.pending", pending)
            .description("Requests that wait")
            .tags(tags)
            .register(registry));
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder("ait4j.inference." + name)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private Timer timer(String name, String description, Tags tags) {
    return Timer.builder("ait4j.inference." + name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private <M extends Meter> M keep(M meter) {
    meters.add(meter);
    return meter;
  }

  void succeeded(long requestNanos, long queueNanos) {
    successes.increment();
    requests.record(requestNanos, TimeUnit.NANOSECONDS);
    queue.record(queueNanos, TimeUnit.NANOSECONDS);
    lastMillis = System.currentTimeMillis();
  }

  void failed(InferenceFailed.Reason reason) {
    failures.get(reason).increment();
  }

  void ran(int batch, long computeNanos) {
    batches.record(batch);
    compute.record(computeNanos, TimeUnit.NANOSECONDS);
  }

  void died() {
    deaths.increment();
  }

  ModelStatistics statistics() {
    return new ModelStatistics(
        lastMillis,
        (long) successes.count(),
        (long) failures.values().stream().mapToDouble(Counter::count).sum(),
        batches.count(),
        requests.totalTime(TimeUnit.NANOSECONDS),
        queue.totalTime(TimeUnit.NANOSECONDS),
        compute.totalTime(TimeUnit.NANOSECONDS));
  }

  /** A model that is unloaded leaves nothing behind; its counters begin anew when it comes back. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
