package io.ait4j.web.convert;

import java.util.Locale;

/** A conversion ended without a result. */
public final class ConversionFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why; its JSON name ends the problem's type. */
  public enum Cause {
    /** Wrong settings, shapes, names. */
    USAGE,
    /** The model, or a file beside it, cannot be read. */
    IMPORT,
    /** A partition cannot be compiled. */
    COMPILE,
    /** The module failed while it ran on its samples. */
    RUN,
    /** A file cannot be written. */
    IO,
    /** Outputs are not those recorded. */
    MISMATCH,
    /** Out of the memory that a conversion may take. */
    MEMORY_LIMIT,
    /** Longer than a conversion may take. */
    TIME_LIMIT,
    /** More disk than a conversion may take. */
    DISK_LIMIT,
    /** The worker process died: worth another try. */
    CRASH,
    /** A defect of ait4j. */
    DEFECT;

    /** As JSON spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Cause cause;

  /**
   * @param message for the model's owner: what, why, and what to do
   */
  public ConversionFailed(Cause cause, String message) {
    super(message);
    this.cause = cause;
  }

  /** Which kind of failure it is. */
  public Cause kind() {
    return cause;
  }
}
