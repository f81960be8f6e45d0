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
 * float16 and bfloat16: each result is the nearest number of its type to what libtorch computes in
 * float32 from the same numbers, up to float32's own tolerance.
 */
class HalfOperatorsTest {
  private static final List<DType> HALVES = List.of(DType.FLOAT16, DType.BFLOAT16);

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
  void pointwise() {
    for (DType dtype : HALVES) {
      Arg x = t.input(dtype, 5, 37);
      Arg y = t.permuted(dtype, of(5, 37), 1, 0);
      for (String name : List.of("neg", "abs", "relu", "floor", "round", "sign")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x));
      }
      for (String name : List.of("exp", "tanh", "sigmoid", "silu", "gelu", "erf", "sin")) {
        t.expect(name + " of " + dtype, 1e-6, t.call(name, x));
      }
      for (String name : List.of("add.Tensor", "sub.Tensor", "mul.Tensor", "div.Tensor")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x, y));
      }
      for (String name : List.of("maximum", "lt.Tensor", "eq.Tensor", "logical_and")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x, y));
      }
      t.expect("twice " + dtype, 0, t.call("add.Tensor", x, t.call("mul.Tensor", y, 2.0)));
      t.expect("permuted " + dtype, 0, t.call("permute", x, of(1, 0)));
      t.expect("cat of " + dtype, 0, t.call("cat", List.of(x, y), 0));
    }
    t.check();
  }

  @Test
  void reductions() {
    for (DType dtype : HALVES) {
      Arg x = t.input(dtype, 6, 50, 33);
      for (int dim = 0; dim < 3; dim++) {
        t.expectSum("sum", 1e-6, 50, 1, t.call("sum.dim_IntList", x, of(dim), false));
        t.expect("mean", 1e-6, t.call("mean.dim", x, of(dim), true));
        t.expect("amax", 0, t.call("amax", x, of(dim), false));
        t.expect("argmax", 0, t.call("argmax", x, dim, false));
        t.expect("var", 1e-5, t.call("var.correction", x, of(dim), 1, true));
        t.expect("softmax", 1e-6, t.call("_softmax", x, dim, false));
        t.expect("log_softmax", 1e-6, t.call("_log_softmax", x, dim, false));
      }
      Arg w = t.input(dtype, 33);
      Arg b = t.input(dtype, 33);
      t.expect("layer_norm", 1e-5, t.call("layer_norm", x, of(33), w, b, 1e-5));
    }
    t.check();
  }

  @Test
  void products() {
    for (DType dtype : HALVES) {
      Arg x = t.input(dtype, 37, 50);
      Arg y = t.input(dtype, 50, 41);
      Arg bias = t.input(dtype, 41);
      t.expectSum("mm", 1e-6, 50, 1, t.call("mm", x, y));
      t.expectSum("mm", 1e-6, 50, 1, t.call("mm", x, t.permuted(dtype, of(50, 41), 1, 0)));
      t.expectSum("addmm", 1e-6, 50, 2, t.call("addmm", bias, x, y, 0.5, 2));
      t.expectSum("gelu of addmm", 2e-6, 50, 1, t.call("gelu", t.call("addmm", bias, x, y, 1, 1)));
      Arg image = t.input(dtype, 2, 8, 11, 13);
      Arg weight = t.input(dtype, 16, 8, 3, 3);
      t.expectSum(
          "convolution",
          1e-6,
          72,
          1,
          t.call(
              "convolution",
              image,
              weight,
              null,
              of(1, 1),
              of(1, 1),
              of(1, 1),
              false,
              of(0, 0),
              1));
      Arg q = t.input(dtype, 2, 3, 19, 32);
      Arg k = t.input(dtype, 2, 3, 27, 32);
      Arg v = t.input(dtype, 2, 3, 27, 32);
      t.expect(
          "attention",
          1e-5,
          t.call("scaled_dot_product_attention", q, k, v, null, 0.0, false, null, false));
    }
    t.check();
  }

  /**
   * A place up to 17 is wrong by four roundings, and a result by as much times its change from one
   * pixel to the next: no more than 6 along either dimension, half as much again under cubics.
   */
  private static final double PLACES = 4 * 17 * 0x1p-24;

  @Test
  void imagesAndTheirSampling() {
    for (DType dtype : HALVES) {
      Arg x = t.input(dtype, 2, 4, 9, 11);
      t.expect("max_pool2d", 0, t.call("max_pool2d", x, of(3, 2), of(2, 2), of(1, 1)));
      t.expectSum("avg_pool2d", 1e-6, 1, 1, t.call("avg_pool2d", x, of(3, 2), of(2, 1), of(1, 0)));
      t.expectSum("adaptive", 1e-6, 1, 1, t.call("_adaptive_avg_pool2d", x, of(4, 3)));
      t.expect("nearest", 0, t.call("upsample_nearest2d", x, of(13, 17)));
      t.expectSum("bilinear", PLACES, 1, 12, t.call("upsample_bilinear2d", x, of(13, 17), false));
      t.expectSum("bicubic", PLACES, 1, 18, t.call("upsample_bicubic2d", x, of(13, 17), true));
      t.expect("reflection", 0, t.call("reflection_pad2d", x, of(1, 2, 3, 1)));
      t.expect("replication", 0, t.call("replication_pad2d", x, of(1, 2, 3, 1)));
      t.expect("constant", 0, t.call("constant_pad_nd", x, of(1, 2), 0.3));
      t.expectSum("group_norm", 5e-6, 1, 3, t.call("group_norm", x, 2, null, null, 1e-5));
      Arg grid = t.input(dtype, 2, 5, 6, 2);
      t.expectSum("grid", 5e-6, 1, 30, t.call("grid_sampler_2d", x, grid, 0, 1, false));
      t.expect("flip", 0, t.call("flip", x, of(2, 3)));
    }
    t.check();
  }

  @Test
  void indexingAndOrder() {
    for (DType dtype : HALVES) {
      Arg x = t.input(dtype, 8, 13);
      Arg index = t.input(DType.INT64, 8);
      Arg places = t.input(DType.INT64, 8, 5);
      Arg mask = t.input(DType.BOOL, 8, 13);
      t.expect("embedding", 0, t.call("embedding", x, index));
      t.expect("gather", 0, t.call("gather", x, 1, places));
      t.expect("index", 0, t.call("index.Tensor", x, List.of(index)));
      t.expect("where", 0, t.call("where.self", mask, x, t.call("mul.Tensor", x, 2.0)));
      t.expect("masked_fill", 0, t.call("masked_fill.Scalar", x, mask, 0.3));
      t.expect("clamp", 0, t.call("clamp", x, -0.3, 0.7));
      t.expectSum("cumsum", 2e-6, 13, 1, t.call("cumsum", x, 1));
      t.expectSum("cumprod", 5e-6, 1, 1, t.call("cumprod", x, 1));
      List<Arg> sorted = t.calls("sort", x, 1, true);
      t.expect("sorted", Double.MIN_VALUE, sorted.get(0));
      List<Arg> top = t.calls("topk", x, 3, 1, true, true);
      t.expect("top", Double.MIN_VALUE, top.get(0));
      Arg updates = t.input(dtype, 8, 5);
      t.expectSum("scatter_add", 5e-6, 5, 1, t.call("scatter_add", x, 1, places, updates));
    }
    t.check();
  }
}
