package io.ait4j.lower.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.DType;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {
  @ParameterizedTest
  @CsvSource({
    "FP32,FLOAT32,1e-4",
    "FP32,FLOAT16,5e-3",
    "TF32,FLOAT32,5e-3",
    "FP16,FLOAT32,5e-3",
    "FP16,BFLOAT16,2e-2",
    "BF16,FLOAT32,2e-2"
  })
  void theCoarserOfOutputAndPrecisionDecides(Precision precision, DType dtype, double expected) {
    assertThat(new Tolerance(OptionalDouble.empty(), precision, Optional.empty()).of(dtype))
        .isEqualTo(expected);
    assertThat(new Tolerance(OptionalDouble.of(1e-7), precision, Optional.empty()).of(dtype))
        .isEqualTo(1e-7);
  }
}
