package io.ait4j.web.convert;

import java.util.Locale;

/** What a conversion is at, in order. */
public enum Stage {
  /** Reading the model into a graph. */
  IMPORT,
  /** Planning which nodes are compiled. */
  PARTITION,
  /** Compiling the partitions. */
  COMPILE,
  /** Writing the {@code .aitm} file. */
  WRITE,
  /** Running it on the recorded samples and comparing. */
  VERIFY,
  /** Timing kernels, and the whole beside libtorch. */
  MEASURE;

  /** As JSON spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
