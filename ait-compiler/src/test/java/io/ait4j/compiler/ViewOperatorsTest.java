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

/** Views, concatenation and padding: which element goes where. */
class ViewOperatorsTest {
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
  void reshapes() {
    Arg x = t.input(DType.FLOAT32, 4, 6, 10);
    Arg p = t.permuted(DType.FLOAT32, of(4, 6, 10), 2, 1, 0);
    Arg s = t.spread(DType.INT32, 4, 6, 10);
    for (long[] shape :
        List.of(
            of(240),
            of(24, 10),
            of(4, 60),
            of(2, 2, 6, 10),
            of(8, 30),
            of(10, 6, 4),
            of(3, 80),
            of(1, 240, 1),
            of(2, 2, 2, 3, 2, 5),
            of(-1, 5),
            of(16, 15),
            of(5, 48))) {
      for (Arg y : List.of(x, p, s)) {
        t.expect(
            "reshape of " + t.meta(y) + " to " + java.util.Arrays.toString(shape),
            0,
            t.call("abs", t.call("reshape", y, shape)));
      }
    }
    t.expect("view", 0, t.call("view", x, of(6, 40)));
    t.expect("flatten", 0, t.call("flatten.using_ints", x, 1, -1));
    t.expect("unflatten", 0, t.call("unflatten.int", x, 1, of(2, 3)));
    t.expect("of nothing", 0, t.call("reshape", t.input(DType.FLOAT32, 3, 0, 2), of(0, 7)));
    t.expect("of a scalar", 0, t.call("reshape", t.input(DType.FLOAT32), of(1, 1)));
    t.expect("to a scalar", 0, t.call("reshape", t.input(DType.FLOAT32, 1, 1), of()));
    t.check();
  }

  @Test
  void movesOfDimensions() {
    Arg x = t.input(DType.FLOAT32, 3, 4, 5);
    t.expectCall(0, "permute", x, of(2, 0, 1));
    t.expectCall(0, "permute", x, of(-1, 0, -2));
    t.expectCall(0, "transpose.int", x, 0, -1);
    t.expectCall(0, "t", t.input(DType.INT64, 3, 4));
    t.expectCall(0, "movedim.int", x, 0, 2);
    t.expectCall(0, "unsqueeze", x, -1);
    t.expectCall(0, "unsqueeze", x, 1);
    Arg ones = t.input(DType.FLOAT32, 1, 3, 1, 4);
    t.expectCall(0, "squeeze", ones);
    t.expectCall(0, "squeeze.dim", ones, 0);
    t.expectCall(0, "squeeze.dim", ones, 1);
    t.expectCall(0, "squeeze.dims", ones, of(0, -2));
    t.expectCall(0, "expand", ones, of(2, 3, 5, 4));
    t.expectCall(0, "expand", ones, of(7, -1, -1, 2, 4));
    t.expectCall(0, "repeat", x, of(2, 1, 3));
    t.expectCall(0, "repeat", x, of(2, 1, 2, 1));
    t.expectCall(0, "flip", x, of(0, 2));
    t.expectCall(0, "flip", x, of(-2));
    t.expectCall(0, "flip", t.input(DType.FLOAT32, 3, 0), of(0));
    t.expectCall(0, "roll", x, of(2), of(1));
    t.expectCall(0, "roll", x, of(-3, 1), of(0, 2));
    t.expectCall(0, "roll", x, of(7), of());
    t.expectCall(0, "tril", x, -1);
    t.expectCall(0, "triu", x, 1);
    t.expectCall(0, "tril", t.input(DType.BOOL, 4, 6), 0);
    t.expectCall(0, "pixel_shuffle", t.input(DType.FLOAT32, 2, 12, 3, 5), 2);
    t.expectCall(0, "pixel_unshuffle", t.input(DType.FLOAT32, 2, 3, 4, 6), 2);
    t.check();
  }

  @Test
  void slices() {
    Arg x = t.permuted(DType.FLOAT32, of(7, 9, 5), 1, 2, 0);
    t.expectCall(0, "slice.Tensor", x, 0, 1, 6, 1);
    t.expectCall(0, "slice.Tensor", x, 1, -5, 1000, 2);
    t.expectCall(0, "slice.Tensor", x, 1, null, null, 4);
    t.expectCall(0, "slice.Tensor", x, -1, -100, -1, 1);
    t.expectCall(0, "slice.Tensor", x, 0, 5, 2, 1);
    t.expectCall(0, "slice.Tensor", x, 0, 3, 3, 1);
    t.expectCall(0, "slice.Tensor", x, 2, 0, Long.MAX_VALUE, 3);
    t.expectCall(0, "select.int", x, 0, 3);
    t.expectCall(0, "select.int", x, -1, -1);
    t.expectCall(0, "select.int", t.input(DType.INT8, 4), 0, 2);
    t.expectCall(0, "narrow", x, 1, 2, 4);
    for (Arg part : t.calls("split.Tensor", x, 4, 1)) {
      t.expect("split", 1e-6, t.call("exp", part));
    }
    for (Arg part : t.calls("unbind.int", x, 2)) {
      t.expect("unbind", 0, part);
    }
    Arg inner = t.call("slice.Tensor", x, 0, 1, 6, 2);
    inner = t.call("permute", inner, of(1, 2, 0));
    inner = t.call("slice.Tensor", inner, 0, 2, 8, 3);
    inner = t.call("reshape", inner, of(-1, 3));
    t.expect("views of views", 0, t.call("add.Tensor", inner, 1));
    t.check();
  }

  @Test
  void concatenations() {
    Arg x = t.input(DType.FLOAT32, 2, 3, 4);
    Arg y = t.permuted(DType.FLOAT32, of(2, 5, 4), 2, 1, 0);
    Arg none = t.input(DType.FLOAT32, 2, 0, 4);
    Arg relic = t.input(DType.FLOAT32, 0);
    Arg k = t.input(DType.INT32, 2, 1, 4);
    t.expectCall(0, "cat", List.of(x, y), 1);
    t.expectCall(0, "cat", List.of(x, y, none, x), -2);
    t.expectCall(0, "cat", List.of(relic, x), 0);
    t.expectCall(0, "cat", List.of(x, k), 1);
    t.expectCall(0, "cat", List.of(k), 1);
    t.expectCall(0, "cat", List.of(relic, relic), 0);
    t.expectCall(0, "stack", List.of(x, x, x), -1);
    t.expect(
        "of results",
        1e-6,
        t.call("cat", List.of(t.call("exp", x), t.call("neg", y), t.call("exp", x)), 1));
    Arg shared = t.call("exp", x);
    t.expect("twice the same", 1e-6, t.call("cat", List.of(shared, shared), 0));
    t.expect("and the part itself", 1e-6, shared);
    Arg joined = t.call("cat", List.of(shared, t.call("slice.Tensor", y, 1, 0, 2)), 1);
    t.expect("and more of it", 1e-6, t.call("sum.dim_IntList", joined, of(1)));
    t.expect("and of its parts", 1e-6, t.call("slice.Tensor", joined, 1, 2, 4));
    t.check();
  }

  @Test
  void padding() {
    Arg x = t.input(DType.FLOAT32, 2, 3, 5);
    t.expectCall(0, "constant_pad_nd", x, of(1, 2), 0.5);
    t.expectCall(0, "constant_pad_nd", x, of(0, 1, 2, 0, 1, 1), -1);
    t.expectCall(0, "constant_pad_nd", x, of(-1, 2, 1, -2), 7.0);
    t.expectCall(0, "constant_pad_nd", x, of(-1, -1), 0);
    t.expectCall(0, "constant_pad_nd", x, of(0, 0), 3);
    t.expectCall(0, "constant_pad_nd", t.input(DType.BOOL, 3), of(1, 1), true);
    t.expectCall(0, "constant_pad_nd", t.input(DType.INT16, 3, 0), of(1, 1), 9);
    t.expectCall(0, "constant_pad_nd", x, of(3, 3), Double.NEGATIVE_INFINITY);
    Arg volume = t.input(DType.FLOAT32, 2, 3, 4, 5, 6);
    for (String mode : java.util.List.of("reflect", "replicate", "circular")) {
      t.expectCall(0, "pad", volume, of(1, 2, 3, 0, 2, 1), mode, null);
      t.expectCall(0, "pad", t.input(DType.FLOAT32, 3, 5, 6), of(2, 1), mode, null);
    }
    t.expectCall(0, "pad", volume, of(-1, 0, -2, -1, 1, 3), "circular", null);
    t.expectCall(0, "pad", volume, of(-1, 0, -2, -1, 1, 3), "replicate", null);
    t.expectCall(0, "pad", volume, of(-1, 3, 2, -1, 1, 3), "reflect", null);
    t.expect("of a result", 1e-6, t.call("constant_pad_nd", t.call("exp", x), of(2, 2), 0.0));
    Arg padded = t.call("constant_pad_nd", x, of(1, 1), 0.0);
    t.expect("reduced", 1e-6, t.call("sum.dim_IntList", padded, of(2)));
    Arg image = t.permuted(DType.FLOAT32, of(2, 3, 4, 5), 0, 2, 3, 1);
    t.expect("channels last", 0, t.call("constant_pad_nd", image, of(1, 2, 3, 4), 0.0));
    t.expect("reflected", 0, t.call("reflection_pad2d", image, of(2, 1, 3, 0)));
    t.expect("reflected in 1d", 0, t.call("reflection_pad1d", x, of(4, 2)));
    t.expect("replicated", 0, t.call("replication_pad2d", image, of(2, 1, 0, 7)));
    t.expect("replicated in 1d", 0, t.call("replication_pad1d", x, of(9, 2)));
    t.expect("replicated in 3d", 0, t.call("replication_pad3d", image, of(1, 2, 1, 0, 2, 2)));
    t.check();
  }

  @Test
  void tensorsMadeFromNumbers() {
    t.expect("full", 0, t.call("full", of(2, 3), 1.5));
    t.expect("full of integers", 0, t.call("full", of(2, 3), 7));
    t.expect("full of nothing", 0, t.call("full", of(0), 7, DType.INT8));
    t.expect("full of truth", 0, t.call("full", of(), true));
    t.expect("zeros", 0, t.call("zeros", of(4), DType.FLOAT64));
    t.expect("arange", 0, t.call("arange.start_step", 2, 11, 3));
    t.expect("arange down", 0, t.call("arange.start_step", 5, -5, -2));
    t.expect("arange of floats", 1e-6, t.call("arange.start_step", 0.5, 3.0, 0.25));
    t.expect("arange as bytes", 0, t.call("arange.start_step", 0, 5, 1, DType.INT8));
    t.expect("arange as doubles", 0, t.call("arange.start_step", 0, 5, 1, DType.FLOAT64));
    t.expect("empty arange", 0, t.call("arange.start_step", 0, 0, 1));
    t.expect("eye", 0, t.call("eye.m", 3, 5));
    t.expect("full_like", 0, t.call("full_like", t.input(DType.INT32, 3, 2), 5));
    t.expect("scalar", 0, t.call("scalar_tensor", 2.5));
    t.check();
  }

  @Test
  void copies() {
    Arg x = t.permuted(DType.FLOAT32, of(2, 3, 4, 5), 3, 1, 0, 2);
    Arg e = t.call("expand", t.input(DType.FLOAT32, 1, 3, 1, 5), of(2, 3, 4, 5));
    for (String format : List.of("contiguous_format", "preserve_format", "channels_last")) {
      Arg f = new Arg.MemoryFormat(format);
      t.expect("clone " + format, 0, t.call("clone", x, f));
      t.expect("clone expanded " + format, 0, t.call("clone", e, f));
    }
    t.expect("an input passed on", 0, x);
    t.expect("an expanded input passed on", 0, e);
    t.check();
  }
}
