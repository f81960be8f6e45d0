package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sorting, choosing by order and running along rows, with ties, NaN and both zeros. */
class OrderPropertiesTest {
  private static final Dim N = Property.N;
  private static final Dim M = Property.M;
  private static final Dim P = Property.P;
  private static final Dim Q = Property.Q;

  /** Of two zeros either may be the extreme. */
  private static final double EQUAL = Double.MIN_VALUE;

  @TempDir Path cache;

  private static void both(Property p, String name, double tolerance, List<Arg> results) {
    p.expect(name, tolerance, results.get(0));
    p.expect("places by " + name, 0, results.get(1));
  }

  private static void orders(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.spread(dtype, Contents.ANY, N, M);
    Arg ties = p.columns(dtype, Contents.NORMAL, M, N);
    both(p, "sort" + of, 0, p.calls("sort.stable", x, true, 1, false));
    both(p, "sort down" + of, 0, p.calls("sort.stable", x, true, 0, true));
    p.expect("argsort" + of, 0, p.call("argsort.stable", ties, true, 0, false));
    Arg wide = p.columns(dtype, Contents.ANY, P, Q.plus(4));
    // Which of equal elements comes first is nobody's promise: their values are.
    p.expect("topk" + of, EQUAL, p.calls("topk", wide, 5, 1, true, true).get(0));
    p.expect("topk down" + of, EQUAL, p.calls("topk", wide, 3, 1, false, true).get(0));
    p.expect("kthvalue" + of, EQUAL, p.calls("kthvalue", wide, 4, 1, false).get(0));
    p.expect("median" + of, EQUAL, p.calls("median.dim", wide, 0, true).get(0));
    p.expect("nanmedian" + of, EQUAL, p.calls("nanmedian.dim", wide, 1, false).get(0));
    Arg few = p.input(dtype, Contents.NORMAL, P, Q);
    p.expect("mode" + of, 0, p.calls("mode", few, 1, false).get(0));
  }

  private static void scans(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.spread(dtype, Contents.ANY, N, M);
    Arg sums = p.columns(dtype, Contents.NORMAL, N, M);
    both(p, "cummax" + of, EQUAL, p.calls("cummax", x, 1));
    both(p, "cummin" + of, EQUAL, p.calls("cummin", x, 0));
    p.expectSum("cumsum" + of, 2e-6, 70, 1, p.call("cumsum", sums, 1));
    p.expect("cumprod" + of, 140 * 0x1p-24, p.call("cumprod", sums, 0)); // 70 products, twice
    if (dtype.isFloating()) {
      p.expectSum("logcumsumexp" + of, 5e-6, 1, 1, p.call("logcumsumexp", sums, 1));
    }
  }

  @Test
  void orders() {
    Property.check(
        cache,
        200,
        p -> {
          List.of(DType.FLOAT32, DType.FLOAT16, DType.INT64).forEach(dtype -> orders(p, dtype));
          List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.INT32, DType.UINT8)
              .forEach(dtype -> scans(p, dtype));
        });
  }
}
