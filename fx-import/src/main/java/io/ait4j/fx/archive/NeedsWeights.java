package io.ait4j.fx.archive;

/** Why a model cannot be loaded without its weights, though nothing is wrong with it. */
final class NeedsWeights extends Exception {
  private static final long serialVersionUID = 1L;

  NeedsWeights(String message) {
    super(message);
  }
}
