package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reductions, scans, softmax and norms of every type over random sizes and layouts. */
class ReductionPropertiesTest {
  private static final List<DType> FLOATS =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
  private static final List<DType> INTEGERS =
      List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8, DType.BOOL);

  @TempDir Path cache;

  @Test
  void ofFloats() {
    Property.check(
        cache,
        200,
        p -> {
          for (DType dtype : FLOATS) {
            Arg any = p.spread(dtype, Contents.NORMAL, Property.N, Property.M);
            Arg full = p.columns(dtype, Contents.NORMAL, Property.P, Property.Q);
            Arg extreme = p.input(dtype, Contents.ANY, Property.P, Property.Q);
            for (long dim : of(0, 1)) {
              String of = " over " + dim + " of " + dtype;
              p.expectSum("sum" + of, 2e-6, 70, 1, p.call("sum.dim_IntList", any, of(dim), true));
              p.expectSum("mean" + of, 2e-6, 1, 1, p.call("mean.dim", any, of(dim), false));
              p.expect("amax" + of, Double.MIN_VALUE, p.call("amax", extreme, of(dim), true));
              p.expect("argmin" + of, 0, p.call("argmin", extreme, dim, false));
              p.expect("any" + of, 0, p.call("any.dim", extreme, dim, true));
              p.expect("all" + of, 0, p.call("all.dim", any, dim, false));
              p.expectSum("var" + of, 5e-6, 1, 1, p.call("var.correction", full, of(dim), 1, true));
              p.expect("softmax" + of, 5e-6, p.call("_softmax", full, dim, false));
              p.expectSum("log_softmax" + of, 5e-6, 1, 1, p.call("_log_softmax", any, dim, false));
              p.expectSum("cumsum" + of, 2e-6, 70, 1, p.call("cumsum", any, dim));
              p.expectSum("logsumexp" + of, 5e-6, 1, 1, p.call("logsumexp", full, of(dim), true));
            }
          }
        });
  }

  @Test
  void ofIntegers() {
    Property.check(
        cache,
        200,
        p -> {
          for (DType dtype : INTEGERS) {
            Arg any = p.spread(dtype, Contents.ANY, Property.N, Property.M);
            Arg full = p.columns(dtype, Contents.ANY, Property.P, Property.Q);
            for (long dim : of(0, 1)) {
              String of = " over " + dim + " of " + dtype;
              p.expect("sum" + of, 0, p.call("sum.dim_IntList", any, of(dim), true));
              p.expect("prod" + of, 0, p.call("prod.dim_int", any, dim, false));
              p.expect("amin" + of, 0, p.call("amin", full, of(dim), false));
              if (dtype != DType.BOOL) {
                p.expect("argmax" + of, 0, p.call("argmax", full, dim, true));
              }
              p.expect("any" + of, 0, p.call("any.dim", any, dim, true));
              p.expect("all" + of, 0, p.call("all.dim", full, dim, false));
              p.expect("cumsum" + of, 0, p.call("cumsum", full, dim));
            }
          }
        });
  }

  @Test
  void norms() {
    Property.check(
        cache,
        200,
        p -> {
          Dim width = Dim.of(33);
          for (DType dtype : FLOATS) {
            Arg x = p.input(dtype, Contents.NORMAL, Property.N, Property.M, width);
            Arg scale = p.input(dtype, Contents.NORMAL, width);
            Arg shift = p.input(dtype, Contents.NORMAL, width);
            p.expectSum(
                "layer_norm of " + dtype,
                5e-6,
                1,
                3,
                p.call("layer_norm", x, of(33), scale, shift, 1e-5));
            p.expectSum(
                "rms_norm of " + dtype, 5e-6, 1, 3, p.call("rms_norm", x, of(33), scale, 1e-5));
            Arg image = p.input(dtype, Contents.NORMAL, Property.N, Dim.of(6), Property.Q, width);
            Arg channel = p.input(dtype, Contents.NORMAL, Dim.of(6));
            Arg mean = p.input(dtype, Contents.NORMAL, Dim.of(6));
            Arg variance = p.input(dtype, Contents.POSITIVE, Dim.of(6));
            p.expectSum(
                "group_norm of " + dtype,
                5e-6,
                1,
                3,
                p.call("group_norm", image, 2, channel, mean, 1e-5));
            p.expectSum(
                "batch_norm of " + dtype,
                5e-6,
                1,
                1000, // of a variance near 0
                p.call(
                    "batch_norm", image, channel, mean, mean, variance, false, 0.1, 1e-5, false));
          }
        });
  }
}
