package io.ait4j.web.infer;

/** A run on random inputs, by which a worker gets to know its model, does not end. */
final class TrialFailed extends Exception {
  private static final long serialVersionUID = 1L;

  TrialFailed(String why) {
    super(why, null, false, false);
  }
}
