package io.ait4j.web;

import io.ait4j.fx.ModelException;
import io.ait4j.web.access.Keys;
import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.Database;
import io.ait4j.web.http.ConversionRoutes;
import io.ait4j.web.http.HttpServer;
import io.ait4j.web.jobs.JobQueue;
import io.ait4j.web.jobs.QueueSettings;
import io.ait4j.web.store.FileStore;
import io.ait4j.web.store.FileStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The whole service: the HTTP server over the queue of conversions and the served models. */
public final class AitServer implements AutoCloseable {
  private final Parts parts;
  private final JobQueue jobs;
  private final HttpServer http;

  private AitServer(Parts parts, JobQueue jobs, HttpServer http) {
    this.parts = parts;
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
    Parts parts = new Parts();
    try {
      Files.createDirectories(settings.http().scratch());
      Database database = parts.add(Database.open(settings.database()));
      FileStore store = parts.add(FileStores.open(settings.store()));
      JobQueue jobs =
          parts.add(JobQueue.start(database, store, converter(settings), queue(settings)));
      HttpServer http =
          parts.add(
              HttpServer.start(
                  settings.http(), new Keys(database), List.of(new ConversionRoutes(jobs))));
      return new AitServer(parts, jobs, http);
    } catch (IOException e) {
      parts.close();
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot make the folder " + settings.http().scratch() + ": " + e.getMessage(),
          e);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static Converter converter(ServerSettings settings) {
    return (task, listener) -> {
      throw new ConversionFailed(ConversionFailed.Cause.DEFECT, "no converter yet");
    };
  }

  private static QueueSettings queue(ServerSettings settings) {
    Path folder = settings.data().resolve("jobs");
    return new QueueSettings(settings.name(), settings.conversions(), folder, settings.retention());
  }

  /** Where the server is. */
  public URI uri() {
    return http.uri();
  }

  /**
   * Takes no more work and ends what is under way: requests are answered, conversions that do not
   * end within {@code grace} go back into the queue.
   */
  public void drain(Duration grace) {
    jobs.drain(grace);
    http.stop(grace);
  }

  /** Ends at once; conversions that run go back into the queue. */
  @Override
  public void close() {
    parts.close();
  }
}
