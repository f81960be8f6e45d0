package io.ait4j.compiler;

import io.ait4j.fx.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * In which type floating-point numbers are kept between kernels, where the model says float32. Sums
 * and everything within a kernel are float32 whichever it is; inputs, outputs and what the model
 * itself says in another type stay what they are.
 */
public enum Precision {
  FP32(DType.FLOAT32),
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

  /** As the command line spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
