package io.ait4j.web;

import io.ait4j.fx.ModelException;
import io.ait4j.web.access.AuditLog;
import io.ait4j.web.access.Keys;
import io.ait4j.web.convert.ConversionProcess;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.convert.OwnerCaches;
import io.ait4j.web.database.Database;
import io.ait4j.web.http.ConversionApi;
import io.ait4j.web.http.Drain;
import io.ait4j.web.http.HttpServer;
import io.ait4j.web.http.Listening;
import io.ait4j.web.http.OipModelRoutes;
import io.ait4j.web.http.OipRoutes;
import io.ait4j.web.http.PageRoutes;
import io.ait4j.web.http.Routes;
import io.ait4j.web.infer.ModelSource;
import io.ait4j.web.infer.ServedModels;
import io.ait4j.web.jobs.JobQueue;
import io.ait4j.web.jobs.QueueSettings;
import io.ait4j.web.process.KernelWarning;
import io.ait4j.web.store.FileStore;
import io.ait4j.web.store.FileStores;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The whole service: the HTTP server over the queue of conversions and the served models. */
public final class AitServer implements AutoCloseable {
  /** For probes to find that the server is not ready. */
  private static final Duration NOTICE = Duration.ofSeconds(5);

  /** For requests beyond the grace, which conversions may have taken all of. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(5);

  private final Parts parts;
  private final Drain drain;
  private final JobQueue jobs;
  private final HttpServer http;

  private AitServer(Parts parts, Drain drain, JobQueue jobs, HttpServer http) {
    this.parts = parts;
    this.drain = drain;
    this.jobs = jobs;
    this.http = http;
  }

  /**
   * Begins to serve.
   *
   * @throws ModelException (USAGE, IO) if the settings contradict each other, the database or the
   *     store cannot be opened, or the port is taken
   */
  public static AitServer start(ServerSettings settings) {
    return start(settings, parts -> converter(settings, parts));
  }

  static AitServer start(ServerSettings settings, Converter converter) {
    return start(settings, parts -> converter);
  }

  private static AitServer start(ServerSettings settings, Function<Parts, Converter> converter) {
    KernelWarning.log();
    Parts parts = new Parts();
    try {
      DataFolder data = parts.add(DataFolder.take(settings.data()));
      Listening listening = parts.add(Listening.on(settings.http()));
      ServerMeters meters = parts.add(new ServerMeters());
      Database database = parts.add(Database.open(settings.database()));
      FileStore store = parts.add(FileStores.open(settings.store()));
      JobQueue jobs =
          parts.add(
              JobQueue.start(
                  database, store, converter.apply(parts), queue(settings, data.place())));
      meters.watch(jobs);
      ModelSource models =
          new ConvertedModels(
              GivenModels.of(settings.models()),
              jobs,
              new LocalCopies(store, settings.data().resolve("models")));
      Keys keys = new Keys(database);
      AuditLog audit = new AuditLog(database);
      Drain drain = new Drain();
      List<Routes> routes =
          new ArrayList<>(
              ConversionApi.routes(
                  settings.http(), jobs, store, models, keys, audit, meters.registry(), drain));
      ServedModels served =
          parts.add(new ServedModels(models, settings.inference(), meters.registry()));
      routes.add(new OipRoutes(served, settings.http(), drain));
      routes.add(new OipModelRoutes(served, drain));
      routes.add(new PageRoutes());
      HttpServer http =
          parts.add(
              HttpServer.start(
                  settings.http(), listening, keys, audit, meters.registry(), drain, routes));
      return new AitServer(parts, drain, jobs, http);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static Converter converter(ServerSettings settings, Parts parts) {
    OwnerCaches caches =
        new OwnerCaches(
            settings.data().resolve("cache"),
            settings.cacheBytes(),
            settings.retention().uploads());
    int processors = Runtime.getRuntime().availableProcessors();
    return new ConversionProcess(
        settings.conversionLimits(),
        parts.add(caches).tidied(),
        Math.max(1, processors / settings.conversions()));
  }

  private static QueueSettings queue(ServerSettings settings, String place) {
    Path folder = settings.data().resolve("jobs");
    return new QueueSettings(
        settings.name(), place, settings.conversions(), folder, settings.retention());
  }

  /** Where the server is. */
  public URI uri() {
    return http.uri();
  }

  /** All routes, as {@code GET /v1/models}. */
  List<String> endpoints() {
    return http.endpoints();
  }

  /**
   * Takes no more work and ends what is under way: requests are answered, conversions that do not
   * end within {@code grace} go back into the queue. The server says that it is not ready for some
   * seconds of the grace at least, so that whoever hands it requests comes to know.
   */
  public void drain(Duration grace) {
    Instant begin = Instant.now();
    drain.begin();
    jobs.drain(grace);
    Duration notice = grace.compareTo(NOTICE) < 0 ? grace : NOTICE;
    http.stop(until(begin.plus(notice)), until(begin.plus(grace).plus(LAST_REQUESTS)));
  }

  private static Duration until(Instant time) {
    Duration left = Duration.between(Instant.now(), time);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Ends at once; conversions that run go back into the queue. */
  @Override
  public void close() {
    parts.close();
  }
}
