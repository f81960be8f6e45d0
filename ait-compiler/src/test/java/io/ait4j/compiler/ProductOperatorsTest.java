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
 * Matrix products, convolutions and attention: odd sizes, any layout, weights and data on either
 * side.
 */
class ProductOperatorsTest {
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

  @Test
  void products() {
    for (int[] size : new int[][] {{1, 1, 1}, {3, 5, 7}, {17, 33, 65}, {1, 300, 40}, {100, 1, 9}}) {
      int m = size[0];
      int k = size[1];
      int n = size[2];
      String of = " of " + m + " x " + k + " x " + n;
      Arg a = t.input(DType.FLOAT32, m, k);
      Arg b = t.input(DType.FLOAT32, k, n);
      Arg bt = t.permuted(DType.FLOAT32, of(k, n), 1, 0);
      Arg at = t.permuted(DType.FLOAT32, of(m, k), 1, 0);
      t.expectSum("mm" + of, 1e-5, k, 1, t.call("mm", a, b));
      t.expectSum("mm transposed" + of, 1e-5, k, 1, t.call("mm", at, bt));
      t.expect("mm by a weight" + of, 1e-5, t.call("mm", a, t.weight(k, n)));
      t.expect("mm of a weight" + of, 1e-5, t.call("mm", t.weight(m, k), b));
      t.expectSum(
          "addmm" + of, 1e-5, k, 2, t.call("addmm", t.input(DType.FLOAT32, n), a, b, 0.5, 2.0));
      t.expectSum(
          "addmm no beta" + of,
          1e-5,
          k,
          1,
          t.call("addmm", t.input(DType.FLOAT32, m, 1), a, bt, 0, 1));
      t.expectSum("linear" + of, 1e-5, 1, 1, t.call("linear", a, t.weight(n, k), t.weight(n)));
      t.expectSum(
          "linear by data" + of,
          1e-5,
          k,
          1,
          t.call("linear", a, t.input(DType.FLOAT32, n, k), null));
    }
    t.check();
  }

  @Test
  void batchedProducts() {
    Arg a = t.input(DType.FLOAT32, 3, 5, 7);
    Arg b = t.permuted(DType.FLOAT32, of(3, 7, 9), 2, 0, 1);
    t.expect("bmm", 1e-5, t.call("bmm", a, b));
    t.expect(
        "bmm expanded",
        1e-5,
        t.call("bmm", t.call("expand", t.input(DType.FLOAT32, 1, 5, 7), of(3, 5, 7)), b));
    t.expect("bmm by weights", 1e-5, t.call("bmm", a, t.weight(3, 7, 4)));
    t.expect("baddbmm", 1e-5, t.call("baddbmm", t.input(DType.FLOAT32, 5, 9), a, b, 2.0, 0.5));
    t.expect(
        "matmul 4d",
        1e-5,
        t.call("matmul", t.input(DType.FLOAT32, 2, 3, 4, 5), t.input(DType.FLOAT32, 2, 3, 5, 6)));
    t.expect(
        "matmul broadcast",
        1e-5,
        t.call("matmul", t.input(DType.FLOAT32, 2, 1, 4, 5), t.input(DType.FLOAT32, 3, 5, 6)));
    t.expect("matmul vector", 1e-5, t.call("matmul", a, t.input(DType.FLOAT32, 7)));
    t.expectSum(
        "matmul vectors", 1e-6, 7, 1, t.call("matmul", t.input(DType.FLOAT32, 7), t.weight(7)));
    t.expect(
        "linear of rank 4",
        1e-5,
        t.call(
            "linear",
            t.permuted(DType.FLOAT32, of(2, 3, 4, 5), 2, 0, 1, 3),
            t.weight(6, 5),
            t.weight(6)));
    t.expect(
        "linear of a row", 1e-5, t.call("linear", t.input(DType.FLOAT32, 5), t.weight(6, 5), null));
    t.expect(
        "einsum",
        1e-5,
        t.call("einsum", "bij,bkj->bik", List.of(a, t.input(DType.FLOAT32, 3, 4, 7))));
    t.check();
  }

  @Test
  void productsOfNothing() {
    t.expect(
        "no rows", 1e-5, t.call("mm", t.input(DType.FLOAT32, 0, 3), t.input(DType.FLOAT32, 3, 4)));
    t.expect(
        "no columns",
        1e-5,
        t.call("mm", t.input(DType.FLOAT32, 2, 3), t.input(DType.FLOAT32, 3, 0)));
    t.expect(
        "no terms", 1e-5, t.call("mm", t.input(DType.FLOAT32, 2, 0), t.input(DType.FLOAT32, 0, 4)));
    t.expect(
        "no terms but a bias",
        1e-5,
        t.call(
            "addmm",
            t.input(DType.FLOAT32, 4),
            t.input(DType.FLOAT32, 2, 0),
            t.input(DType.FLOAT32, 0, 4)));
    t.expect(
        "no batches",
        1e-5,
        t.call("bmm", t.input(DType.FLOAT32, 0, 2, 3), t.input(DType.FLOAT32, 0, 3, 4)));
    t.expect(
        "linear of nothing",
        1e-5,
        t.call("linear", t.input(DType.FLOAT32, 2, 0, 3), t.weight(4, 3), t.weight(4)));
    t.expect(
        "no images",
        1e-5,
        t.call(
            "convolution",
            t.input(DType.FLOAT32, 0, 3, 5, 5),
            t.weight(4, 3, 3, 3),
            null,
            of(1, 1),
            of(0, 0),
            of(1, 1),
            false,
            of(0, 0),
            1));
    t.check();
  }

  private Arg conv(Arg x, Arg w, Arg b, long[] stride, long[] pad, long[] dilation, int groups) {
    long[] none = new long[stride.length];
    return t.call("convolution", x, w, b, stride, pad, dilation, false, none, groups);
  }

  @Test
  void convolutions() {
    Arg x = t.input(DType.FLOAT32, 2, 6, 11, 13);
    Arg last = t.permuted(DType.FLOAT32, of(2, 6, 11, 13), 0, 2, 3, 1);
    Arg odd = t.spread(DType.FLOAT32, 2, 6, 11, 13);
    for (Arg image : List.of(x, last, odd)) {
      String of = " of " + t.meta(image);
      t.expect(
          "3x3" + of,
          1e-5,
          conv(image, t.weight(5, 6, 3, 3), t.weight(5), of(1, 1), of(1, 1), of(1, 1), 1));
      t.expect(
          "1x1" + of,
          1e-5,
          conv(image, t.weight(17, 6, 1, 1), null, of(1, 1), of(0, 0), of(1, 1), 1));
      t.expect(
          "strided" + of,
          1e-5,
          conv(image, t.weight(8, 6, 3, 3), t.weight(8), of(2, 3), of(1, 0), of(1, 1), 1));
      t.expect(
          "dilated" + of,
          1e-5,
          conv(image, t.weight(4, 6, 3, 3), null, of(1, 1), of(2, 2), of(2, 3), 1));
      t.expect(
          "grouped" + of,
          1e-5,
          conv(image, t.weight(9, 2, 3, 3), t.weight(9), of(1, 1), of(1, 1), of(1, 1), 3));
      t.expect(
          "depthwise" + of,
          1e-5,
          conv(image, t.weight(6, 1, 3, 3), t.weight(6), of(1, 1), of(1, 1), of(1, 1), 6));
      t.expect(
          "depthwise strided" + of,
          1e-5,
          conv(image, t.weight(6, 1, 5, 3), null, of(2, 2), of(2, 1), of(1, 1), 6));
      t.expect(
          "depthwise twofold" + of,
          1e-5,
          conv(image, t.weight(12, 1, 3, 3), t.weight(12), of(1, 1), of(1, 1), of(1, 1), 6));
      t.expect(
          "asymmetric" + of,
          1e-5,
          conv(image, t.weight(4, 6, 1, 7), null, of(1, 1), of(0, 3), of(1, 1), 1));
      t.expect(
          "whole" + of,
          1e-5,
          conv(image, t.weight(4, 6, 11, 13), null, of(1, 1), of(0, 0), of(1, 1), 1));
    }
    t.check();
  }

  @Test
  void otherConvolutions() {
    Arg s = t.input(DType.FLOAT32, 3, 4, 25);
    t.expect("1d", 1e-5, conv(s, t.weight(7, 4, 5), t.weight(7), of(1), of(2), of(1), 1));
    t.expect("1d strided", 1e-5, conv(s, t.weight(7, 4, 4), null, of(2), of(1), of(2), 1));
    t.expect("1d depthwise", 1e-5, conv(s, t.weight(4, 1, 3), t.weight(4), of(1), of(1), of(1), 4));
    t.expect(
        "one channel",
        1e-5,
        conv(
            t.input(DType.FLOAT32, 1, 1, 9, 9),
            t.weight(3, 1, 3, 3),
            null,
            of(1, 1),
            of(1, 1),
            of(1, 1),
            1));
    t.expect(
        "one pixel",
        1e-5,
        conv(
            t.input(DType.FLOAT32, 4, 32, 1, 1),
            t.weight(8, 32, 1, 1),
            t.weight(8),
            of(1, 1),
            of(0, 0),
            of(1, 1),
            1));
    t.expect(
        "squeeze and excite",
        1e-5,
        t.call(
            "mul.Tensor",
            t.input(DType.FLOAT32, 2, 8, 5, 5),
            t.call(
                "sigmoid",
                conv(
                    t.input(DType.FLOAT32, 2, 3, 1, 1),
                    t.weight(8, 3, 1, 1),
                    t.weight(8),
                    of(1, 1),
                    of(0, 0),
                    of(1, 1),
                    1))));
    t.expect(
        "of an unbatched image",
        1e-5,
        t.call("conv2d", t.input(DType.FLOAT32, 3, 8, 8), t.weight(4, 3, 3, 3), t.weight(4)));
    t.expect(
        "from a slice",
        1e-5,
        conv(
            t.call("slice.Tensor", t.input(DType.FLOAT32, 2, 8, 6, 6), 1, 2, 5),
            t.weight(4, 3, 3, 3),
            null,
            of(1, 1),
            of(0, 0),
            of(1, 1),
            1));
    t.expect(
        "padded apart",
        1e-5,
        conv(
            t.call("constant_pad_nd", t.input(DType.FLOAT32, 2, 3, 6, 6), of(0, 1, 0, 1), 0.0),
            t.weight(4, 3, 3, 3),
            null,
            of(2, 2),
            of(0, 0),
            of(1, 1),
            1));
    t.expect(
        "by data",
        1e-5,
        conv(
            t.input(DType.FLOAT32, 2, 3, 6, 6),
            t.input(DType.FLOAT32, 4, 3, 3, 3),
            t.input(DType.FLOAT32, 4),
            of(1, 1),
            of(1, 1),
            of(1, 1),
            1));
    t.expect(
        "depthwise by data",
        1e-5,
        conv(
            t.input(DType.FLOAT32, 2, 4, 6, 6),
            t.input(DType.FLOAT32, 4, 1, 3, 3),
            null,
            of(1, 1),
            of(1, 1),
            of(1, 1),
            4));
    t.check();
  }

  private Arg transposed(Arg x, Arg w, Arg b, long[] stride, long[] pad, long[] more, int groups) {
    return t.call("convolution", x, w, b, stride, pad, of(1, 1), true, more, groups);
  }

  @Test
  void transposedConvolutions() {
    Arg x = t.input(DType.FLOAT32, 2, 6, 5, 7);
    Arg last = t.permuted(DType.FLOAT32, of(2, 6, 5, 7), 0, 2, 3, 1);
    for (Arg image : List.of(x, last)) {
      String of = " of " + t.meta(image);
      t.expect(
          "2x2" + of,
          1e-5,
          transposed(image, t.weight(6, 4, 2, 2), t.weight(4), of(2, 2), of(0, 0), of(0, 0), 1));
      t.expect(
          "3x3" + of,
          1e-5,
          transposed(image, t.weight(6, 5, 3, 3), t.weight(5), of(2, 2), of(1, 1), of(1, 1), 1));
      t.expect(
          "4x4" + of,
          1e-5,
          transposed(image, t.weight(6, 4, 4, 4), null, of(2, 2), of(1, 1), of(0, 0), 1));
      t.expect(
          "uneven" + of,
          1e-5,
          transposed(image, t.weight(6, 4, 3, 5), null, of(3, 2), of(2, 0), of(1, 1), 1));
      t.expect(
          "gaps" + of,
          1e-5,
          transposed(image, t.weight(6, 4, 1, 1), t.weight(4), of(2, 3), of(0, 0), of(0, 0), 1));
      t.expect(
          "grouped" + of,
          1e-5,
          transposed(image, t.weight(6, 2, 3, 3), t.weight(6), of(2, 2), of(1, 1), of(0, 0), 3));
      t.expect(
          "depthwise" + of,
          1e-5,
          transposed(image, t.weight(6, 1, 3, 3), t.weight(6), of(1, 1), of(1, 1), of(0, 0), 6));
      t.expect(
          "by data" + of,
          1e-5,
          transposed(
              image, t.input(DType.FLOAT32, 6, 4, 3, 3), null, of(1, 1), of(0, 0), of(0, 0), 1));
    }
    t.check();
  }

  @Test
  void attention() {
    for (int d : new int[] {8, 32, 40}) {
      Arg q = t.input(DType.FLOAT32, 2, 3, 9, d);
      Arg k = t.permuted(DType.FLOAT32, of(2, 3, 14, d), 0, 2, 1, 3);
      Arg v = t.input(DType.FLOAT32, 2, 3, 14, d);
      String of = " of " + d;
      t.expect("attention" + of, 1e-5, t.call("scaled_dot_product_attention", q, k, v));
      t.expect(
          "one query" + of,
          1e-5,
          t.call("scaled_dot_product_attention", t.input(DType.FLOAT32, 2, 3, 1, d), k, v));
      t.expect(
          "grouped" + of,
          1e-5,
          t.call(
              "scaled_dot_product_attention",
              t.input(DType.FLOAT32, 2, 6, 9, d),
              k,
              v,
              null,
              0.0,
              false,
              null,
              true));
      if (d == 40) { // rows that fill no vector of 16: what else may differ
        t.expect(
            "causal" + of, 1e-5, t.call("scaled_dot_product_attention", q, k, v, null, 0.0, true));
        t.expect(
            "masked" + of,
            1e-5,
            t.call("scaled_dot_product_attention", q, k, v, t.input(DType.FLOAT32, 9, 14)));
        t.expect(
            "masked by truth" + of,
            1e-5,
            t.call(
                "scaled_dot_product_attention",
                q,
                k,
                v,
                t.call(
                    "logical_or",
                    t.input(DType.BOOL, 2, 1, 1, 14),
                    t.values(DType.BOOL, of(14), 1L, 0L, 0L, 0L, 0L, 0L, 0L))));
        t.expect(
            "scaled" + of,
            1e-5,
            t.call("scaled_dot_product_attention", q, k, v, null, 0.0, false, 0.3));
        t.expect(
            "of rank 3" + of,
            1e-5,
            t.call(
                "scaled_dot_product_attention",
                t.input(DType.FLOAT32, 3, 9, d),
                t.input(DType.FLOAT32, 3, 5, d),
                t.input(DType.FLOAT32, 3, 5, d)));
        t.expect(
            "wider values" + of,
            1e-5,
            t.call("scaled_dot_product_attention", q, k, t.input(DType.FLOAT32, 2, 3, 14, 24)));
      }
    }
    t.check();
  }
}
