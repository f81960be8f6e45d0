package io.ait4j.web.process;

import java.util.List;

/**
 * How a worker process ended.
 *
 * @param code of the process; 128 and the signal's number if a signal ended it
 * @param lastWords the last lines that it printed to standard error, fit for a log
 */
public record WorkerExit(Reason reason, int code, List<String> lastWords) {
  /** Why it ended. */
  public enum Reason {
    /** It had done its work. */
    DONE,
    /** It died by itself. */
    CRASH,
    /** {@link WorkerProcess#kill} ended it. */
    KILLED,
    /** Out of the memory that it may take. */
    MEMORY,
    /** More in its folder than it may have there. */
    DISK,
    /** Longer than it may take. */
    TIME
  }

  public WorkerExit {
    lastWords = List.copyOf(lastWords);
  }
}
