package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;

/** Comparisons of sizes and strides, which are never negative; symbols count as being above 1. */
final class Dims {
  private Dims() {}

  /** Order of two expressions as far as bounds tell; 0 if equal or if they do not. */
  static int compare(Dim a, Dim b) {
    if (a.equals(b)) {
      return 0;
    }
    Dim difference = a.minus(b);
    if (difference.min() >= 0) {
      return 1;
    }
    return difference.max() <= 0 ? -1 : 0;
  }

  static boolean less(Dim a, Dim b) {
    return compare(a, b) < 0;
  }
}
