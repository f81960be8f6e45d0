package io.ait4j.fx.rules;

import static io.ait4j.fx.Arg.of;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.RandomTensors;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that stay: all results, their strides included, against libtorch. */
class FallbackRulesTest {
  private static Arg flag(RandomTensors t) {
    return new Arg.Bool(t.random.nextBoolean());
  }

  private static Arg axis(RandomTensors t, int rank) {
    return of(t.random.nextInt(-Math.max(1, rank), Math.max(1, rank)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "erfinv",
        "special_erfinv",
        "digamma",
        "lgamma",
        "i0",
        "special_i0e",
        "special_i1",
        "special_ndtri",
        "special_log_ndtr",
        "special_erfcx",
        "special_entr",
        "signbit",
        "angle",
        "special_bessel_j0"
      })
  void specialFunctions(String name) {
    RuleChecks.compare(
        name, 150, t -> List.of(t.tensor(t.anyType(), t.shape(t.random.nextInt(5)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "copysign.Tensor",
        "igamma",
        "hypot",
        "nextafter",
        "heaviside",
        "fmax",
        "fmin",
        "gcd"
      })
  void specialFunctionsOfTwo(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          long[] shape = t.shape(t.random.nextInt(4));
          DType dtype = name.equals("gcd") ? DType.INT64 : t.floating();
          return List.of(t.tensor(dtype, t.broadcastable(shape)), t.tensor(dtype, shape));
        });
  }

  @Test
  void derivativesOfGamma() {
    RuleChecks.compare(
        "polygamma", 60, t -> List.of(of(1), t.tensor(t.floating(), t.shape(t.random.nextInt(4)))));
  }

  @Test
  void layerNorm() {
    RuleChecks.compare(
        "native_layer_norm",
        200,
        t -> {
          DType dtype = t.random.nextInt(4) == 0 ? DType.BFLOAT16 : t.floating();
          long[] shape = t.shape(1 + t.random.nextInt(4));
          int inner = 1 + t.random.nextInt(shape.length);
          long[] end = java.util.Arrays.copyOfRange(shape, shape.length - inner, shape.length);
          boolean affine = t.random.nextBoolean();
          return List.of(
              t.tensor(dtype, shape),
              Arg.ints(end),
              affine ? t.contiguous(dtype, end) : Arg.NONE,
              affine ? t.contiguous(dtype, end) : Arg.NONE,
              new Arg.Float(1e-5));
        });
  }

  @Test
  void groupNorm() {
    RuleChecks.compare(
        "native_group_norm",
        200,
        t -> {
          DType dtype = t.random.nextInt(4) == 0 ? DType.BFLOAT16 : t.floating();
          long n = 1 + t.random.nextInt(3);
          long groups = 1 + t.random.nextInt(3);
          long c = groups * (1 + t.random.nextInt(3));
          long h = 1 + t.random.nextInt(4);
          long w = 1 + t.random.nextInt(4);
          return List.of(
              t.tensor(dtype, n, c, h, w),
              t.contiguous(dtype, c),
              t.contiguous(dtype, c),
              of(n),
              of(c),
              of(h * w),
              of(groups),
              new Arg.Float(1e-5));
        });
  }

  @Test
  void poolingWithPlaces() {
    RuleChecks.compare(
        "max_pool2d_with_indices",
        200,
        t -> {
          long[] shape = {t.size(), t.size(), 2 + t.random.nextInt(8), 2 + t.random.nextInt(8)};
          long[] own = t.random.nextInt(4) == 0 ? new long[] {shape[1], shape[2], shape[3]} : shape;
          return List.of(
              t.tensor(t.floating(), own),
              Arg.ints(1 + t.random.nextInt(3), 1 + t.random.nextInt(3)),
              t.random.nextBoolean() ? Arg.ints() : Arg.ints(1 + t.random.nextInt(3)),
              Arg.ints(t.random.nextInt(2)),
              Arg.ints(1 + t.random.nextInt(2)),
              flag(t));
        });
  }

  @Test
  void dropoutWithMask() {
    RuleChecks.compare(
        "native_dropout",
        120,
        t ->
            List.of(
                t.tensor(t.floating(), t.shape(1 + t.random.nextInt(4))),
                new Arg.Float(0.5),
                new Arg.Bool(true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sort", "argsort"})
  void sorted(String name) {
    RuleChecks.compare(
        name,
        250,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(t.tensor(t.floating(), t.shape(rank)), axis(t, rank), flag(t));
        });
  }

  @Test
  void sortedByRows() {
    RuleChecks.compare("msort", 60, t -> List.of(t.tensor(t.floating(), t.shape(3))));
  }

  @Test
  void repeatedByData() {
    RuleChecks.compare(
        "repeat_interleave.self_Tensor",
        60,
        t -> {
          long[] shape = {2, 3, 4};
          int axis = t.random.nextInt(3);
          return List.of(
              t.tensor(DType.FLOAT32, shape),
              t.add(
                  org.bytedeco
                      .pytorch
                      .global
                      .torch
                      .ones(shape[axis])
                      .mul(new org.bytedeco.pytorch.Scalar(2))
                      .to(org.bytedeco.pytorch.global.torch.ScalarType.Long)),
              of(axis),
              of(2 * shape[axis]));
        });
  }

  @Test
  void sortedStably() {
    RuleChecks.compare(
        "sort.stable",
        150,
        t -> {
          int rank = t.random.nextInt(4);
          return List.of(
              t.tensor(t.floating(), t.shape(rank)), new Arg.Bool(true), axis(t, rank), flag(t));
        });
  }

  @Test
  void top() {
    RuleChecks.compare(
        "topk",
        250,
        t -> {
          int rank = t.random.nextInt(4);
          return List.of(
              t.tensor(t.floating(), t.shape(rank)),
              of(t.random.nextInt(4)),
              axis(t, rank),
              flag(t),
              flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"median.dim", "nanmedian.dim", "mode"})
  void middle(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          int rank = t.random.nextInt(4);
          return List.of(t.tensor(t.floating(), t.shape(rank)), axis(t, rank), flag(t));
        });
  }

  @Test
  void kth() {
    RuleChecks.compare(
        "kthvalue",
        200,
        t -> {
          int rank = t.random.nextInt(4);
          return List.of(t.tensor(t.floating(), t.shape(rank)), of(1), axis(t, rank), flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"median", "nanmedian"})
  void middleOfAll(String name) {
    RuleChecks.compare(
        name, 60, t -> List.of(t.tensor(t.floating(), t.shape(t.random.nextInt(4)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cummax", "cummin", "cumprod", "logcumsumexp"})
  void scans(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          int rank = t.random.nextInt(4);
          DType dtype =
              name.equals("cumprod") && t.random.nextBoolean() ? DType.INT32 : t.floating();
          return List.of(t.tensor(dtype, t.shape(rank)), axis(t, rank));
        });
  }

  @Test
  void rowsAndValuesOfOtherLeadingSizesAreRefused() {
    Map<String, TensorMeta> metas =
        Map.of(
            "rows", TensorMeta.contiguous(DType.FLOAT32, List.of(Dim.of(2), Dim.of(5))),
            "values", TensorMeta.contiguous(DType.FLOAT32, List.of(Dim.of(3), Dim.of(4))));
    OpTarget target = OpTarget.parse("aten::searchsorted.Tensor");
    List<Arg> args =
        OperatorSchemas.find(target)
            .orElseThrow()
            .match(List.of(new Arg.Value("rows"), new Arg.Value("values")));
    assertThatThrownBy(() -> ShapeRules.infer(target, args, metas::get))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("[2, 5]")
        .hasMessageContaining("[3, 4]");
  }

  @Test
  void searched() {
    RuleChecks.compare(
        "searchsorted.Tensor",
        150,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          long[] wanted = shape.clone();
          wanted[shape.length - 1] = t.size();
          return List.of(t.tensor(DType.FLOAT32, shape), t.tensor(DType.FLOAT32, wanted), flag(t));
        });
    for (String side : new String[] {null, "left", "right"}) {
      RuleChecks.compare(
          "searchsorted.Scalar",
          20,
          t ->
              List.of(
                  t.tensor(DType.FLOAT32, t.shape(1 + t.random.nextInt(2))),
                  new Arg.Float(0.5),
                  flag(t),
                  side == null ? flag(t) : new Arg.Bool(side.equals("right")),
                  side == null ? Arg.NONE : new Arg.Str(side),
                  Arg.NONE));
    }
    RuleChecks.compare(
        "bucketize.Scalar",
        20,
        t -> List.of(of(1), t.contiguous(DType.FLOAT32, 5), flag(t), flag(t)));
    RuleChecks.compare(
        "bucketize.Tensor",
        150,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, t.shape(t.random.nextInt(4))),
                t.contiguous(DType.FLOAT32, 5),
                flag(t)));
  }

  @Test
  void lstm() {
    RuleChecks.compare(
        "lstm.input",
        120,
        t -> {
          Recurrent net = new Recurrent(t, 4, t.random.nextInt(3) == 0);
          Arg cell = t.contiguous(DType.FLOAT32, net.layers * net.ways, net.batch, net.hidden);
          return net.args(new Arg.Sequence(List.of(net.state, cell)));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru.input", "rnn_tanh.input", "rnn_relu.input"})
  void recurrent(String name) {
    RuleChecks.compare(
        name,
        100,
        t -> {
          Recurrent net = new Recurrent(t, name.startsWith("gru") ? 3 : 1, false);
          return net.args(net.state);
        });
  }

  /** A random recurrent network with its input, first state and weights. */
  private static final class Recurrent {
    final long batch;
    final long hidden;
    final int layers;
    final int ways;
    final Arg state;
    private final Arg input;
    private final java.util.List<Arg> weights = new java.util.ArrayList<>();
    private final boolean biases;
    private final boolean batchFirst;

    Recurrent(RandomTensors t, int gates, boolean projected) {
      batch = 1 + t.random.nextInt(3);
      hidden = 3 + t.random.nextInt(3);
      layers = 1 + t.random.nextInt(3);
      ways = 1 + t.random.nextInt(2);
      biases = t.random.nextBoolean();
      batchFirst = t.random.nextBoolean();
      long features = 1 + t.random.nextInt(4);
      long length = 1 + t.random.nextInt(4);
      long out = projected ? hidden - 1 : hidden;
      input =
          batchFirst
              ? t.tensor(DType.FLOAT32, batch, length, features)
              : t.tensor(DType.FLOAT32, length, batch, features);
      state = t.contiguous(DType.FLOAT32, layers * ways, batch, out);
      for (int i = 0; i < layers * ways; i++) {
        long in = i < ways ? features : out * ways;
        weights.add(t.contiguous(DType.FLOAT32, gates * hidden, in));
        weights.add(t.contiguous(DType.FLOAT32, gates * hidden, out));
        for (int b = 0; biases && b < 2; b++) {
          weights.add(t.contiguous(DType.FLOAT32, gates * hidden));
        }
        if (projected) {
          weights.add(t.contiguous(DType.FLOAT32, out, hidden));
        }
      }
    }

    List<Arg> args(Arg states) {
      return List.of(
          input,
          states,
          new Arg.Sequence(weights),
          new Arg.Bool(biases),
          of(layers),
          new Arg.Float(0),
          new Arg.Bool(false),
          new Arg.Bool(ways == 2),
          new Arg.Bool(batchFirst));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"index_put", "_unsafe_index_put"})
  void writesAtIndices(String name) {
    RuleChecks.compare(
        name,
        150,
        t -> {
          long n = 1 + t.random.nextInt(4);
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, n, t.size(), t.size()),
              new Arg.Sequence(List.of(t.indices(DType.INT64, n, 3))),
              t.tensor(dtype, 1),
              flag(t));
        });
  }

  @Test
  void writesAlongOneDimension() {
    RuleChecks.compare("index_add", 150, t -> alongDim(t, List.of(), List.of()));
    RuleChecks.compare("index_copy", 150, t -> alongDim(t, List.of(), List.of()));
    RuleChecks.compare(
        "index_reduce", 150, t -> alongDim(t, List.of(), List.of(new Arg.Str("prod"), flag(t))));
    RuleChecks.compare(
        "index_fill.int_Scalar",
        150,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 3, t.size(), t.size()),
                of(0),
                t.indices(DType.INT64, 3, 2),
                new Arg.Float(1)));
  }

  private static List<Arg> alongDim(RandomTensors t, List<Arg> before, List<Arg> after) {
    long[] shape = {1 + t.random.nextInt(4), 1 + t.random.nextInt(4), 1 + t.random.nextInt(4)};
    int axis = t.random.nextInt(3);
    long[] source = shape.clone();
    source[axis] = 2;
    DType dtype = t.floating();
    List<Arg> args = new java.util.ArrayList<>();
    args.add(t.tensor(dtype, shape));
    args.add(of(axis));
    args.add(t.indices(DType.INT64, shape[axis], 2));
    args.add(t.tensor(dtype, source));
    args.addAll(after);
    return args;
  }

  @Test
  void writesByMask() {
    RuleChecks.compare(
        "masked_scatter",
        120,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          return List.of(
              t.tensor(DType.FLOAT32, shape),
              t.tensor(DType.BOOL, shape),
              t.contiguous(DType.FLOAT32, 1000));
        });
    RuleChecks.compare(
        "put",
        100,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 3, 4),
                t.indices(DType.INT64, 12, 5),
                t.contiguous(DType.FLOAT32, 5)));
  }

  @Test
  void scatterReduced() {
    RuleChecks.compare(
        "scatter_reduce.two",
        120,
        t -> {
          long[] shape = {3, 1 + t.random.nextInt(4)};
          return List.of(
              t.tensor(DType.FLOAT32, shape),
              of(0),
              t.indices(DType.INT64, 3, shape),
              t.tensor(DType.FLOAT32, shape),
              new Arg.Str("amax"),
              flag(t));
        });
  }

  @Test
  void random() {
    RuleChecks.compare("rand", 30, t -> List.of(Arg.ints(t.shape(t.random.nextInt(4)))));
    RuleChecks.compare(
        "randn",
        30,
        t -> List.of(Arg.ints(t.shape(t.random.nextInt(4))), new Arg.Type(t.floating())));
    RuleChecks.compare("randint", 30, t -> List.of(of(5), Arg.ints(t.shape(2))));
    RuleChecks.compare("randint.low", 30, t -> List.of(of(2), of(5), Arg.ints(t.shape(2))));
    RuleChecks.compare("randperm", 10, t -> List.of(of(t.size())));
    RuleChecks.compare(
        "normal.float_float",
        20,
        t -> List.of(new Arg.Float(0), new Arg.Float(1), Arg.ints(t.shape(2))));
    for (String name : List.of("rand_like", "randn_like", "bernoulli.p")) {
      RuleChecks.compare(
          name,
          80,
          t -> {
            Arg x = t.tensor(t.floating(), t.shape(t.random.nextInt(5)));
            return name.equals("bernoulli.p") ? List.of(x, new Arg.Float(0.3)) : List.of(x);
          });
    }
    RuleChecks.compare("randint_like", 80, t -> List.of(t.tensor(t.anyType(), t.shape(3)), of(9)));
    RuleChecks.compare(
        "multinomial",
        60,
        t ->
            List.of(
                t.positive(DType.FLOAT32, t.shape(1 + t.random.nextInt(2))),
                of(1 + t.random.nextInt(3)),
                new Arg.Bool(true)));
  }
}
