package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaAttentionPrinterTest {
  private static final CudaTarget AMPERE = new CudaTarget(List.of("sm_80"));
  private static final CudaTarget HOPPER = new CudaTarget(List.of("sm_90a"));

  @TempDir Path folder;

  private static Attentions halves(long batch, long length, long width) {
    return Attentions.of(DType.FLOAT16, batch, 12, length, width);
  }

  @Test
  void halvesTakeTheTensorCoresWhereTheyAre() {
    CudaKernelText hopper = halves(32, 128, 64).print(HOPPER);
    assertThat(hopper.device())
        .contains("ait::attention_wgmma<ait::float16,")
        .doesNotContain("attention_simt");
    assertThat(halves(32, 128, 64).print(AMPERE).device())
        .contains("ait::attention_mma<ait::float16,")
        .doesNotContain("wgmma", "attention_simt");
    assertThat(Attentions.of(DType.FLOAT32, 1, 12, 128, 64).print(HOPPER).device())
        .contains("ait::attention_simt<float, float, float,")
        .doesNotContain("wgmma");
  }

  @Test
  void whatACallerBringsIsLookedAtFirst() {
    CudaKernelText text = halves(32, 128, 64).input().print(HOPPER);
    assertThat(text.device()).contains("attention_wgmma", "attention_simt");
    assertThat(text.host())
        .contains("if (cx.capability == 90 && ait::attention_copies(problem, p0 + 0, ")
        .contains("if (ait::is_aligned_run(p0, 8))");
  }

  @Test
  void whatAllBatchesShareIsNotCopied() {
    CudaKernelText text = halves(32, 128, 64).withShared().print(HOPPER);
    assertThat(text.host())
        .contains("if (cx.capability == 90 && ait::attention_copies(problem, p0 + 0, ")
        .contains("ait::attention_mma_launch");
    assertThat(text.device()).doesNotContain("attention_simt");
    assertThat(halves(1, 128, 64).withShared().print(HOPPER).device())
        .doesNotContain("attention_mma");
  }

  @Test
  void headsWhoseRowsAreNotStepsOfTheCopyEngineAreReadOtherwise() {
    assertThat(halves(1, 100, 20).print(HOPPER).device()).contains("attention_wgmma"); // 720 apart
    assertThat(Attentions.of(DType.FLOAT16, 1, 3, 100, 20).print(HOPPER).device())
        .doesNotContain("attention_wgmma"); // 180 apart
    assertThat(halves(1, 100, 320).print(HOPPER).device())
        .contains("attention_simt")
        .doesNotContain("attention_wgmma", "attention_mma");
  }

  @Test
  void theScoreIsAFunctorOfItsPlace() {
    assertThat(halves(2, 100, 64).withMask().print(HOPPER).device())
        .contains("operator()(int b, int h, int i, int j, float score)", "score + e0");
    assertThat(halves(2, 100, 64).print(HOPPER).device()).contains("ait::PlainScore");
  }

  @Test
  void tilesFitTheWidth() {
    for (long width : new long[] {32, 64, 80, 128, 160, 256}) {
      assertThat(AttentionTile.candidates(halves(1, 100, width).template()))
          .isNotEmpty()
          .allMatch(tile -> tile.width() >= width && tile.width() - width < 128);
    }
    assertThat(AttentionTile.candidates(halves(1, 100, 257).template())).isEmpty();
  }

  @Test
  void compilesForAmpereAndHopper() throws Exception {
    Dim.Symbol length = new Dim.Symbol("l", 0, 512, null);
    List<CudaKernelText> texts =
        List.of(
            halves(32, 128, 64).input().print(HOPPER),
            halves(1, 197, 64).withMask().print(HOPPER),
            halves(1, 197, 64).withMask().print(AMPERE),
            halves(1, 197, 80).withCausal().print(AMPERE),
            halves(1, 197, 128).withCausal().print(HOPPER),
            Attentions.of(DType.BFLOAT16, 2, 4, 16, 80)
                .length(Dim.of(length))
                .print(HOPPER, length),
            Attentions.of(DType.FLOAT32, 2, 4, 50, 33).withMask().print(HOPPER));
    Nvcc.compiles(folder, texts, "sm_80", "sm_90a");
  }
}
