package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvCostModelTest {
  /** Convolutions of ResNet-50 as products, and two tiles' microseconds on an H200. */
  @ParameterizedTest
  @CsvSource({
    // m, n, k, the faster tile (rows, columns, split, time), the slower one
    "196, 256, 2304, 64, 64, 4, 5.31, 64, 32, 4, 8.34",
    "196, 256, 1024, 64, 32, 2, 4.27, 64, 32, 4, 6.72",
    "49, 512, 4608, 64, 32, 4, 6.44, 64, 32, 8, 9.34",
    "49, 512, 4608, 64, 64, 8, 5.68, 64, 32, 8, 9.25",
    "200704, 64, 576, 128, 64, 1, 39.97, 256, 96, 1, 49.34",
  })
  void ranksTilesAsMeasured(
      long m,
      long n,
      long k,
      int rows,
      int columns,
      int split,
      double micros,
      int otherRows,
      int otherColumns,
      int otherSplit,
      double otherMicros) {
    GemmShape shape = new GemmShape(1, m, n, k);
    double cost = ConvCostModel.cost(shape, GemmTile.Wgmma.of(rows, columns, split, 2));
    double other =
        ConvCostModel.cost(shape, GemmTile.Wgmma.of(otherRows, otherColumns, otherSplit, 2));
    assertThat(cost).isLessThan(other);
    assertThat(cost / micros).isBetween(0.67, 1.5);
    assertThat(other / otherMicros).isBetween(0.67, 1.5);
  }
}
