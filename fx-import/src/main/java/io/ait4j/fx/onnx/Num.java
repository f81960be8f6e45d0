package io.ait4j.fx.onnx;

import io.ait4j.fx.Dim;

/** One element of a {@link KnownTensor}. */
sealed interface Num {
  /** An integer, perhaps in symbols; a truth value is 0 or 1. */
  record Whole(Dim value) implements Num {}

  record Real(double value) implements Num {}

  static Num of(long value) {
    return new Whole(Dim.of(value));
  }
}
