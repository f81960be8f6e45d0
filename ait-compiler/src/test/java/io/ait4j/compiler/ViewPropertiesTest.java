package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which element goes where, whatever the sizes and layouts, for elements of each width. */
class ViewPropertiesTest {
  private static final Dim N = Property.N;
  private static final Dim M = Property.M;
  private static final Dim P = Property.P;
  private static final Dim Q = Property.Q;

  @TempDir Path cache;

  private static void movements(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.spread(dtype, Contents.ANY, N, M);
    Arg c = p.columns(dtype, Contents.ANY, P, Q);
    Arg v = p.input(dtype, Contents.ANY, N, Dim.of(4), M);
    p.expect("permute" + of, 0, p.call("clone", p.call("permute", v, of(2, 0, 1))));
    p.expect("expand" + of, 0, p.call("abs", p.call("expand", x, List.of(3, N, M))));
    Arg row = p.input(dtype, Contents.ANY, P, Dim.ONE);
    p.expect("broadcast" + of, 0, p.call("eq.Tensor", p.call("expand", row, List.of(P, Q)), c));
    p.expect("reshape" + of, 0, p.call("clone", p.call("reshape", x, List.of(N.times(M)))));
    Arg parts = p.call("reshape", p.call("permute", v, of(2, 1, 0)), List.of(-1, 2, N));
    p.expect("reshape of a view" + of, 0, p.call("clone", parts));
    p.expect("slice" + of, 0, p.call("clone", p.call("slice.Tensor", x, 1, 2, 40, 3)));
    p.expect("slice from the end" + of, 0, p.call("clone", p.call("slice.Tensor", x, 1, -5, -1)));
    p.expect("select" + of, 0, p.call("clone", p.call("select.int", c, 1, -1)));
    p.expect("flip" + of, 0, p.call("flip", x, of(0, 1)));
    p.expect("roll" + of, 0, p.call("roll", c, of(5, -3), of(0, 1)));
    p.expect("cat" + of, 0, p.call("cat", List.of(x, p.call("flip", x, of(0)), x), 0));
    p.expect("cat of slices" + of, 0, sliced(p, v));
    p.expect("stack" + of, 0, p.call("stack", List.of(x, p.call("flip", x, of(1))), -1));
    p.expect("repeat" + of, 0, p.call("repeat", x, of(2, 1, 2)));
    p.expect("tril" + of, 0, p.call("tril", x, 2));
    p.expect("triu" + of, 0, p.call("triu", c, -3));
    p.expect("diagonal" + of, 0, p.call("clone", p.call("diagonal", square(p, dtype), 0, 0, 1)));
    p.expect("padded" + of, 0, p.call("constant_pad_nd", x, of(3, 1, 0, 2), number(dtype)));
    p.expect("cut" + of, 0, p.call("constant_pad_nd", c, of(0, 4, 2, -1), number(dtype)));
    Arg image = p.input(dtype, Contents.ANY, N, Dim.of(8), P, P);
    p.expect("pixel_shuffle" + of, 0, p.call("pixel_shuffle", image, 2));
    Arg even = p.input(dtype, Contents.ANY, N, Dim.of(2), P.times(2), M.times(2));
    p.expect("pixel_unshuffle" + of, 0, p.call("pixel_unshuffle", even, 2));
    Arg wide = p.input(dtype, Contents.ANY, N, Q.plus(3));
    p.expect("windows" + of, 0, p.call("clone", p.call("unfold", wide, 1, 4, 2)));
    Arg part = p.calls("split.Tensor", p.call("permute", v, of(1, 0, 2)), 3, 0).getLast();
    p.expect("split" + of, 0, p.call("clone", part));
  }

  private static Arg sliced(Property p, Arg v) {
    Arg left = p.call("slice.Tensor", v, 1, 1, 3, 1);
    return p.call(
        "cat", List.of(left, v, p.call("unsqueeze", p.call("select.int", v, 1, 0), 1), left), 1);
  }

  private static Arg square(Property p, DType dtype) {
    return p.spread(dtype, Contents.ANY, Q, Q);
  }

  private static Object number(DType dtype) {
    return dtype == DType.BOOL ? true : dtype.isFloating() ? -0.5 : -7;
  }

  @Test
  void movements() {
    Property.check(
        cache,
        200,
        p -> {
          for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT16, DType.INT64, DType.INT8)) {
            movements(p, dtype);
          }
        });
  }
}
