package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

  @Test
  void imagesOfAnySize() {
    Dim h = Dim.symbol("h", 4, 20);
    Dim w = Dim.symbol("w", 4, 24);
    check(
        List.of(
            Map.of("h", 4L, "w", 4L),
            Map.of("h", 20L, "w", 24L),
            Map.of("h", 13L, "w", 7L),
            Map.of("h", 8L, "w", 23L)),
        List.of(floats(2, 8, h, w)),
        (o, b, in) -> {
          Arg x = convolution(b, in.get(0), o.weight(b, 8, 8, 3, 3), o.weight(b, 8), 1, 1);
          Arg d = convolution(b, x, o.weight(b, 8, 1, 3, 3), Arg.NONE, 1, 8);
          Arg p =
              b.call(
                  "aten::avg_pool2d",
                  b.call("aten::relu", d),
                  Arg.ints(2, 2),
                  Arg.ints(2, 2),
                  Arg.ints(1, 1));
          Arg up =
              b.call(
                  "aten::convolution",
                  p,
                  o.weight(b, 8, 4, 2, 2),
                  o.weight(b, 4),
                  Arg.ints(2, 2),
                  Arg.ints(0, 0),
                  Arg.ints(1, 1),
                  new Arg.Bool(true),
                  Arg.ints(0, 0),
                  new Arg.Int(1));
          Arg twice =
              b.call(
                  "aten::upsample_nearest2d",
                  p,
                  Arg.ofDims(List.of(doubled(b, p, 2), doubled(b, p, 3))),
                  Arg.NONE,
                  Arg.NONE);
          Arg smooth =
              b.call(
                  "aten::upsample_bilinear2d",
                  p,
                  Arg.ofDims(List.of(doubled(b, p, 2), doubled(b, p, 3))),
                  new Arg.Bool(false),
                  Arg.NONE,
                  Arg.NONE);
          Arg joined = b.call("aten::cat", new Arg.Sequence(List.of(p, p)), new Arg.Int(1));
          return List.of(
              up,
              twice,
              smooth,
              joined,
              b.call("aten::constant_pad_nd", x, Arg.ints(1, 2), new Arg.Float(1)));
        });
  }

  private static Dim doubled(FxGraphBuilder b, Arg x, int d) {
    return b.meta(x).shape().get(d).times(2);
  }

  @Test
  void piecesOfAnyLength() {
    check(
        BATCHES_AND_LENGTHS,
        List.of(
            floats(BATCH, LENGTH, 6), TensorMeta.contiguous(DType.INT64, List.of(BATCH, LENGTH))),
        (o, b, in) -> {
          Arg tokens = b.call("aten::embedding", o.weight(b, 8, 6), in.get(1));
          Arg places =
              b.call(
                  "aten::arange.start_step",
                  new Arg.Int(0),
                  Arg.of(LENGTH),
                  new Arg.Int(1),
                  new Arg.Type(DType.INT64));
          Arg x = b.call("aten::add.Tensor", in.get(0), tokens, new Arg.Int(1));
          Arg both = b.call("aten::cat", new Arg.Sequence(List.of(x, in.get(0))), new Arg.Int(1));
          Arg half =
              b.call(
                  "aten::slice.Tensor",
                  both,
                  new Arg.Int(1),
                  Arg.of(LENGTH.minus(1)),
                  Arg.of(LENGTH.times(2)),
                  new Arg.Int(1));
          Arg last = b.call("aten::select.int", x, new Arg.Int(1), new Arg.Int(-1));
          Arg flat =
              b.call(
                  "aten::reshape",
                  half,
                  Arg.ofDims(List.of(BATCH.times(LENGTH.plus(1)), Dim.of(6))));
          Arg swapped = b.call("aten::permute", x, Arg.ints(1, 0, 2));
          Arg rows =
              b.call("aten::reshape", swapped, Arg.ofDims(List.of(LENGTH.times(BATCH), Dim.of(6))));
          Arg total = b.call("aten::mean.dim", rows, Arg.ints(0), new Arg.Bool(false), Arg.NONE);
          return List.of(places, half, last, flat, rows, total);
        });
  }

  @Test
  void sizesWithoutBound() {
    Dim n = Dim.symbol("n", 0, Dim.UNBOUNDED);
    Dim k = Dim.symbol("k", 1, Dim.UNBOUNDED);
    check(
        List.of(Map.of("n", 0L, "k", 1L), Map.of("n", 3L, "k", 5000L), Map.of("n", 700L, "k", 31L)),
        List.of(floats(n, k), floats(k, 9)),
        (o, b, in) -> {
          Arg p = b.call("aten::_softmax", in.get(0), new Arg.Int(1), new Arg.Bool(false));
          Arg y = b.call("aten::mm", p, in.get(1));
          Arg z = b.call("aten::sum.dim_IntList", y, Arg.ints(0), new Arg.Bool(false), Arg.NONE);
          return List.of(y, z);
        });
  }

  /** x over [batch, 3] and y over [batch + 1, 3] to x + 1 and the sum of y's columns. */
  private static FxGraph related() {
    return Oracle.graph(
        List.of(floats(BATCH, 3), floats(BATCH.plus(1), 3)),
        (b, in) ->
            List.of(
                b.call("aten::add.Tensor", in.get(0), new Arg.Int(1), new Arg.Int(1)),
                b.call(
                    "aten::sum.dim_IntList",
                    in.get(1),
                    Arg.ints(0),
                    new Arg.Bool(false),
                    Arg.NONE)));
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    try (Oracle oracle = new Oracle(cache, 1)) {
      CompiledPartition compiled = oracle.compiler().compile(related(), Arena.ofAuto());
      try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
        run(oracle, module, Map.of(), 4, 5, 4);
        run(oracle, module, Map.of("batch", 4L), 4, 5, 4);
        assertThatThrownBy(() -> run(oracle, module, Map.of(), 4, 6, 4))
            .isInstanceOf(ModelException.class)
            .hasMessageEndingWith("input 1 (input1): expected float32 [5, 3], got float32 [6, 3]");
        assertThatThrownBy(() -> run(oracle, module, Map.of(), 4, 5, 3))
            .hasMessageEndingWith(
                "output 0 (output0): expected float32 [4, 3], got float32 [3, 3]");
        assertThatThrownBy(() -> run(oracle, module, Map.of(), 17, 18, 17))
            .hasMessageEndingWith("the size batch is 17; the model was compiled for 1 to 16");
        assertThatThrownBy(() -> run(oracle, module, Map.of("batch", 3L), 4, 5, 4))
            .hasMessageEndingWith("input 0 (input0): expected float32 [3, 3], got float32 [4, 3]");
      }
    }
  }

  private static void run(
      Oracle oracle, AitModule module, Map<String, Long> symbols, long x, long y, long out) {
    List<NativeTensor> inputs = List.of(oracle.fill(floats(x, 3)), oracle.fill(floats(y, 3)));
    module.run(
        inputs, List.of(oracle.allocate(floats(out, 3)), oracle.allocate(floats(3))), symbols);
  }

  @Test
  void aRunThatNoMemoryHoldsIsRefused() {
    Dim n = Dim.symbol("n", 1, Dim.UNBOUNDED);
    FxGraph graph =
        Oracle.graph(
            List.of(floats(n, 1, 1)),
            (b, in) -> {
              Arg left = b.call("aten::expand", in.get(0), Arg.ofDims(List.of(n, n, Dim.ONE)));
              Arg row =
                  b.call("aten::reshape", in.get(0), Arg.ofDims(List.of(Dim.ONE, Dim.ONE, n)));
              Arg right = b.call("aten::expand", row, Arg.ofDims(List.of(n, Dim.ONE, n)));
              Arg cube = b.call("aten::bmm", left, right);
              return List.of(
                  b.call(
                      "aten::sum.dim_IntList",
                      cube,
                      Arg.ints(0, 1, 2),
                      new Arg.Bool(false),
                      Arg.NONE));
            });
    try (Oracle oracle = new Oracle(cache, 1)) {
      CompiledPartition compiled = oracle.compiler().compile(graph, Arena.ofAuto());
      try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
        List<NativeTensor> sum = List.of(oracle.allocate(floats()));
        module.run(List.of(oracle.fill(floats(5, 1, 1))), sum);
        // 4 n^3 is 2^65 bytes, which is 0 in 64 bits.
        assertThatThrownBy(() -> module.run(List.of(oracle.fill(floats(1 << 21, 1, 1))), sum))
            .isInstanceOf(ModelException.class)
            .hasMessageContaining("out of memory");
        module.run(List.of(oracle.fill(floats(5, 1, 1))), sum);
      }
    }
  }

  @Test
  void aSizeThatNoInputShowsMustBeGiven() {
    Dim rows = BATCH.times(2);
    FxGraph graph =
        Oracle.graph(
            List.of(floats(rows, 3)),
            (b, in) ->
                List.of(b.call("aten::reshape", in.get(0), Arg.ofDims(List.of(BATCH, Dim.of(6))))));
    try (Oracle oracle = new Oracle(cache, 1)) {
      CompiledPartition compiled = oracle.compiler().compile(graph, Arena.ofAuto());
      try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
        List<NativeTensor> x = List.of(oracle.fill(floats(10, 3)));
        List<NativeTensor> y = List.of(oracle.allocate(floats(5, 6)));
        module.run(x, y, Map.of("batch", 5L, "other", 9L));
        assertThat(Elements.floating(y.get(0), 29)).isEqualTo(Elements.floating(x.get(0), 29));
        assertThatThrownBy(() -> module.run(x, y))
            .hasMessageEndingWith("the size batch cannot be told from the inputs; give its value");
      }
    }
  }

  @Test
  void concurrentRunsHaveTheirOwnSizes() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(BATCH, LENGTH)),
            (b, in) -> {
              Arg sums =
                  b.call(
                      "aten::sum.dim_IntList",
                      in.get(0),
                      Arg.ints(0),
                      new Arg.Bool(true),
                      Arg.NONE);
              Arg x = b.call("aten::mul.Tensor", in.get(0), sums);
              Arg square =
                  b.call("aten::mm", b.call("aten::permute", x, Arg.ints(1, 0)), in.get(0));
              return List.of(b.call("aten::_softmax", square, new Arg.Int(0), new Arg.Bool(false)));
            });
    try (Oracle oracle = new Oracle(cache, 1)) {
      CompiledPartition compiled = oracle.compiler().compile(graph, Arena.ofAuto());
      try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
        List<NativeTensor> inputs =
            IntStream.range(0, 8)
                .mapToObj(i -> oracle.fill(floats(1 + 2 * i, 1 + (37 * i) % 64)))
                .toList();
        List<NativeTensor> alone = inputs.stream().map(x -> square(oracle, module, x)).toList();
        IntStream.range(0, 200)
            .parallel()
            .forEach(
                i -> {
                  NativeTensor together;
                  synchronized (oracle) {
                    together = oracle.allocate(alone.get(i % 8).meta());
                  }
                  module.run(List.of(inputs.get(i % 8)), List.of(together));
                  assertThat(together.data().mismatch(alone.get(i % 8).data())).isEqualTo(-1);
                });
      }
    }
  }

  private static NativeTensor square(Oracle oracle, AitModule module, NativeTensor x) {
    NativeTensor y = oracle.allocate(floats(x.sizes()[1], x.sizes()[1]));
    module.run(List.of(x), List.of(y));
    return y;
  }
}
