package io.ait4j.compiler;

import io.ait4j.fx.DType;

/**
 * A constant that a library knows.
 *
 * @param name as the library calls it
 * @param bytes of its elements, row-major
 * @param use what reads it
 * @param feedsFold whether folding reads it, so that a new value counts for others after a fold
 * @param bound whether the library brings its value
 */
public record ConstantInfo(
    String name, DType dtype, long bytes, Use use, boolean feedsFold, boolean bound) {
  /** What a constant is for. */
  public enum Use {
    /** Folding alone reads it. */
    FOLDING,
    /** Runs read it as it is. */
    RUNS,
    /** Folding writes it, runs read it. */
    FOLDED
  }
}
