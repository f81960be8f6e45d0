package io.ait4j.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CudaTargetTest {
  @ParameterizedTest
  @ValueSource(strings = {"cuda:sm_80", "cuda:sm_90a", "cuda:sm_80,sm_90a", "cpu:x86-64-v3"})
  void aTargetReadsAsItIsSpelled(String text) {
    assertThat(Target.parse(text).spelling()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda:", "cuda:sm_75", "cuda:sm_80,", "cuda:sm_90;rm", "gpu", "cuda:90"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Target.parse(text))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cuda:sm_90a");
  }

  @ParameterizedTest
  @CsvSource({
    "cuda:sm_80,80,true",
    "cuda:sm_80,90,true", // from its PTX
    "cuda:sm_90,89,false",
    "cuda:sm_90a,90,true",
    "cuda:sm_90a,100,false",
    "'cuda:sm_80,sm_90a',89,true",
    "cuda:sm_100f,103,true",
    "cuda:sm_100f,120,false"
  })
  void codeRunsOnWhatItIsFor(String target, int capability, boolean runs) {
    assertThat(((CudaTarget) Target.parse(target)).runsOn(capability)).isEqualTo(runs);
  }

  @Test
  @DisabledIf(
      value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
      disabledReason = "this machine has a GPU")
  void withoutAGpuItsArchitectureMustBeSaid() {
    assertThatThrownBy(() -> Target.parse("cuda"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("NVIDIA driver")
        .hasMessageContaining("cuda:sm_90a");
  }
}
