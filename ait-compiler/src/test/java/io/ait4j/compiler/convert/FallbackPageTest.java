package io.ait4j.compiler.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.rules.CoreOperators;
import io.ait4j.fx.rules.StayReason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FallbackPageTest {
  private static final String COMMAND =
      "mvn test -pl ait-compiler -am -Dtest=FallbackPageTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dfallback.write";

  @Test
  void thePageSaysWhatTheCodeDoes() throws IOException {
    if (System.getProperty("fallback.write") != null) {
      FallbackPage.write();
    }
    assertThat(Files.readString(FallbackPage.FILE))
        .as("docs/fallback.md is out of date; write it anew with: " + COMMAND)
        .isEqualTo(FallbackPage.text());
  }

  @Test
  void reasonsAreFoundByNameAndByRule() {
    assertReason(StayReason.DATA_DEPENDENT_SIZE, "nonzero", "masked_select", "unique_dim");
    assertReason(StayReason.RANDOM, "bernoulli", "randn_like", "normal_functional");
    assertReason(StayReason.COMPLEX, "fft_rfft2", "stft", "polar", "imag");
    assertReason(StayReason.LINEAR_ALGEBRA, "linalg_svd", "cholesky_solve", "logdet", "qr");
    assertReason(StayReason.QUANTIZED, "quantize_per_tensor", "dequantize.self", "int_repr");
    assertReason(StayReason.SPARSE, "to_sparse", "coalesce", "sparse_mask");
    assertReason(
        StayReason.STRIDES, "as_strided", "as_strided_scatter", "view.dtype", "view_copy.dtype");
    assertReason(StayReason.TRAINING, "relu_backward", "native_batch_norm");
    assertReason(StayReason.NAMES, "mean.names_dim", "diagonal.Dimname", "rename");
    assertReason(
        StayReason.NO_KERNEL, "max_unpool2d", "polygamma", "igamma", "pdist", "gradient.scalarint");
  }

  @Test
  void noCompiledOperatorIsOnThePage() {
    assertThat(FallbackPage.staying().values())
        .allSatisfy(
            targets -> assertThat(targets).doesNotContainAnyElementsOf(CoreOperators.all()));
  }

  private static void assertReason(StayReason reason, String... names) {
    assertThat(Arrays.stream(names).map(name -> OpTarget.parse("aten::" + name)))
        .allSatisfy(target -> assertThat(StayReason.of(target)).isEqualTo(reason));
  }
}
