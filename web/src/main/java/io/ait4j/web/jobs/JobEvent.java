package io.ait4j.web.jobs;

import io.ait4j.web.convert.Stage;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a job.
 *
 * @param number counts a job's events from 1
 * @param kind {@code state}, {@code progress} or {@code log}
 * @param message a few words, or a line of the log
 */
public record JobEvent(
    String job,
    long number,
    Instant at,
    String kind,
    JobState state,
    Optional<Stage> stage,
    int percent,
    String message) {}
