package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LikelySizesTest {
  @Test
  void aSymbolCountsAtItsBoundIfThatIsModerate() {
    assertThat(LikelySizes.of(Dim.symbol("batch", 1, 16).times(12).plus(1))).isEqualTo(193);
    assertThat(LikelySizes.of(Dim.symbol("n", 1, Dim.UNBOUNDED))).isEqualTo(256);
    assertThat(LikelySizes.of(Dim.symbol("n", 5000, 1_000_000))).isEqualTo(5000);
    assertThat(LikelySizes.of(Dim.of(7))).isEqualTo(7);
  }

  @Test
  void whatCannotBeCountedIsTheLargestNumber() {
    Dim n = Dim.symbol("n", 1L << 40, Dim.UNBOUNDED);
    assertThat(LikelySizes.of(n.times(n))).isEqualTo(Long.MAX_VALUE);
  }
}
