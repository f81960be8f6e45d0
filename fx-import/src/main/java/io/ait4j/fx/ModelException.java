package io.ait4j.fx;

/**
 * A model that cannot be read, converted or run, told to its user: the message names what, why and
 * what to do, and is fit to be printed without a stack trace.
 */
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure; the command line's exit code and the report's status follow from it. */
  public enum Kind {
    /** Wrong use: options, shapes, dtypes, names. */
    USAGE,
    /** The model file cannot be read or imported. */
    IMPORT,
    /** A partition cannot be compiled. */
    COMPILE,
    /** The module failed while running. */
    RUN,
    /** A file or folder cannot be written: no permission, no space, no such folder. */
    IO
  }

  private final Kind kind;

  public ModelException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ModelException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
