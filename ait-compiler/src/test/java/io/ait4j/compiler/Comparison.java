package io.ait4j.compiler;

import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.DType;
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
   * of zero included. A result of a half type is compared with float32 numbers: it is the nearest
   * number of its type to one that agrees with them.
   *
   * @param magnitude what a result that may cancel typically is, since its rounding errors are
   *     those of its terms, however small it turns out
   */
  static Optional<String> difference(
      NativeTensor actual, NativeTensor expected, double tolerance, double magnitude) {
    boolean rounded = Halves.isHalf(actual.dtype()) && expected.dtype() == DType.FLOAT32;
    if (!actual.shape().equals(expected.shape())
        || actual.dtype() != expected.dtype() && !rounded) {
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
    double nearest = Halves.round(actual.dtype(), e);
    boolean same =
        tolerance == 0
            ? Double.compare(a, nearest) == 0
            : a == nearest
                || Double.isNaN(a) && Double.isNaN(e)
                || Math.abs(a - e) <= tolerance * (Math.abs(e) + scale) + rounding(actual, a, e);
    return same ? "" : "[" + i + "] is " + a + ", libtorch has " + e;
  }

  /** Half the distance between neighbours at a result of a half type, 0 for others. */
  private static double rounding(NativeTensor actual, double a, double e) {
    double magnitude = Math.max(Math.abs(a), Math.abs(e));
    return switch (actual.dtype()) {
      case FLOAT16 -> Math.max(Math.ulp((float) magnitude) * 0x1p12, 0x1p-25);
      case BFLOAT16 -> Math.ulp((float) magnitude) * 0x1p15;
      default -> 0;
    };
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
