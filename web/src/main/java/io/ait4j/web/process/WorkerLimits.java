package io.ait4j.web.process;

import java.time.Duration;

/**
 * What a worker process, with all that it starts, may take.
 *
 * @param memoryBytes of memory that is its own
 * @param diskBytes in its folder
 * @param time from its start to its end; null for a worker that serves
 */
public record WorkerLimits(long memoryBytes, long diskBytes, Duration time) {
  public WorkerLimits {
    if (memoryBytes <= 0 || diskBytes <= 0) {
      throw new IllegalArgumentException(
          "limits are positive: memory " + memoryBytes + ", disk " + diskBytes);
    }
  }
}
