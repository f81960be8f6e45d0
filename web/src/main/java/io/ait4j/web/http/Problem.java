package io.ait4j.web.http;

import java.util.List;
import java.util.Objects;

/**
 * An error as callers see it: {@code application/problem+json}, RFC 9457. On {@code /v2} the detail
 * stands in a member {@code error} too, as the Open Inference Protocol has it.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is stable about a kind of error: {@code /problems/<slug>}, its title and its status. */
  public record Type(String slug, String title, int status) {
    public Type {
      Objects.requireNonNull(slug);
      Objects.requireNonNull(title);
    }
  }

  private final Type type;
  private final transient List<String> errors;
  private final int retryAfterSeconds;

  /**
   * @param detail for whoever sent the request: what, why, and what to do
   */
  public Problem(Type type, String detail) {
    this(type, detail, List.of(), 0);
  }

  /**
   * @param errors what is wrong, one by one, if there is more than one thing
   * @param retryAfterSeconds for the header of that name; 0 for none
   */
  public Problem(Type type, String detail, List<String> errors, int retryAfterSeconds) {
    super(detail, null, false, false);
    this.type = type;
    this.errors = List.copyOf(errors);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The kind of error. */
  public Type type() {
    return type;
  }

  /** What is wrong, one by one. */
  public List<String> errors() {
    return errors;
  }

  /** Seconds after which to try again; 0 if that is not what to do. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
