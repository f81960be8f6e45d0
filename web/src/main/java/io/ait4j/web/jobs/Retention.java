package io.ait4j.web.jobs;

import java.time.Duration;
import java.util.Optional;

/**
 * How long things are kept; empty: until they are deleted. The newest version of a model with a
 * name stays, with its job.
 *
 * @param jobs from a job's end on
 * @param artifacts results, from their job's end on: the job stays and says what it was
 * @param uploads from their arrival on; a job that is not final keeps its own
 * @param audit entries of the audit log
 */
public record Retention(
    Optional<Duration> jobs,
    Optional<Duration> artifacts,
    Optional<Duration> uploads,
    Optional<Duration> audit) {
  /** Nothing goes by itself. */
  public static final Retention FOREVER =
      new Retention(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
