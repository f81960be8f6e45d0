package io.ait4j.web.jobs;

import io.ait4j.web.convert.ConversionSettings;
import java.util.List;
import java.util.Optional;

/**
 * A conversion that somebody asks for.
 *
 * @param idempotencyKey what the caller's header says, at most 255 characters
 */
public record Submission(
    String owner,
    Upload model,
    Optional<Upload> weights,
    List<Upload> samples,
    ConversionSettings settings,
    Optional<String> idempotencyKey) {
  public Submission {
    samples = List.copyOf(samples);
  }
}
