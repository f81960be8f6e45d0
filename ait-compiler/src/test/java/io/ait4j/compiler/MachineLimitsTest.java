package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLimitsTest {
  private static final MachineLimits LIMITS =
      new MachineLimits(
          100e9,
          List.of(
              new MachineLimits.Level(1000, 50e9, 40e9),
              new MachineLimits.Level(1_000_000, 10e9, 8e9)));

  private static double least(long flops, long bytes, long constantBytes, long allConstants) {
    return LIMITS.leastNanos(new KernelProfile("k", 1, flops, bytes, constantBytes), allConstants);
  }

  @Test
  void cardsThatDrawHaveNarrowerTensorCores() {
    assertThat(MachineLimits.tensorCores(90)).isEqualTo(4096);
    assertThat(MachineLimits.tensorCores(120)).isLessThan(MachineLimits.tensorCores(80));
  }

  @Test
  void theTighterLimitCounts() {
    assertThat(least(2000, 40, 0, 0)).isEqualTo(20);
    assertThat(least(2000, 4000, 0, 0)).isEqualTo(500);
  }

  @Test
  void constantsComeFromWhereAllOfThemFit() {
    assertThat(least(0, 0, 500, 500)).isEqualTo(10);
    assertThat(least(0, 0, 500, 5_000_000)).isEqualTo(50);
    assertThat(least(0, 400, 500, 5_000_000)).isCloseTo(60, within(1e-9));
  }

  @Test
  void measuresThisMachine(@TempDir Path cache) {
    MachineLimits limits =
        MachineLimits.measure(CompilerSettings.defaults().withCacheDir(cache), 1);
    assertThat(limits.flops()).isBetween(1e9, 1e12);
    assertThat(limits.levels())
        .hasSize(4)
        .allSatisfy(
            level -> {
              assertThat(level.read()).isBetween(1e8, 1e12);
              assertThat(level.copied()).isBetween(1e8, 1e12);
            });
  }
}
