package io.ait4j.web.infer;

import java.util.Locale;

/** A request to a model that has no result. */
public final class InferenceFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** There is no model, or no version, of the name. */
    UNKNOWN_MODEL,
    /** The request does not fit the model. */
    BAD_REQUEST,
    /** More than a request to the model may hold. */
    TOO_LARGE,
    /** As many requests wait as may: try again. */
    BUSY,
    /** Nobody waits for the result any more. */
    GONE,
    /** No result in time. */
    TIMEOUT,
    /** The model cannot be loaded, or there is no memory for it now. */
    UNAVAILABLE,
    /** The model failed on these inputs. */
    MODEL_FAILED,
    /** The worker process died with the request in it. */
    WORKER_DIED;

    /** As meters spell it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Reason reason;

  static InferenceFailed unavailable(String model, String why) {
    return new InferenceFailed(Reason.UNAVAILABLE, "model '" + model + "': " + why);
  }

  InferenceFailed(Reason reason, String message) {
    super(message, null, true, false);
    this.reason = reason;
  }

  /** Which kind of failure it is. */
  public Reason reason() {
    return reason;
  }
}
