package io.ait4j.lower.verify;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.DType;
import java.util.OptionalDouble;

/**
 * How far an output may be from its reference.
 *
 * @param given what the user says, for every output
 * @param precision in which numbers are kept on the way to it
 */
record Tolerance(OptionalDouble given, Precision precision) {
  /** For an output of this type: that of the coarser of the two types if the user says nothing. */
  double of(DType dtype) {
    return given.orElse(
        Math.max(
            Comparison.defaultTolerance(dtype), Comparison.defaultTolerance(precision.storage())));
  }
}
