package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reductions, scans, softmax and norms: along every axis of every layout. */
class ReductionOperatorsTest {
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

  private List<Arg> layouts(DType dtype) {
    return List.of(
        t.input(dtype, 4, 5, 37),
        t.permuted(dtype, of(4, 5, 37), 2, 0, 1),
        t.spread(dtype, 4, 5, 37),
        t.call("expand", t.input(dtype, 4, 1, 37), of(4, 5, 37)));
  }

  private static final List<long[]> DIMS =
      List.of(of(0), of(1), of(2), of(-1), of(0, 2), of(1, 2), of(0, 1), of(0, 1, 2));

  @Test
  void sumsAndMeansOverAnyDimensions() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (Arg x : layouts(dtype)) {
        for (long[] dims : DIMS) {
          String over = " over " + java.util.Arrays.toString(dims) + " of " + t.meta(x);
          long terms = 1;
          for (long dim : dims) {
            terms *= t.meta(x).sizes()[Math.floorMod((int) dim, 3)];
          }
          t.expectSum("sum" + over, 1e-5, terms, 1, t.call("sum.dim_IntList", x, dims, true));
          t.expectSum("mean" + over, 1e-5, terms, 1.0 / terms, t.call("mean.dim", x, dims, false));
        }
      }
    }
    t.check();
  }

  @Test
  void extremesAndVariancesOverAnyDimensions() {
    for (Arg x : layouts(DType.FLOAT32)) {
      for (long[] dims : DIMS) {
        String over = " over " + java.util.Arrays.toString(dims) + " of " + t.meta(x);
        t.expect("amax" + over, 0, t.call("amax", x, dims, false));
        t.expect("amin" + over, 0, t.call("amin", x, dims, true));
        t.expect("var" + over, 1e-5, t.call("var.correction", x, dims, 1, false));
      }
    }
    t.check();
  }

  @Test
  void reductionsOfIntegersAndTruthValues() {
    for (DType dtype :
        List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8, DType.BOOL)) {
      Arg x = t.input(dtype, 3, 5, 21);
      for (int dim = 0; dim < 3; dim++) {
        String along = " of " + dtype + " along " + dim;
        t.expect("sum" + along, 0, t.call("sum.dim_IntList", x, of(dim), false));
        t.expect("prod" + along, 0, t.call("prod.dim_int", x, dim, false));
        t.expect("any" + along, 0, t.call("any.dim", x, dim, false));
        t.expect("all" + along, 0, t.call("all.dim", x, dim, true));
        t.expect("amax" + along, 0, t.call("amax", x, of(dim)));
        t.expect("cumsum" + along, 0, t.call("cumsum", x, dim));
      }
      t.expect(
          "sum as float of " + dtype,
          1e-6,
          t.call("sum.dim_IntList", x, of(1), false, DType.FLOAT32));
      t.expect(
          "mean as double of " + dtype, 1e-6, t.call("mean.dim", x, of(1), false, DType.FLOAT64));
      t.expect("any of " + dtype, 0, t.call("any", x));
      t.expect("all of " + dtype, 0, t.call("all", x));
      t.expect("any.dims of " + dtype, 0, t.call("any.dims", x, of(0, 2), true));
      t.expect("count of " + dtype, 0, t.call("count_nonzero", x, 2));
    }
    t.check();
  }

  @Test
  void infinitiesAndNaN() {
    Arg x =
        t.values(
            DType.FLOAT32,
            of(4, 3),
            1.0,
            Double.POSITIVE_INFINITY,
            -2.0,
            Double.NEGATIVE_INFINITY,
            -1.0,
            Double.NaN,
            -0.0,
            3.5,
            Double.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY);
    for (int dim = 0; dim < 2; dim++) {
      t.expect("amax " + dim, 0, t.call("amax", x, of(dim)));
      t.expect("amin " + dim, 0, t.call("amin", x, of(dim)));
      t.expect("sum " + dim, 1e-6, t.call("sum.dim_IntList", x, of(dim)));
      t.expect("prod " + dim, 1e-6, t.call("prod.dim_int", x, dim));
      t.expect("any " + dim, 0, t.call("any.dim", x, dim));
      t.expect("softmax " + dim, 1e-6, t.call("_softmax", x, dim, false));
      t.expect("log_softmax " + dim, 1e-6, t.call("_log_softmax", x, dim, false));
      t.expect("logsumexp " + dim, 1e-6, t.call("logsumexp", x, of(dim)));
      t.expect("cumsum " + dim, 1e-6, t.call("cumsum", x, dim));
      t.expect("argmax " + dim, 0, t.call("argmax", x, dim));
      t.expect("argmin " + dim, 0, t.call("argmin", x, dim, true));
    }
    t.expect("argmax of all", 0, t.call("argmax", x));
    t.check();
  }

  @Test
  void placesOfExtremes() {
    for (DType dtype :
        List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT8, DType.UINT8)) {
      Arg x = t.permuted(dtype, of(6, 5, 33), 1, 2, 0); // integers repeat: the first place counts
      for (int dim = -1; dim < 2; dim++) {
        t.expect("argmax of " + dtype + " along " + dim, 0, t.call("argmax", x, dim, dim == 0));
        t.expect("argmin of " + dtype + " along " + dim, 0, t.call("argmin", x, dim, dim == 1));
      }
      t.expect("argmax of all " + dtype, 0, t.call("argmax", x));
      t.expect("argmin of all " + dtype, 0, t.call("argmin", x, null, false));
      List<Arg> both = t.calls("max.dim", x, 1, false);
      t.expect("max of " + dtype, 0, both.get(0));
      t.expect("its place in " + dtype, 0, both.get(1));
    }
    t.expect("argmax of a scalar", 0, t.call("argmax", t.input(DType.FLOAT32), 0));
    t.expect("argmax of one", 0, t.call("argmax", t.input(DType.FLOAT32, 1), 0));
    t.check();
  }

  @Test
  void sizesZeroAndOne() {
    Arg none = t.input(DType.FLOAT32, 3, 0, 5);
    Arg one = t.input(DType.FLOAT32, 3, 1, 5);
    Arg scalar = t.input(DType.FLOAT32);
    for (Arg x : List.of(none, one)) {
      String of = " of " + t.meta(x);
      t.expect("sum" + of, 1e-6, t.call("sum.dim_IntList", x, of(1)));
      t.expect("prod" + of, 1e-6, t.call("prod.dim_int", x, 1));
      t.expect("mean" + of, 1e-6, t.call("mean.dim", x, of(1)));
      t.expect("any" + of, 0, t.call("any.dim", x, 1));
      t.expect("all" + of, 0, t.call("all.dim", x, 1));
      t.expect("amax" + of, 0, t.call("amax", x, of(0)));
      t.expect("softmax" + of, 1e-6, t.call("_softmax", x, 1, false));
      t.expect("log_softmax" + of, 1e-6, t.call("_log_softmax", x, 2, false));
      t.expect("cumsum" + of, 1e-6, t.call("cumsum", x, 1));
      t.expect("var" + of, 1e-5, t.call("var.correction", x, of(1), 1));
      t.expect("layer_norm" + of, 1e-5, t.call("layer_norm", x, of(5)));
      t.expectSum("sum of all" + of, 1e-5, 15, 1, t.call("sum", x));
    }
    t.expect("sum of a scalar", 0, t.call("sum", scalar));
    t.expect("sum along 0 of a scalar", 0, t.call("sum.dim_IntList", scalar, of(0)));
    t.expect("amax of a scalar", 0, t.call("amax", scalar));
    t.expect("prod of a scalar", 0, t.call("prod.dim_int", scalar, 0));
    t.expect("any of a scalar", 0, t.call("any", scalar));
    t.expect("mean of a scalar", 0, t.call("mean", scalar));
    t.expect("cumsum of a scalar", 0, t.call("cumsum", scalar, 0));
    t.expect("softmax of a scalar", 0, t.call("_softmax", scalar, 0, false));
    t.expect("log_softmax of a scalar", 0, t.call("_log_softmax", scalar, -1, false));
    t.expect("var of one", 0, t.call("var.correction", t.input(DType.FLOAT32, 1), of(0), 1));
    t.check();
  }

  @Test
  void softmaxAlongAnyDimension() {
    for (Arg x : layouts(DType.FLOAT32)) {
      for (int dim = 0; dim < 3; dim++) {
        t.expect("softmax " + dim + " of " + t.meta(x), 1e-6, t.call("_softmax", x, dim, false));
        t.expect("log_softmax " + dim, 1e-6, t.call("_log_softmax", x, dim, false));
      }
    }
    Arg wide = t.input(DType.FLOAT64, 3, 5000);
    t.expect("softmax of doubles", 1e-9, t.call("_softmax", wide, -1, false));
    t.expect(
        "softmax of large", 1e-6, t.call("_softmax", t.call("mul.Tensor", wide, 1e4), 1, false));
    t.check();
  }

  @Test
  void norms() {
    Arg x = t.input(DType.FLOAT32, 2, 6, 5, 7);
    Arg channelsLast = t.permuted(DType.FLOAT32, of(2, 6, 5, 7), 0, 2, 3, 1);
    Arg w = t.weight(6);
    Arg b = t.weight(6);
    for (Arg image : List.of(x, channelsLast)) {
      for (int groups : new int[] {1, 2, 3, 6}) {
        t.expect("group_norm " + groups, 1e-5, t.call("group_norm", image, groups, w, b, 1e-5));
      }
      t.expect("group_norm plain", 1e-5, t.call("group_norm", image, 2, null, null, 1e-3));
      t.expect("layer_norm over one", 1e-5, t.call("layer_norm", image, of(7), t.weight(7), null));
      t.expect(
          "layer_norm over three",
          1e-5,
          t.call("layer_norm", image, of(6, 5, 7), t.weight(6, 5, 7), t.weight(6, 5, 7)));
      t.expect(
          "batch_norm",
          1e-5,
          t.call("batch_norm", image, w, b, t.weight(6), t.positive(6), false, 0.1, 1e-5, true));
      t.expect(
          "batch_norm plain",
          1e-5,
          t.call(
              "batch_norm", image, null, null, t.weight(6), t.positive(6), false, 0.1, 1e-3, true));
      t.expect(
          "instance_norm",
          1e-5,
          t.call("instance_norm", image, w, b, null, null, true, 0.1, 1e-5, true));
    }
    Arg rows = t.input(DType.FLOAT32, 9, 6);
    t.expect(
        "batch_norm of rows",
        1e-5,
        t.call("batch_norm", rows, w, b, t.weight(6), t.positive(6), false, 0.1, 1e-5, true));
    Arg sequence = t.input(DType.FLOAT32, 2, 6, 11);
    t.expect("group_norm of sequences", 1e-5, t.call("group_norm", sequence, 3, w, b, 1e-5));
    t.expect("group_norm of rows", 1e-5, t.call("group_norm", rows, 2, w, b, 1e-5));
    t.expect("rms_norm", 1e-5, t.call("rms_norm", rows, of(6), w, 1e-6));
    Arg far = t.call("add.Tensor", t.input(DType.FLOAT32, 4, 300), 1000.0);
    t.expect("layer_norm far from zero", 2e-3, t.call("layer_norm", far, of(300)));
    Arg wide = t.input(DType.FLOAT64, 3, 5, 16);
    t.expect("layer_norm of doubles", 1e-12, t.call("layer_norm", wide, of(5, 16)));
    t.check();
  }

  @Test
  void manyRowsAndColumns() {
    Arg x = t.input(DType.FLOAT32, 600, 700);
    Arg y = t.permuted(DType.FLOAT32, of(30, 40, 50), 2, 0, 1);
    for (int dim = 0; dim < 2; dim++) {
      t.expect("mean " + dim, 1e-5, t.call("mean.dim", x, of(dim)));
      t.expect("softmax " + dim, 1e-5, t.call("_softmax", x, dim, false));
      t.expect("amax " + dim, 0, t.call("amax", x, of(dim)));
      t.expect("argmin " + dim, 0, t.call("argmin", x, dim));
      t.expect("var " + dim, 1e-5, t.call("var.correction", x, of(dim), 1));
      t.expect("cumsum " + dim, 1e-5, t.call("cumsum", x, dim));
      t.expect("any " + dim, 0, t.call("any.dim", t.call("gt.Scalar", x, 3.0), dim));
      t.expect("outer " + dim, 1e-5, t.call("mean.dim", y, of(dim, 2)));
    }
    t.expect(
        "pointwise", 1e-6, t.call("tanh", t.call("add.Tensor", x, t.input(DType.FLOAT32, 700))));
    t.expect("transposed", 1e-6, t.call("exp", t.call("permute", x, of(1, 0))));
    t.expectSum("of all", 1e-5, 420_000, 1.0 / 420_000, t.call("mean", x));
    t.check();
  }

  @Test
  void longRows() {
    Arg x = t.input(DType.FLOAT32, 3, 20011);
    t.expectSum("sum", 1e-5, 20011, 1, t.call("sum.dim_IntList", x, of(1)));
    t.expectSum("sum of all", 1e-5, 60033, 1, t.call("sum", x));
    t.expect("softmax", 1e-5, t.call("_softmax", x, 1, false));
    t.expect("layer_norm", 1e-5, t.call("layer_norm", x, of(20011)));
    t.expect("var", 1e-5, t.call("var.correction", x, of(1), 0));
    t.expect("norm", 1e-5, t.call("linalg_vector_norm", x, 2.0, of(1)));
    t.expect("cumsum over columns", 1e-5, t.call("cumsum", x, 0));
    t.check();
  }

  @Test
  void whatIsTheSameForAWholeRowDoesNotTurnTheLoopsAround() {
    Arg distance =
        t.call("sub.Tensor", t.input(DType.FLOAT32, 49, 512), t.input(DType.FLOAT32, 49, 1));
    Arg squares = t.call("mul.Tensor", distance, distance);
    t.expectSum("variance", 1e-5, 512, 1, t.call("sum.dim_IntList", squares, of(1), false));
    t.check();
    assertThat(oracle.source(t.graph())).contains(".add(512, [&](int64_t");
  }
}
