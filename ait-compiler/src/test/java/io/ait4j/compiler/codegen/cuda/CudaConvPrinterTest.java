package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaConvPrinterTest {
  private static final CudaTarget HOPPER = new CudaTarget(List.of("sm_90a"));
  private static final CudaTarget BOTH = new CudaTarget(List.of("sm_80", "sm_90a"));

  @TempDir Path folder;

  private static Convolutions floats(long n, long c, long oc, long size, long kernel) {
    return Convolutions.of(DType.FLOAT32, n, c, oc, size, kernel);
  }

  private static Convolutions halves(long n, long c, long oc, long size, long kernel) {
    return Convolutions.of(DType.FLOAT16, n, c, oc, size, kernel);
  }

  @Test
  void channelsThatLieSideBySideAreReadInRuns() {
    assertThat(floats(1, 64, 64, 56, 3).print().device()).contains(", 4, true>>(");
    assertThat(floats(1, 63, 64, 56, 3).print().device()).contains(", 1, true>>(");
    assertThat(floats(1, 64, 64, 56, 3).channelsFirst().print().device()).contains(", 1, false>>(");
  }

  @Test
  void whatACallerBringsIsReadInRunsIfItIsAligned() {
    CudaKernelText text = floats(1, 64, 64, 56, 3).input().print();
    assertThat(text.device()).contains("@_v0(", "@_v1(", ", 4, true>>(", ", 1, true>>(");
    assertThat(text.host()).contains("if (ait::is_aligned_run(p0, 16))");
    assertThat(floats(1, 64, 64, 56, 3).print().device()).doesNotContain("@_v1(");
  }

  @Test
  void aChannelThatIsAGroupOfItsOwnTakesNoTile() {
    assertThat(floats(1, 96, 96, 56, 3).grouped(96).print().device())
        .contains("ait::conv_depthwise<float, float, 4, 4, 3, 3, 1, false>");
    assertThat(halves(1, 96, 96, 56, 3).grouped(96).strided(2).print().device())
        .contains("ait::conv_depthwise<ait::float16, ait::float16, 8, 2, 3, 3, 2, false>");
    assertThat(floats(1, 97, 97, 56, 3).grouped(97).print().device())
        .contains("ait::conv_direct<float, float, 1>");
    assertThat(floats(1, 96, 96, 56, 3).grouped(96).channelsFirst().print().device())
        .contains("ait::conv_direct<float, float, 1>");
  }

  @Test
  void smallGroupsTakeNoTileLargeOnesDo() {
    assertThat(floats(1, 128, 128, 56, 3).grouped(32).print().device())
        .contains("ait::conv_direct<float, float, 4>");
    assertThat(floats(1, 128, 128, 56, 3).grouped(2).print().device()).contains("conv_simt");
  }

  @Test
  void fewPixelsAreSharedOutMoreFinely() {
    ConvTile many = ConvTile.candidates(floats(64, 64, 128, 56, 3).template()).getFirst();
    ConvTile few = ConvTile.candidates(floats(1, 512, 512, 7, 3).template()).getFirst();
    assertThat(many.rows()).isEqualTo(128);
    assertThat(many.parts()).isEqualTo(1);
    assertThat(few.rows() * few.columns()).isLessThan(64 * 128);
    assertThat(few.parts()).isGreaterThan(1);
  }

  @Test
  void halvesTakeTheTensorCoresWhereTheyAre() {
    assertThat(halves(1, 64, 64, 56, 3).print(HOPPER).device())
        .contains("ait::conv_wgmma<ait::float16,")
        .doesNotContain("conv_simt");
    assertThat(halves(1, 64, 64, 56, 3).print().device()).doesNotContain("wgmma");
    assertThat(floats(1, 64, 64, 56, 3).print(HOPPER).device()).doesNotContain("wgmma");
    assertThat(halves(1, 60, 64, 56, 3).print(HOPPER).device()).doesNotContain("wgmma");
    assertThat(halves(1, 64, 64, 56, 3).grouped(2).print(HOPPER).device()).doesNotContain("wgmma");
  }

  @Test
  void floatsThatMayBeRoundedTakeThemToo() {
    assertThat(floats(1, 36, 64, 56, 3).printRounded(HOPPER).device())
        .contains("ait::conv_wgmma<float,")
        .doesNotContain("conv_simt");
    assertThat(floats(1, 64, 64, 56, 3).grouped(2).printRounded(HOPPER).device())
        .contains("ait::conv_mma<")
        .doesNotContain("conv_simt", "conv_wgmma");
    assertThat(floats(1, 35, 64, 56, 3).printRounded(HOPPER).device())
        .contains("conv_simt")
        .doesNotContain("conv_mma", "conv_wgmma");
    CudaKernelText text = floats(1, 64, 64, 56, 3).input().printRounded(HOPPER);
    assertThat(text.device()).contains("conv_wgmma", "conv_mma", "conv_simt");
    assertThat(text.host()).contains("ait::FLOAT32", "if (ait::is_aligned_run(p0, 16))");
  }

  @Test
  void whatACallerBringsIsLookedAtFirst() {
    CudaKernelText text = halves(1, 64, 64, 56, 3).input().print(HOPPER);
    assertThat(text.device()).contains("conv_wgmma", ", 4, true>>(", ", 1, true>>(");
    assertThat(text.host())
        .contains("if (cx.capability == 90 && ait::conv_copies(problem, p0 + 0, p1 + 0))")
        .contains("if (ait::is_aligned_run(p0, 8))");
  }

  @Test
  void patchesAreCountedIn32BitsWhereTheyFit() {
    assertThat(halves(1 << 22, 8, 4, 2, 1).print(HOPPER).host()).doesNotContain("stem_copies");
    assertThat(halves(1 << 23, 8, 4, 2, 1).print(HOPPER).host()).contains("stem_copies");
  }

  @Test
  void eightChannelsAreReadByTheLine() {
    assertThat(halves(64, 8, 64, 230, 1).print(HOPPER).device()).contains("stem_wgmma");
    assertThat(halves(64, 8, 64, 224, 7).print(HOPPER).device()) // its edges are not there
        .contains("conv_wgmma")
        .doesNotContain("stem_wgmma");
  }

  @Test
  void compilesForAmpereAndHopper() throws Exception {
    Dim.Symbol batch = new Dim.Symbol("n", 0, 64, null);
    Nvcc.compiles(
        folder,
        List.of(
            floats(64, 64, 128, 56, 3).input().print(),
            floats(1, 3, 64, 224, 7).strided(2).channelsFirst().print(),
            halves(1, 512, 512, 7, 3).print(),
            floats(1, 512, 512, 7, 3).input().printRounded(BOTH),
            halves(1, 512, 512, 7, 3).input().print(HOPPER),
            halves(1, 8, 64, 230, 1).strided(2).print(HOPPER),
            Convolutions.of(DType.BFLOAT16, 1, 64, 64, 14, 1).batch(Dim.of(batch)).print(batch),
            floats(1, 128, 128, 28, 3).grouped(32).print(),
            halves(1, 96, 96, 28, 5).grouped(96).strided(2).print()),
        "sm_80",
        "sm_90a");
  }
}
