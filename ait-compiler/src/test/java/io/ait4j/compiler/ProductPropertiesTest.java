package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Matrix products and convolutions of every type over random sizes and layouts. */
class ProductPropertiesTest {
  private static final List<DType> TYPES =
      Arrays.stream(DType.values()).filter(t -> !t.isComplex() && t != DType.BOOL).toList();
  private static final Dim N = Property.N;
  private static final Dim M = Property.M;
  private static final Dim Q = Property.Q;

  @TempDir Path cache;

  @Test
  void matrixProducts() {
    Property.check(
        cache,
        200,
        p -> {
          for (DType dtype : TYPES) {
            Arg x = p.spread(dtype, Contents.NORMAL, M, Q);
            Arg y = p.columns(dtype, Contents.NORMAL, Q, N);
            p.expectSum("mm of " + dtype, 2e-6, 70, 1, p.call("mm", x, y));
            Arg a = p.input(dtype, Contents.NORMAL, N, Dim.of(5), Q);
            Arg b = p.input(dtype, Contents.NORMAL, N, Q, M);
            p.expectSum("bmm of " + dtype, 2e-6, 70, 1, p.call("bmm", a, b));
            Arg bias = p.input(dtype, Contents.NORMAL, N);
            p.expectSum("addmm of " + dtype, 2e-6, 70, 3, p.call("addmm", bias, x, y, 2, 3));
          }
        });
  }

  @Test
  void convolutions() {
    Property.check(
        cache,
        200,
        p -> {
          for (DType dtype : TYPES) {
            Arg x = p.input(dtype, Contents.NORMAL, N, Dim.of(4), M.plus(3), Q.plus(3));
            Arg w = p.input(dtype, Contents.NORMAL, Dim.of(6), Dim.of(2), Dim.of(3), Dim.of(2));
            Arg bias = p.input(dtype, Contents.NORMAL, Dim.of(6));
            long[] dilation = dtype.isFloating() ? of(1, 2) : of(1, 1); // libtorch has no other
            p.expectSum(
                "convolution of " + dtype,
                2e-6,
                12,
                2,
                p.call(
                    "convolution", x, w, bias, of(2, 1), of(1, 0), dilation, false, of(0, 0), 2));
          }
        });
  }
}
