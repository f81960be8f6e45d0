package io.ait4j.web.cli;

import io.ait4j.web.ServerSettings;
import io.ait4j.web.database.DatabaseSettings;
import io.ait4j.web.http.HttpSettings;
import io.ait4j.web.jobs.Retention;
import io.ait4j.web.process.WorkerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options of {@code ait4j serve}: one list for flags, environment and file. */
public final class ServeOptions {
  @Option(
      names = "--host",
      paramLabel = "NAME",
      defaultValue = "127.0.0.1",
      description = "Name or address to listen on; others than loopback want a key to exist.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on; 0 takes a free one.")
  private int port;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "${sys:ait4j.host:-ait4j}",
      description = "This server's name among those that share a database.")
  private String name;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.ait4j/server",
      description = "Folder for caches and temporary files, and by default database and store.")
  private Path data;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = "PostgreSQL, as jdbc:postgresql://HOST/DATABASE; else one in --data.")
  private String database;

  @Option(names = "--database-user", paramLabel = "NAME", defaultValue = "")
  private String databaseUser;

  @Option(names = "--database-password", paramLabel = "SECRET", defaultValue = "")
  private String databasePassword;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = "Where files are kept: file:/PATH or s3://BUCKET/PREFIX; else in --data.")
  private String store;

  private ServeOptions() {}

  /**
   * Settings as the command line gives them.
   *
   * @param environment variables {@code AIT4J_<OPTION>}
   */
  public static ServerSettings parse(Map<String, String> environment, String... args) {
    ServeOptions options = new ServeOptions();
    new CommandLine(options).parseArgs(args);
    return options.settings();
  }

  private ServerSettings settings() {
    Path folder = data.toAbsolutePath().normalize();
    return new ServerSettings(
        name,
        folder,
        new HttpSettings(
            host,
            port,
            Optional.empty(),
            folder.resolve("uploads"),
            8L << 30,
            16,
            1024,
            200,
            Duration.ofSeconds(30),
            1024,
            1L << 30),
        database == null
            ? DatabaseSettings.embedded(folder)
            : DatabaseSettings.postgresql(database, databaseUser, databasePassword),
        store == null ? folder.resolve("store").toUri().toString() : store,
        Map.of(),
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        new WorkerLimits(8L << 30, 20L << 30, Duration.ofHours(1)),
        Retention.FOREVER,
        Duration.ofSeconds(30));
  }
}
