package io.ait4j.web.jobs;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionSettings;
import io.ait4j.web.convert.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversion as the database has it.
 *
 * @param id {@code c-} and 26 characters of {@code [a-z0-9]}, in the order of creation
 * @param owner the id of the key that asked for it; {@code anonymous} on an open server
 * @param modelVersion under {@link ConversionSettings#name}, counted from 1 as jobs succeed; 0
 *     before
 * @param percent 0 to 100
 * @param message what is being done, or was last
 * @param attempts how often a worker has begun it
 * @param worker the server that has it, or had it last; empty before the first
 * @param failure why there is no result
 * @param artifact the result
 * @param seconds how long each stage took
 * @param sharedWith the job whose result this one shares, as both asked for the same
 */
public record Job(
    String id,
    String owner,
    JobState state,
    Optional<Stage> stage,
    int percent,
    String message,
    Upload model,
    Optional<Upload> weights,
    List<Upload> samples,
    ConversionSettings settings,
    int modelVersion,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> finished,
    int attempts,
    String worker,
    Optional<Failure> failure,
    Optional<Artifact> artifact,
    Map<String, Double> seconds,
    Optional<String> sharedWith) {

  /**
   * Why a job failed.
   *
   * @param detail for the model's owner
   */
  public record Failure(ConversionFailed.Cause cause, String detail) {}

  /**
   * What a job made; each key is one of the store.
   *
   * @param sha256 of the {@code .aitm} file, hexadecimal
   * @param bytes its size
   */
  public record Artifact(
      String sha256,
      long bytes,
      String key,
      String reportJsonKey,
      String reportHtmlKey,
      Optional<String> measurementsKey) {}

  /** Under which name the model is served. */
  public String modelName() {
    return settings.name() == null ? id : settings.name();
  }
}
