package io.ait4j.compiler;

import io.ait4j.fx.NativeTensor;
import java.util.Optional;

/** What separates a result from libtorch's. */
final class Comparison {
  private Comparison() {}

  /** The same for results that are not much smaller than what they are made of. */
  static Optional<String> difference(NativeTensor actual, NativeTensor expected, double tolerance) {
    return difference(actual, expected, tolerance, 0);
  }

  /**
   * Empty if the two agree: integers exactly; floating-point numbers within {@code tolerance} of
   * the element, or of the root mean square (at least 1e-6, at most 1) of all, or of {@code
   * magnitude}; infinities and NaN at the same places. A tolerance of 0 asks for equal bits, signs
   * of zero included.
   *
   * @param magnitude what a result that may cancel typically is, since its rounding errors are
   *     those of its terms, however small it turns out
   */
  static Optional<String> difference(
      NativeTensor actual, NativeTensor expected, double tolerance, double magnitude) {
    if (!actual.shape().equals(expected.shape()) || actual.dtype() != expected.dtype()) {
      return Optional.of("is " + actual + ", libtorch has " + expected);
    }
    long n = expected.numel();
    long wrong = 0;
    String first = "";
    double scale = Math.max(magnitude, Math.clamp(rms(expected), 1e-6, 1));
    for (long i = 0; i < n; i++) {
      String text = difference(actual, expected, i, tolerance, scale);
      if (!text.isEmpty() && wrong++ == 0) {
        first = text;
      }
    }
    return wrong == 0
        ? Optional.empty()
        : Optional.of(wrong + " of " + n + " elements of " + expected + " differ, " + first);
  }

  private static String difference(
      NativeTensor actual, NativeTensor expected, long i, double tolerance, double scale) {
    if (!expected.dtype().isFloating()) {
      long a = Elements.integer(actual, i);
      long e = Elements.integer(expected, i);
      return a == e ? "" : "[" + i + "] is " + a + ", libtorch has " + e;
    }
    double a = Elements.floating(actual, i);
    double e = Elements.floating(expected, i);
    boolean same =
        tolerance == 0
            ? Double.compare(a, e) == 0
            : a == e
                || Double.isNaN(a) && Double.isNaN(e)
                || Math.abs(a - e) <= tolerance * (Math.abs(e) + scale);
    return same ? "" : "[" + i + "] is " + a + ", libtorch has " + e;
  }

  private static double rms(NativeTensor tensor) {
    double squares = 0;
    long n = tensor.numel();
    for (long i = 0; i < n; i++) {
      double x = Elements.floating(tensor, i);
      squares += Double.isFinite(x) ? x * x : 0;
    }
    return Math.sqrt(squares / Math.max(1, n));
  }
}
