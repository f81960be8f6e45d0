package io.ait4j.compiler;

import io.ait4j.fx.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * In which type floating-point numbers are kept between kernels, where the model says float32: what
 * products, convolutions and attention read and write, what pointwise work makes of that, and the
 * weights of products. Sums and everything within a kernel are float32 whichever it is; inputs,
 * outputs, statistics and what the model itself says in another type stay what they are. On CPUs
 * the weights of depthwise convolutions and of those by Winograd's algorithm stay float32, too: the
 * former are few, and the latter's transforms would multiply their rounding.
 */
public enum Precision {
  FP32(DType.FLOAT32),
  /**
   * Kept as float32; the tensor cores of GPUs, where they multiply such numbers in products and
   * convolutions, read 10 of the 23 binary digits after the point, rounded to the nearest.
   */
  TF32(DType.FLOAT32),
  FP16(DType.FLOAT16),
  BF16(DType.BFLOAT16);

  private final DType storage;

  Precision(DType storage) {
    this.storage = storage;
  }

  /** The one that is spelled so; empty if there is none. */
  public static Optional<Precision> named(String text) {
    return Arrays.stream(values()).filter(known -> known.toString().equals(text)).findFirst();
  }

  /** The type in memory. */
  public DType storage() {
    return storage;
  }

  /** The type with as few digits as the coarsest numbers of a run: what tolerances follow. */
  public DType digits() {
    return this == TF32 ? DType.FLOAT16 : storage;
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
