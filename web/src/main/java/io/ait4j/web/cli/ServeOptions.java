package io.ait4j.web.cli;

import io.ait4j.fx.ModelException;
import io.ait4j.web.Machine;
import io.ait4j.web.ServerSettings;
import io.ait4j.web.http.HttpSettings;
import io.ait4j.web.process.WorkerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code ait4j serve}: one list for flags, environment and file. */
public final class ServeOptions {
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  @Mixin private TlsOptions tls = new TlsOptions();

  @Mixin private RetentionOptions retention = new RetentionOptions();

  @Mixin private InferenceOptions inference = new InferenceOptions();

  @Option(
      names = "--host",
      paramLabel = "NAME",
      defaultValue = "127.0.0.1",
      description =
          "Name or address to listen on (${DEFAULT-VALUE}); another than loopback wants a key.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on (${DEFAULT-VALUE}); 0 takes a free one.")
  private int port;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "This server among those that share a database, each with a name of its own; without it"
              + " the machine's and what stands for --data.")
  private String name;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description =
          "Where files are kept: file:/PATH or s3://BUCKET/PREFIX?endpoint=URL&region=NAME; without"
              + " it, in --data.")
  private String store;

  @Option(
      names = "--model",
      paramLabel = "NAME=FILE",
      split = ",",
      description = "Serve this .aitm file under this name, for every key; may be repeated.")
  private Map<String, Path> models = new LinkedHashMap<>();

  @Option(
      names = "--conversions",
      paramLabel = "N",
      defaultValue = "0",
      description = "Conversions at a time; 0, half the processors (${DEFAULT-VALUE}).")
  private int conversions;

  @Option(
      names = "--conversion-memory",
      paramLabel = "SIZE",
      defaultValue = "8g",
      converter = Bytes.class,
      description = "Memory that one conversion may take (${DEFAULT-VALUE}).")
  private long conversionMemory;

  @Option(
      names = "--conversion-disk",
      paramLabel = "SIZE",
      defaultValue = "20g",
      converter = Bytes.class,
      description = "Disk that one conversion may take (${DEFAULT-VALUE}).")
  private long conversionDisk;

  @Option(
      names = "--cache",
      paramLabel = "SIZE",
      defaultValue = "40g",
      converter = Bytes.class,
      description =
          "Disk that libraries kept for the next conversions may take, those of all keys together"
              + " (${DEFAULT-VALUE}); what is unused for longest goes.")
  private long cache;

  @Option(
      names = "--conversion-time",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = Times.class,
      description = "Time that one conversion may take (${DEFAULT-VALUE}).")
  private Duration conversionTime;

  @Option(
      names = "--max-upload",
      paramLabel = "SIZE",
      defaultValue = "8g",
      converter = Bytes.class,
      description = "Largest body with files (${DEFAULT-VALUE}).")
  private long maxUpload;

  @Option(
      names = "--max-uploads",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Bodies with files at a time (${DEFAULT-VALUE}), of one key no more than it leaves to"
              + " others; more wait, then get 429.")
  private int maxUploads;

  @Option(
      names = "--min-free-disk",
      paramLabel = "SIZE",
      defaultValue = "1g",
      converter = Bytes.class,
      description = "Space that uploads leave on the disk of --data (${DEFAULT-VALUE}).")
  private long minFreeDisk;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Connections at a time (${DEFAULT-VALUE}); more wait.")
  private int maxConnections;

  @Option(
      names = "--max-rate",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Requests per second of one key, or of one address without a key (${DEFAULT-VALUE});"
              + " inference is bounded by its queues instead.")
  private int maxRate;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Times.class,
      description = "How long a connection may be silent (${DEFAULT-VALUE}).")
  private Duration idleTimeout;

  @Option(
      names = "--min-rate",
      paramLabel = "SIZE",
      defaultValue = "1k",
      converter = Bytes.class,
      description = "Bytes per second that a sender keeps up (${DEFAULT-VALUE}).")
  private long minRate;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Times.class,
      description =
          "How long requests and conversions may go on when the server is told to stop"
              + " (${DEFAULT-VALUE}); conversions that do not end go back into the queue.")
  private Duration drain;

  ServeOptions() {}

  /**
   * The settings that flags, an environment and the file that they name come to.
   *
   * @param environment variables {@code AIT4J_<OPTION>} among others
   * @throws ModelException (USAGE) if one is wrong
   */
  public static ServerSettings parse(Map<String, String> environment, String... flags) {
    return Layered.fill(new ServeOptions(), environment, flags).settings();
  }

  ServerSettings settings() {
    Path data = database.data();
    atLeast("--conversions", conversions, 0);
    atLeast("--max-uploads", maxUploads, 1);
    atLeast("--max-connections", maxConnections, 1);
    atLeast("--max-rate", maxRate, 1);
    int processors = Runtime.getRuntime().availableProcessors();
    return new ServerSettings(
        name == null ? Machine.name() + "-" + HexFormat.of().toHexDigits(data.hashCode()) : name,
        data,
        new HttpSettings(
            host,
            port,
            tls.files(),
            data.resolve("uploads"),
            maxUpload,
            maxUploads,
            maxConnections,
            maxRate,
            idleTimeout,
            minRate,
            minFreeDisk),
        database.database(),
        store == null ? data.resolve("store").toUri().toString() : store,
        models,
        conversions == 0 ? Math.max(1, processors / 2) : conversions,
        new WorkerLimits(conversionMemory, conversionDisk, conversionTime),
        cache,
        inference.settings(data.resolve("inference")),
        retention.retention(),
        drain);
  }

  private static void atLeast(String option, int value, int least) {
    if (value < least) {
      throw new ModelException(
          ModelException.Kind.USAGE, "%s is %d or more, not %d".formatted(option, least, value));
    }
  }
}
