package io.ait4j.compiler;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** What random tensors hold. */
final class Contents {
  private static final double[] EXTREMES = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    -2.5,
    2,
    3,
    1e-3,
    -1e-3,
    1e-8,
    -1e-8,
    6e-8,
    1e-30,
    -1e-40,
    20.5,
    -20.5,
    88.5,
    -87,
    -104,
    1e4,
    -7e4,
    65504,
    65520,
    1e10,
    -1e30,
    3.4e38,
    1e300,
    -1e-300,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    Math.PI,
    16777217,
    -6,
    0.9999999
  };

  private Contents() {}

  /** Normal numbers; integers from 0 to 7. */
  static final BiConsumer<NativeTensor, Random> NORMAL =
      (t, random) -> each(t, r -> r.nextGaussian(), 8, 0, random);

  /** Numbers above 0; integers from 1 to 7. */
  static final BiConsumer<NativeTensor, Random> POSITIVE =
      (t, random) -> each(t, r -> Math.exp(3 * r.nextGaussian()), 7, 1, random);

  /** Numbers between -1 and 1. */
  static final BiConsumer<NativeTensor, Random> UNIT =
      (t, random) -> each(t, r -> 2 * r.nextDouble() - 1, 2, 0, random);

  /** Numbers of any magnitude, infinities, NaN, both zeros; integers of the whole range. */
  static final BiConsumer<NativeTensor, Random> ANY =
      (t, random) -> {
        long n = NativeTensor.reach(t.sizes(), t.strides());
        for (long i = 0; i < n; i++) {
          double x =
              switch (random.nextInt(3)) {
                case 0 -> EXTREMES[random.nextInt(EXTREMES.length)];
                case 1 -> random.nextGaussian();
                default -> random.nextGaussian() * Math.exp(20 * random.nextGaussian());
              };
          Elements.store(t, i, x, integer(t.dtype(), random));
        }
      };

  /** As {@link #ANY}, but integers may divide: neither 0 nor -1. */
  static final BiConsumer<NativeTensor, Random> DIVISORS =
      (t, random) -> {
        ANY.accept(t, random);
        long n = NativeTensor.reach(t.sizes(), t.strides());
        for (long i = 0; i < n && !t.dtype().isFloating(); i++) {
          Elements.store(
              t, i, 0, random.nextBoolean() ? 1 + random.nextInt(9) : -2 - random.nextInt(9));
        }
      };

  /** Multiples of 1/64 from -1.5 to 1.5: places in small images that no rounding moves. */
  static final BiConsumer<NativeTensor, Random> DYADIC =
      (t, random) -> each(t, r -> (r.nextInt(193) - 96) / 64.0, 2, 0, random);

  /** Numbers that every integer type holds when their fraction is cut off. */
  static final BiConsumer<NativeTensor, Random> SMALL =
      (t, random) -> each(t, r -> 127 * r.nextDouble(), 127, 0, random);

  /** As {@link #ANY}, but each row of a contiguous tensor ascends, NaN last. */
  static final BiConsumer<NativeTensor, Random> ASCENDING =
      (t, random) -> {
        ANY.accept(t, random);
        int length = t.sizes().length == 0 ? 1 : (int) t.sizes()[t.sizes().length - 1];
        for (long row = 0; row < t.numel(); row += length) {
          double[] numbers = new double[length];
          long[] integers = new long[length];
          for (int i = 0; i < length; i++) {
            numbers[i] = Elements.floating(t, row + i);
            integers[i] = t.dtype().isFloating() ? 0 : Elements.integer(t, row + i);
          }
          Arrays.sort(numbers);
          Arrays.sort(integers);
          for (int i = 0; i < length; i++) {
            Elements.store(t, row + i, numbers[i], integers[i]);
          }
        }
      };

  private static long integer(DType dtype, Random random) {
    int bits = dtype == DType.BOOL ? 1 : dtype.bytes() * 8;
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(9) - 4;
      case 1 -> (1L << (bits - 1)) + random.nextInt(3) - 1; // the ends of the range
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private static void each(
      NativeTensor t, ToDoubleFunction<Random> floating, int range, int first, Random random) {
    long n = NativeTensor.reach(t.sizes(), t.strides());
    for (long i = 0; i < n; i++) {
      int integer = first + random.nextInt(range);
      Elements.store(
          t, i, floating.applyAsDouble(random), t.dtype() == DType.BOOL ? integer % 2 : integer);
    }
  }
}
