package io.ait4j.lower.verify;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.DType;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How far an output may be from its reference.
 *
 * @param given what the user says, for every output
 * @param precision in which numbers are kept on the way to it
 * @param inputs what the inputs were rounded to, if anything
 */
record Tolerance(OptionalDouble given, Precision precision, Optional<Precision> inputs) {
  /** For an output of this type: that of the coarsest of these types if the user says nothing. */
  double of(DType dtype) {
    return given.orElse(
        Stream.of(dtype, precision.digits(), inputs.orElse(precision).digits())
            .mapToDouble(Comparison::defaultTolerance)
            .max()
            .getAsDouble());
  }
}
