package io.ait4j.web.infer;

/** A worker process ended before it had loaded its model. */
final class WorkerDied extends Exception {
  private static final long serialVersionUID = 1L;

  WorkerDied(String how) {
    super(how);
  }
}
