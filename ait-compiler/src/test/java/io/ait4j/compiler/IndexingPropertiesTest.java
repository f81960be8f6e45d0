package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads and writes at places that are data, over random sizes, places and numbers. */
class IndexingPropertiesTest {
  private static final Dim N = Property.N;
  private static final Dim M = Property.M;
  private static final Dim P = Property.P;
  private static final Dim Q = Property.Q;

  /** Of two zeros either may be the extreme. */
  private static final double EQUAL = Double.MIN_VALUE;

  /** 70 products and as many roundings, here and in libtorch. */
  private static final double PRODUCT = 140 * 0x1p-24;

  @TempDir Path cache;

  private static Arg list(Arg... indices) {
    return new Arg.Sequence(List.of(indices));
  }

  private static void reads(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.columns(dtype, Contents.ANY, P, Q);
    Arg spread = p.spread(dtype, Contents.ANY, P, Q);
    Arg columns = p.places(DType.INT64, false, Q, N);
    Arg rows = p.places(DType.INT32, false, P, M);
    p.expect("index_select 0" + of, 0, p.call("index_select", x, 0, rows));
    p.expect("index_select 1" + of, 0, p.call("index_select", spread, 1, columns));
    p.expect("embedding" + of, 0, p.call("embedding", x, p.places(DType.INT64, false, P, N, M)));
    Arg wide = p.places(DType.INT64, false, Q, P, M);
    p.expect("gather 1" + of, 0, p.call("gather", x, 1, wide, false));
    Arg high = p.places(DType.INT64, false, P, M, Q);
    p.expect("gather 0" + of, 0, p.call("gather", spread, 0, high, false));
    p.expect("take" + of, 0, p.call("take", x, p.places(DType.INT64, true, P.times(Q), N, M)));
    Arg volume = p.input(dtype, Contents.ANY, P, Q, Dim.of(3));
    Arg first = p.places(DType.INT64, true, P, M);
    Arg second = p.places(DType.INT64, true, Q, N, Dim.ONE);
    Arg third = p.places(DType.INT64, true, Dim.of(3), M);
    p.expect("index" + of, 0, p.call("index.Tensor", volume, list(first)));
    p.expect("two indices" + of, 0, p.call("index.Tensor", volume, list(first, second)));
    p.expect("the last" + of, 0, p.call("index.Tensor", volume, list(Arg.NONE, second, third)));
    p.expect("apart" + of, 0, p.call("index.Tensor", volume, list(first, Arg.NONE, third)));
    p.expect("all" + of, 0, p.call("index.Tensor", volume, list(first, second, third)));
  }

  private static void writes(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.spread(dtype, Contents.ANY, P, Q);
    Arg half = p.differentPlaces(Q, P, Q.floorDiv(2));
    Arg source = p.input(dtype, Contents.ANY, P, Q.floorDiv(2));
    p.expect("scatter" + of, 0, p.call("scatter.src", x, 1, half, source));
    Arg columns = p.differentPlaces(Q, Q.floorDiv(2));
    p.expect("index_copy" + of, 0, p.call("index_copy", x, 1, columns, source));
    p.expect("index_fill" + of, 0, p.call("index_fill.int_Scalar", x, 1, columns, 2));
    Arg whole = p.differentPlaces(P, P);
    Arg lines = p.columns(dtype, Contents.ANY, P, Q);
    p.expect("index_put" + of, 0, p.call("index_put", x, list(whole), lines, false));
    Arg mask = p.input(DType.BOOL, Contents.NORMAL, P, Q);
    p.expect("masked_scatter" + of, 0, p.call("masked_scatter", x, mask, lines));
    Arg row = p.input(dtype, Contents.ANY, Q);
    p.expect("put by a mask" + of, 0, p.call("index_put", x, list(mask), one(p, row), false));
  }

  private static Arg one(Property p, Arg row) {
    return p.call("select.int", row, 0, 0);
  }

  /** Several to a place. */
  private static void sums(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.spread(dtype, Contents.NORMAL, P, Q);
    Arg lines = p.columns(dtype, Contents.NORMAL, M, Q);
    Arg at = p.places(DType.INT64, false, P, M, Q);
    Arg rows = p.places(DType.INT32, false, P, M);
    p.expectSum("scatter_add" + of, 2e-6, 70, 1, p.call("scatter_add", x, 0, at, lines));
    p.expectSum("index_add" + of, 2e-6, 70, 1, p.call("index_add", x, 0, rows, lines));
    Arg places = p.places(DType.INT64, true, P, M);
    p.expectSum("index_put" + of, 2e-6, 70, 1, p.call("index_put", x, list(places), lines, true));
    Arg extreme = p.columns(dtype, Contents.ANY, M, Q);
    boolean withSelf = dtype == DType.FLOAT32 || dtype == DType.UINT8;
    for (String extremum : List.of("amax", "amin")) {
      Arg result = p.call("scatter_reduce.two", x, 0, at, extreme, extremum, withSelf);
      p.expect(extremum + of, EQUAL, result);
    }
    Arg mean = p.call("scatter_reduce.two", x, 0, at, lines, "mean", !withSelf);
    p.expectSum("mean" + of, 2e-6, 1, 1, mean);
    Arg product = p.call("scatter_reduce.two", x, 0, at, lines, "prod", withSelf);
    p.expect("product" + of, PRODUCT, product);
  }

  private static void bags(Property p, DType dtype) {
    Arg table = p.columns(dtype, Contents.NORMAL, Q, Dim.of(5));
    for (int mode = 0; mode < 3; mode++) {
      // Of a maximum none in no bags: libtorch's kernel would write before its result.
      Dim length = mode == 2 ? N.times(7) : N.times(7).plus(1);
      Arg places = p.places(DType.INT64, false, Q, length);
      boolean last = mode == 1;
      Arg of = p.starts(DType.INT64, length, last ? N.plus(1) : N);
      Arg weight = mode == 0 ? p.input(dtype, Contents.NORMAL, length) : null;
      Arg bags =
          p.calls("embedding_bag", table, places, of, false, mode, false, weight, last).getFirst();
      p.expectSum("bags " + mode + " of " + dtype, 2e-6, mode == 0 ? 70 : 1, 1, bags);
    }
  }

  private static void searches(Property p, DType dtype) {
    Arg rows = p.input(dtype, Contents.ASCENDING, N, M);
    Arg row = p.input(dtype, Contents.ASCENDING, M);
    Arg x = p.columns(dtype, Contents.ANY, N, Q);
    for (boolean right : new boolean[] {false, true}) {
      String how = (right ? " right of " : " of ") + dtype;
      p.expect("searchsorted" + how, 0, p.call("searchsorted.Tensor", rows, x, right, right));
      p.expect("bucketize" + how, 0, p.call("bucketize.Tensor", x, row, !right, right));
    }
  }

  @Test
  void readsAndWrites() {
    Property.check(
        cache,
        200,
        p -> {
          for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT16, DType.INT64)) {
            reads(p, dtype);
            writes(p, dtype);
          }
          p.expect("one_hot", 0, p.call("one_hot", p.places(DType.INT64, false, P, N, M), 9));
        });
  }

  @Test
  void sumsAndSearches() {
    Property.check(
        cache,
        200,
        p -> {
          List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.INT64, DType.UINT8)
              .forEach(dtype -> sums(p, dtype));
          List.of(DType.FLOAT32, DType.FLOAT16).forEach(dtype -> bags(p, dtype));
          List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32).forEach(dtype -> searches(p, dtype));
        });
  }
}
