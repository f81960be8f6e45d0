package io.ait4j.web.infer;

/**
 * What a model has done since it was loaded.
 *
 * @param lastMillis when it last answered, in milliseconds of the epoch; 0 if it never did
 * @param runs each of one request or a batch
 * @param requestNanos of all that were answered, as the other times
 */
public record ModelStatistics(
    long lastMillis,
    long successes,
    long failures,
    long runs,
    double requestNanos,
    double queueNanos,
    double computeNanos) {}
