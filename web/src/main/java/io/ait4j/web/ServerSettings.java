package io.ait4j.web;

import io.ait4j.web.database.DatabaseSettings;
import io.ait4j.web.http.HttpSettings;
import io.ait4j.web.infer.InferenceSettings;
import io.ait4j.web.jobs.Retention;
import io.ait4j.web.process.WorkerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What an operator sets; {@code ait4j serve --help} says what each is for.
 *
 * @param name of this server among those that share a database
 * @param data a folder of this server's own: caches, what is temporary, and by default the database
 *     and the store
 * @param store {@code file:/path} or {@code s3://bucket/prefix}
 * @param models {@code .aitm} files to serve, by the names under which to serve them
 * @param conversions at a time
 * @param conversionLimits of each
 * @param cacheBytes that compiled libraries of all owners may take in {@code data}
 * @param inference how models are served
 * @param drain for what is under way when the server is told to stop
 */
public record ServerSettings(
    String name,
    Path data,
    HttpSettings http,
    DatabaseSettings database,
    String store,
    Map<String, Path> models,
    int conversions,
    WorkerLimits conversionLimits,
    long cacheBytes,
    InferenceSettings inference,
    Retention retention,
    Duration drain) {
  public ServerSettings {
    Objects.requireNonNull(name);
    Objects.requireNonNull(data);
    Objects.requireNonNull(http);
    Objects.requireNonNull(database);
    Objects.requireNonNull(store);
    models = Map.copyOf(models);
    Objects.requireNonNull(conversionLimits);
    Objects.requireNonNull(inference);
    Objects.requireNonNull(retention);
    Objects.requireNonNull(drain);
  }
}
