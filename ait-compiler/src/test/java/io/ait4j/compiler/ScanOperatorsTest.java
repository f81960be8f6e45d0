package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running sums, products and extremes, and places in sorted rows. */
class ScanOperatorsTest {
  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, seed);
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private void expect(double tolerance, String target, Object... args) {
    String name = target + " of " + t.meta((Arg) args[0]) + ", seed " + seed;
    t.calls(target, args).forEach(result -> t.expect(name, tolerance, result));
  }

  @Test
  void runsAlongEveryDimension() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.UINT8)) {
      List<Arg> layouts =
          List.of(
              t.input(dtype, 3, 70, 20),
              t.permuted(dtype, of(3, 70, 20), 2, 0, 1),
              t.spread(dtype, 3, 70, 20),
              t.input(dtype),
              t.input(dtype, 4, 0, 2));
      for (Arg x : layouts) {
        int rank = t.meta(x).rank();
        for (int dim = -Math.max(1, rank); dim < Math.max(1, rank); dim++) {
          expect(0, "cumsum", x, dim);
          expect(0, "cumprod", x, dim);
          expect(0, "cummax", x, dim);
          expect(0, "cummin", x, dim);
          if (dtype.isFloating()) {
            expect(1e-6, "logcumsumexp", x, dim);
          }
        }
      }
    }
    Arg extremes =
        t.values(
            DType.FLOAT32,
            of(7, 31),
            1,
            -2,
            Float.NEGATIVE_INFINITY,
            80,
            1e30,
            1e30,
            -0.0,
            0,
            Float.POSITIVE_INFINITY,
            5,
            5,
            Float.NaN,
            7,
            Float.NaN,
            3,
            -1e38,
            -1e38);
    for (int dim = 0; dim < 2; dim++) {
      expect(0, "cumsum", extremes, dim);
      expect(0, "cumprod", extremes, dim);
      expect(0, "cummax", extremes, dim);
      expect(0, "cummin", extremes, dim);
      expect(1e-6, "logcumsumexp", extremes, dim);
    }
    t.expect("in double", 0, t.call("cumsum", t.input(DType.INT32, 40), 0, DType.FLOAT64));
    t.check();
  }

  @Test
  void searchesSortedRows() {
    for (DType dtype : List.of(DType.FLOAT32, DType.INT64, DType.INT8)) {
      Arg row = t.calls("sort.stable", t.input(dtype, 30), true, 0, false).getFirst();
      Arg rows = t.calls("sort.stable", t.input(dtype, 4, 30), true, 1, false).getFirst();
      Arg x = t.permuted(dtype, of(4, 11), 1, 0);
      for (boolean right : new boolean[] {false, true}) {
        boolean narrow = random.nextBoolean();
        expect(0, "searchsorted.Tensor", row, x, narrow, right);
        expect(0, "searchsorted.Tensor", rows, x, narrow, right);
        expect(0, "searchsorted.Tensor", rows, x, narrow, false, right ? "right" : "left");
        expect(0, "bucketize.Tensor", x, row, narrow, right);
        expect(0, "bucketize.Tensor", t.input(dtype), row, narrow, right);
        expect(0, "searchsorted.Scalar", row, 2, narrow, right);
        t.expect(
            "bucketize.Scalar " + dtype, 0, t.call("bucketize.Scalar", 0.5, row, narrow, right));
        Arg any = t.input(dtype, 4, 30);
        Arg sorter = t.call("argsort.stable", any, true, 1, false);
        expect(0, "searchsorted.Tensor", any, x, narrow, right, null, sorter);
      }
      Arg line = t.input(dtype, 9);
      Arg order = t.call("argsort.stable", line, true, 0, false);
      expect(0, "searchsorted.Scalar", line, 300, false, false, "right", order);
      expect(0, "searchsorted.Tensor", row, t.input(DType.FLOAT64, 3, 4), true, false);
    }
    Arg x = t.values(DType.FLOAT32, of(5), Float.NaN, Float.NEGATIVE_INFINITY, -0.0, 2, 1e30);
    Arg row = t.values(DType.FLOAT32, of(6), Float.NEGATIVE_INFINITY, -1, 0, 0, 2, Float.NaN);
    for (boolean right : new boolean[] {false, true}) {
      expect(0, "searchsorted.Tensor", row, x, false, right);
      expect(0, "bucketize.Tensor", x, t.input(DType.FLOAT32, 0), false, right);
    }
    Arg half = t.values(DType.FLOAT16, of(1), 2048);
    Arg whole = t.values(DType.INT64, of(2), 2048, 2049);
    Arg backwards = t.values(DType.INT64, of(2), 2049, 2048);
    Arg sorter = t.values(DType.INT64, of(2), 1, 0);
    for (boolean right : new boolean[] {false, true}) {
      expect(0, "searchsorted.Tensor", whole, half, false, right);
      expect(0, "searchsorted.Tensor", backwards, half, false, right, null, sorter);
      expect(0, "bucketize.Tensor", half, whole, false, right);
    }
    t.check();
  }

  @Test
  void lengthsMayBeOpen() {
    Dim n = Dim.symbol("n", 0, 5000);
    FxGraph graph =
        Oracle.graph(
            List.of(
                TensorMeta.contiguous(DType.FLOAT32, List.of(Dim.of(3), n)),
                TensorMeta.contiguous(DType.INT64, List.of(n, Dim.of(2)))),
            (b, in) ->
                List.of(
                    b.call("aten::cumsum", in.get(0), new Arg.Int(1)),
                    b.call("aten::cumsum", in.get(1), new Arg.Int(0)),
                    b.call("aten::cumprod", in.get(0), new Arg.Int(0))));
    oracle.checkSizes(graph, List.of(Map.of("n", 0L), Map.of("n", 1L), Map.of("n", 4321L)), 1e-5);
  }
}
