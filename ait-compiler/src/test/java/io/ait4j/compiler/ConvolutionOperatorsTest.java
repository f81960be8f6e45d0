package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Convolutions of volumes, transposed ones in all their forms, and those by Winograd's algorithm.
 */
class ConvolutionOperatorsTest {
  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, System.nanoTime());
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private Arg conv(Arg x, Arg w, Arg b, long[] stride, long[] pad, long[] dilation, int groups) {
    long[] none = new long[stride.length];
    return t.call("convolution", x, w, b, stride, pad, dilation, false, none, groups);
  }

  @Test
  void volumes() {
    Arg x = t.input(DType.FLOAT32, 2, 6, 5, 7, 9);
    Arg last = t.permuted(DType.FLOAT32, of(2, 6, 5, 7, 9), 0, 2, 3, 4, 1);
    for (Arg image : List.of(x, last)) {
      String of = " of " + t.meta(image);
      t.expect(
          "3x3x3" + of,
          1e-5,
          conv(
              image,
              t.weight(5, 6, 3, 3, 3),
              t.weight(5),
              of(1, 1, 1),
              of(1, 1, 1),
              of(1, 1, 1),
              1));
      t.expect(
          "1x1x1" + of,
          1e-5,
          conv(image, t.weight(17, 6, 1, 1, 1), null, of(1, 1, 1), of(0, 0, 0), of(1, 1, 1), 1));
      t.expect(
          "over time" + of,
          1e-5,
          conv(
              image,
              t.weight(8, 6, 3, 1, 1),
              t.weight(8),
              of(2, 1, 1),
              of(1, 0, 0),
              of(1, 1, 1),
              1));
      t.expect(
          "over space" + of,
          1e-5,
          conv(image, t.weight(8, 6, 1, 3, 3), null, of(1, 2, 3), of(0, 1, 0), of(1, 1, 1), 1));
      t.expect(
          "dilated" + of,
          1e-5,
          conv(image, t.weight(4, 6, 2, 3, 2), null, of(1, 1, 1), of(1, 2, 2), of(3, 2, 3), 1));
      t.expect(
          "grouped" + of,
          1e-5,
          conv(
              image,
              t.weight(9, 2, 3, 3, 3),
              t.weight(9),
              of(1, 1, 1),
              of(1, 1, 1),
              of(1, 1, 1),
              3));
      t.expect(
          "depthwise" + of,
          1e-5,
          conv(
              image,
              t.weight(6, 1, 3, 3, 3),
              t.weight(6),
              of(1, 1, 1),
              of(1, 1, 1),
              of(1, 1, 1),
              6));
      t.expect(
          "depthwise strided" + of,
          1e-5,
          conv(image, t.weight(6, 1, 3, 5, 2), null, of(2, 1, 2), of(2, 2, 0), of(1, 1, 1), 6));
      t.expect(
          "depthwise twofold" + of,
          1e-5,
          conv(
              image,
              t.weight(12, 1, 1, 3, 3),
              t.weight(12),
              of(1, 1, 1),
              of(0, 1, 1),
              of(1, 1, 1),
              6));
    }
    Arg weight = t.input(DType.FLOAT32, 4, 6, 2, 2, 2);
    t.expect("by data", 1e-5, conv(x, weight, null, of(1, 1, 1), of(0, 0, 0), of(1, 1, 1), 1));
    Arg first =
        conv(x, t.weight(8, 6, 3, 3, 3), t.weight(8), of(1, 2, 2), of(1, 1, 1), of(1, 1, 1), 1);
    Arg second =
        conv(
            t.call("relu", first),
            t.weight(8, 8, 3, 3, 3),
            null,
            of(1, 1, 1),
            of(1, 1, 1),
            of(1, 1, 1),
            1);
    t.expect("a block", 1e-5, t.call("relu", t.call("add.Tensor", second, first, 1)));
    Arg none = t.input(DType.FLOAT32, 0, 3, 4, 5, 5);
    t.expect(
        "no volumes",
        1e-5,
        conv(none, t.weight(4, 3, 3, 3, 3), null, of(1, 1, 1), of(0, 0, 0), of(1, 1, 1), 1));
    t.check();
  }

  /** Between sums of about unit size; one may come out near zero. */
  private void expectUnits(String name, Arg sums) {
    t.expectSum(name, 1e-5, 1, 1, sums);
  }

  @Test
  void byTiles() {
    Arg x = t.permuted(DType.FLOAT32, of(3, 32, 15, 13), 0, 2, 3, 1);
    Arg first = conv(x, t.weight(48, 32, 3, 3), t.weight(48), of(1, 1), of(1, 1), of(1, 1), 1);
    expectUnits("padded", first);
    expectUnits(
        "with little to pad",
        conv(x, t.weight(40, 32, 3, 3), null, of(1, 1), of(0, 2), of(1, 1), 1));
    Arg small = t.permuted(DType.FLOAT32, of(2, 64, 7, 5), 0, 2, 3, 1);
    Arg second = conv(small, t.weight(64, 64, 3, 3), null, of(1, 1), of(1, 1), of(1, 1), 1);
    expectUnits(
        "smaller tiles, a residual", t.call("relu", t.call("add.Tensor", second, small, 1)));
    t.check();
  }

  private Arg transposed(
      Arg x, Arg w, Arg b, long[] stride, long[] pad, long[] dilation, long[] more, int groups) {
    return t.call("convolution", x, w, b, stride, pad, dilation, true, more, groups);
  }

  @Test
  void transposedAndDilated() {
    Arg x = t.input(DType.FLOAT32, 2, 6, 5, 7);
    expectUnits(
        "dilated",
        transposed(
            x, t.weight(6, 4, 3, 3), t.weight(4), of(2, 3), of(1, 2), of(2, 2), of(1, 1), 1));
    expectUnits(
        "dilated in step",
        transposed(
            x, t.weight(6, 2, 2, 3), t.weight(4), of(3, 2), of(0, 1), of(3, 4), of(2, 0), 2));
    Arg line = t.input(DType.FLOAT32, 2, 4, 11);
    expectUnits(
        "1d", transposed(line, t.weight(4, 3, 4), t.weight(3), of(2), of(1), of(1), of(0), 1));
    expectUnits(
        "1d apart",
        transposed(line, t.weight(4, 3, 2), t.weight(3), of(4), of(0), of(1), of(3), 1));
    Arg volume = t.input(DType.FLOAT32, 2, 4, 3, 4, 5);
    expectUnits(
        "3d",
        transposed(
            volume,
            t.weight(4, 5, 2, 3, 2),
            t.weight(5),
            of(2, 1, 2),
            of(0, 1, 1),
            of(1, 2, 1),
            of(1, 0, 1),
            1));
    t.check();
  }
}
