package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One library serves every size in its range, with libtorch's numbers. */
class DynamicShapesTest {
  @TempDir static Path cache;

  private static final Dim BATCH = Dim.symbol("batch", 1, 16);
  private static final Dim LENGTH = Dim.symbol("length", 1, 64);

  private static final List<Map<String, Long>> BATCHES =
      List.of(Map.of("batch", 1L), Map.of("batch", 16L), Map.of("batch", 7L));
  private static final List<Map<String, Long>> BATCHES_AND_LENGTHS =
      List.of(
          Map.of("batch", 1L, "length", 1L),
          Map.of("batch", 16L, "length", 64L),
          Map.of("batch", 3L, "length", 37L),
          Map.of("batch", 1L, "length", 64L));

  private static TensorMeta floats(Object... shape) {
    List<Dim> dims = new ArrayList<>();
    for (Object size : shape) {
      dims.add(size instanceof Dim d ? d : Dim.of(((Number) size).longValue()));
    }
    return TensorMeta.contiguous(DType.FLOAT32, dims);
  }

  private interface Body {
    List<Arg> emit(Oracle oracle, FxGraphBuilder b, List<Arg> in);
  }

  private static void check(List<Map<String, Long>> sizes, List<TensorMeta> inputs, Body body) {
    try (Oracle oracle = new Oracle(cache, 7)) {
      FxGraph graph = Oracle.graph(inputs, (b, in) -> body.emit(oracle, b, in));
      oracle.checkSizes(graph, sizes, 1e-4);
    }
  }

  @Test
  void pointwiseAndReductions() {
    check(
        BATCHES,
        List.of(floats(BATCH, 12), floats(12)),
        (o, b, in) -> {
          Arg x = b.call("aten::add.Tensor", in.get(0), in.get(1), new Arg.Int(1));
          Arg y = b.call("aten::gelu", x, new Arg.Str("none"));
          Arg mean = b.call("aten::mean.dim", y, Arg.ints(1), new Arg.Bool(true), Arg.NONE);
          Arg sum = b.call("aten::sum.dim_IntList", y, Arg.ints(0), new Arg.Bool(false), Arg.NONE);
          return List.of(y, mean, sum);
        });
  }

  @Test
  void linearAndNorm() {
    check(
        BATCHES_AND_LENGTHS,
        List.of(floats(BATCH, LENGTH, 48)),
        (o, b, in) -> {
          Arg x = b.call("aten::linear", in.get(0), o.weight(b, 40, 48), o.weight(b, 40));
          Arg n =
              b.call(
                  "aten::layer_norm",
                  x,
                  Arg.ints(40),
                  o.weight(b, 40),
                  o.weight(b, 40),
                  new Arg.Float(1e-5),
                  new Arg.Bool(true));
          return List.of(b.call("aten::_softmax", n, new Arg.Int(1), new Arg.Bool(false)), n);
        });
  }

  @Test
  void convolutionsAndPooling() {
    check(
        BATCHES,
        List.of(floats(BATCH, 3, 15, 14)),
        (o, b, in) -> {
          Arg x = convolution(b, in.get(0), o.weight(b, 16, 3, 3, 3), o.weight(b, 16), 1, 1);
          x = b.call("aten::relu", x);
          x =
              b.call(
                  "aten::max_pool2d",
                  x,
                  Arg.ints(3, 3),
                  Arg.ints(2, 2),
                  Arg.ints(1, 1),
                  Arg.ints(1, 1),
                  new Arg.Bool(false));
          Arg d = convolution(b, x, o.weight(b, 16, 1, 3, 3), Arg.NONE, 1, 16);
          Arg g = convolution(b, d, o.weight(b, 32, 8, 1, 1), o.weight(b, 32), 0, 2);
          Arg mean = b.call("aten::mean.dim", g, Arg.ints(2, 3), new Arg.Bool(false), Arg.NONE);
          return List.of(b.call("aten::linear", mean, o.weight(b, 10, 32), Arg.NONE), d);
        });
  }

  private static Arg convolution(
      FxGraphBuilder b, Arg x, Arg weight, Arg bias, long pad, long groups) {
    return b.call(
        "aten::convolution",
        x,
        weight,
        bias,
        Arg.ints(1, 1),
        Arg.ints(pad, pad),
        Arg.ints(1, 1),
        new Arg.Bool(false),
        Arg.ints(0, 0),
        new Arg.Int(groups));
  }

  @Test
  void attention() {
    check(
        BATCHES_AND_LENGTHS,
        List.of(floats(BATCH, LENGTH, 32)),
        (o, b, in) -> {
          Arg[] heads = new Arg[3];
          for (int i = 0; i < 3; i++) {
            Arg p = b.call("aten::linear", in.get(0), o.weight(b, 32, 32), o.weight(b, 32));
            Arg v =
                b.call("aten::view", p, Arg.ofDims(List.of(BATCH, LENGTH, Dim.of(4), Dim.of(8))));
            heads[i] = b.call("aten::permute", v, Arg.ints(0, 2, 1, 3));
          }
          Arg y =
              b.call(
                  "aten::scaled_dot_product_attention",
                  heads[0],
                  heads[1],
                  heads[2],
                  Arg.NONE,
                  new Arg.Float(0),
                  new Arg.Bool(true),
                  Arg.NONE,
                  new Arg.Bool(false));
          Arg t = b.call("aten::permute", y, Arg.ints(0, 2, 1, 3));
          Arg r = b.call("aten::reshape", t, Arg.ofDims(List.of(BATCH, LENGTH, Dim.of(32))));
          return List.of(b.call("aten::linear", r, o.weight(b, 32, 32), Arg.NONE));
        });
  }
}
