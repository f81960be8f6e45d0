package io.ait4j.web.jobs;

/** An idempotency key came again with another request. */
public final class IdempotencyConflict extends Exception {
  private static final long serialVersionUID = 1L;

  /** Names the job that has the key. */
  public IdempotencyConflict(String job) {
    super("this Idempotency-Key belongs to another request, conversion " + job);
  }
}
