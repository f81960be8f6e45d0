package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Optional;

/**
 * Floats made of sizes: {@code int(h * 0.5)}, {@code ceil(h / 3)}. Rounding them to integers is
 * exact below the 50 bits that sizes have, since a quotient that is no integer is farther from one
 * than a double's precision.
 */
final class Ratios {
  private static final long LARGEST = 1L << 50;
  private static final long FINEST = 1L << 16;

  private Ratios() {}

  /** The float of a size; null if it is none. */
  static JitValue of(JitValue value) {
    return value instanceof JitValue.Ratio
        ? value
        : SymbolicSizes.dim(value).map(d -> ratio(d, 1)).orElse(null);
  }

  /** True division by a positive constant. */
  static JitValue over(List<JitValue> in) {
    Optional<Dim> divisor = SymbolicSizes.dim(in.get(1));
    return !isTraced(in)
            && divisor.isPresent()
            && divisor.get().isConst()
            && divisor.get().value() > 0
            && of(in.get(0)) instanceof JitValue.Ratio(Dim numerator, long denominator)
        ? ratio(numerator, Math.multiplyExact(denominator, divisor.get().value()))
        : null;
  }

  /** A product with a float that is a fraction over a power of two, which is exact. */
  static JitValue times(List<JitValue> in) {
    for (int i = 0; i < 2 && !isTraced(in); i++) {
      if (in.get(i) instanceof JitValue.Leaf(Arg.Float(double factor))
          && factor * FINEST == Math.rint(factor * FINEST)
          && Math.abs(factor) < FINEST
          && of(in.get(1 - i)) instanceof JitValue.Ratio(Dim numerator, long denominator)) {
        long scale = FINEST;
        long scaled = (long) (factor * FINEST);
        while (scale > 1 && scaled % 2 == 0) {
          scale /= 2;
          scaled /= 2;
        }
        return ratio(numerator.times(scaled), Math.multiplyExact(denominator, scale));
      }
    }
    return null;
  }

  /** A traced size is a tensor, and so is what is computed with it. */
  private static boolean isTraced(List<JitValue> in) {
    return in.stream().anyMatch(v -> v instanceof JitValue.TensorNumber);
  }

  private static JitValue ratio(Dim numerator, long denominator) {
    return numerator.max() < LARGEST && numerator.min() > -LARGEST && denominator < LARGEST
        ? new JitValue.Ratio(numerator, denominator)
        : null;
  }

  static JitValue truncated(List<JitValue> in) {
    return in.getFirst() instanceof JitValue.Ratio(Dim numerator, long d) && numerator.min() >= 0
        ? JitValue.of(numerator.floorDiv(d))
        : null;
  }

  static JitValue floor(List<JitValue> in) {
    return in.getFirst() instanceof JitValue.Ratio(Dim numerator, long denominator)
        ? JitValue.of(numerator.floorDiv(denominator))
        : null;
  }

  static JitValue ceil(List<JitValue> in) {
    return in.getFirst() instanceof JitValue.Ratio(Dim numerator, long denominator)
        ? JitValue.of(numerator.ceilDiv(Dim.of(denominator)))
        : null;
  }
}
