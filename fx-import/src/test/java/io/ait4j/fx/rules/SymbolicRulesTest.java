package io.ait4j.fx.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A rule over symbols says, for each value of them, what it says of that value. */
class SymbolicRulesTest {
  private static final Dim N = Dim.symbol("n", 1, 64);
  private static final Dim L = Dim.symbol("l", 1, 512);

  private final Map<String, TensorMeta> metas = new HashMap<>();

  private Arg tensor(Dim... shape) {
    String name = "x" + metas.size();
    metas.put(name, TensorMeta.contiguous(DType.FLOAT32, List.of(shape)));
    return new Arg.Value(name);
  }

  private static Dim of(long value) {
    return Dim.of(value);
  }

  private static List<TensorMeta> infer(
      String name, List<Arg> args, Map<String, TensorMeta> metas) {
    OpTarget target = OpTarget.parse("aten::" + name);
    List<Arg> complete = OperatorSchemas.find(target).orElseThrow().match(args);
    List<ValueMeta> types = ShapeRules.infer(target, complete, metas::get).orElseThrow();
    return types.stream().map(type -> (TensorMeta) type).toList();
  }

  private void check(String name, Arg... args) {
    List<TensorMeta> symbolic = infer(name, List.of(args), metas);
    for (long n : new long[] {2, 5, 64}) {
      for (long l : new long[] {2, 7, 96}) {
        UnaryOperator<Dim> at =
            dim -> dim.substitute(s -> s.name().equals("n") ? Dim.of(n) : Dim.of(l));
        Map<String, TensorMeta> sampled = new HashMap<>();
        metas.forEach((key, meta) -> sampled.put(key, at(meta, at)));
        List<Arg> sampledArgs = List.of(args).stream().map(arg -> at(arg, at)).toList();
        assertThat(symbolic.stream().map(meta -> at(meta, at)).toList())
            .as("%s with n=%d, l=%d: %s", name, n, l, symbolic)
            .isEqualTo(infer(name, sampledArgs, sampled));
      }
    }
  }

  private static TensorMeta at(TensorMeta meta, UnaryOperator<Dim> at) {
    return new TensorMeta(
        meta.dtype(),
        meta.shape().stream().map(at).toList(),
        meta.strides().stream().map(at).toList());
  }

  private static Arg at(Arg arg, UnaryOperator<Dim> at) {
    return switch (arg) {
      case Arg.SymInt s -> Arg.of(at.apply(s.value()));
      case Arg.Sequence s -> new Arg.Sequence(s.elements().stream().map(e -> at(e, at)).toList());
      case Arg other -> other;
    };
  }

  @Test
  void pointwiseAndReductions() {
    Arg x = tensor(N, L, of(8));
    check("add.Tensor", x, tensor(of(8)));
    check("add.Tensor", x, tensor(N, of(1), of(8)));
    check("where.self", tensor(L, of(1)), x, new Arg.Float(0));
    check("sum.dim_IntList", x, Arg.ints(1));
    check("mean.dim", x, Arg.ints(-1, 0), new Arg.Bool(true));
    check("_softmax", x, new Arg.Int(1), new Arg.Bool(false));
    check("argmax", x, new Arg.Int(1));
  }

  @Test
  void views() {
    Arg x = tensor(N, L, of(12));
    check("view", x, Arg.ofDims(List.of(N.times(L), of(12))));
    check("view", x, Arg.ofDims(List.of(N, L, of(3), of(4))));
    check("view", x, Arg.ofDims(List.of(N, of(-1), of(2))));
    check("permute", x, Arg.ints(0, 2, 1));
    check("expand", tensor(of(1), L, of(1)), Arg.ofDims(List.of(N, L, of(5))));
    check("slice.Tensor", x, new Arg.Int(2), new Arg.Int(3), new Arg.Int(9), new Arg.Int(2));
    check("slice.Tensor", x, new Arg.Int(1), new Arg.Int(1), Arg.of(L));
    check("slice.Tensor", x, new Arg.Int(1), Arg.NONE, new Arg.Int(-1));
    check("select.int", x, new Arg.Int(1), new Arg.Int(0));
    check("unsqueeze", x, new Arg.Int(1));
    check("cat", new Arg.Sequence(List.of(x, tensor(N, of(1), of(12)))), new Arg.Int(1));
    check("constant_pad_nd", x, Arg.ints(0, 0, 1, 2));
  }

  @Test
  void permutedTensorsKeepTheirOrder() {
    TensorMeta image =
        new TensorMeta(
            DType.FLOAT32,
            List.of(N, of(16), L, of(7)),
            List.of(L.times(112), Dim.ONE, of(112), of(16)));
    metas.put("image", image);
    Arg x = new Arg.Value("image");
    check("relu", x);
    check("add.Tensor", x, tensor(of(16), of(1), of(1)));
    check("clone", x);
    check("reshape", x, Arg.ofDims(List.of(N, of(16), L.times(7))));
    check(
        "batch_norm",
        x,
        Arg.NONE,
        Arg.NONE,
        tensor(of(16)),
        tensor(of(16)),
        new Arg.Bool(false),
        new Arg.Float(0.1),
        new Arg.Float(1e-5),
        new Arg.Bool(false));
  }

  @Test
  void layers() {
    Arg x = tensor(N, L, of(8));
    check("linear", x, tensor(of(24), of(8)), tensor(of(24)));
    check("bmm", x, tensor(N, of(8), L));
    check("layer_norm", x, Arg.ints(8));
    check("embedding", tensor(of(100), of(8)), indices(N, L));
    Arg q = tensor(N, of(4), L, of(8));
    check(
        "scaled_dot_product_attention", q, tensor(N, of(4), L, of(8)), tensor(N, of(4), L, of(8)));
    Arg image = tensor(N, of(3), L.plus(4), of(32));
    check(
        "convolution",
        image,
        tensor(of(6), of(3), of(3), of(3)),
        Arg.NONE,
        Arg.ints(2, 2),
        Arg.ints(1, 1),
        Arg.ints(1, 1),
        new Arg.Bool(false),
        Arg.ints(0, 0),
        new Arg.Int(1));
    check("max_pool2d", image, Arg.ints(3, 3), Arg.ints(2, 2), Arg.ints(1, 1));
    check("avg_pool2d", image, Arg.ints(2, 2));
    check("upsample_nearest2d", image, Arg.ofDims(List.of(L.plus(4).times(2), of(64))));
    check("arange.start_step", new Arg.Int(0), Arg.of(L), new Arg.Int(1));
  }

  @Test
  void operatorsThatStay() {
    Arg x = tensor(N, of(4), L.plus(2), of(6));
    check("native_layer_norm", x, Arg.ints(6), Arg.NONE, Arg.NONE, new Arg.Float(1e-5));
    check(
        "native_group_norm",
        x,
        Arg.NONE,
        Arg.NONE,
        Arg.of(N),
        new Arg.Int(4),
        Arg.of(L.plus(2).times(6)),
        new Arg.Int(2),
        new Arg.Float(1e-5));
    check("max_pool2d_with_indices", x, Arg.ints(3, 3), Arg.ints(2, 2), Arg.ints(1, 1));
    check("max_pool3d_with_indices", tensor(N, of(2), L.plus(2), of(4), of(4)), Arg.ints(2));
    check("adaptive_max_pool2d", x, Arg.ints(2, 3));
    check("native_dropout", x, new Arg.Float(0.5), new Arg.Bool(true));
    check("sort", x, new Arg.Int(2));
    check("topk", x, new Arg.Int(2), new Arg.Int(2));
    check("topk", x, Arg.of(L), new Arg.Int(2));
    check("median.dim", x, new Arg.Int(2));
    check("cumprod", x, new Arg.Int(2));
    check("cummax", x, new Arg.Int(2));
    check("erfinv", x);
    check("fmax", x, tensor(of(4), of(1), of(1)));
    check("index_put", x, new Arg.Sequence(List.of(indices(L))), tensor(of(6)));
    check("index_add", x, new Arg.Int(2), indices(L), tensor(N, of(4), L, of(6)));
    check(
        "scatter_reduce.two",
        x,
        new Arg.Int(2),
        indices(N, of(4), of(1), of(6)),
        x,
        new Arg.Str("sum"));
    check("fft_fft", x, Arg.NONE, new Arg.Int(2));
    check("fft_rfft", x, Arg.NONE, new Arg.Int(2));
    check("fft_irfft", x, Arg.of(L), new Arg.Int(2));
    check("fft_fft2", x);
    check("upsample_bicubic2d", x, Arg.ofDims(List.of(L, of(12))), new Arg.Bool(false));
    check(
        "grid_sampler_2d",
        x,
        tensor(N, L, of(5), of(2)),
        new Arg.Int(0),
        new Arg.Int(0),
        new Arg.Bool(false));
    check(
        "col2im",
        tensor(N, of(16), L),
        Arg.ints(4, 4),
        Arg.ints(2, 2),
        Arg.ints(1, 1),
        Arg.ints(0, 0),
        Arg.ints(1, 1));
    check("linalg_inv", tensor(N, L, L));
    check("pdist", tensor(L, of(3)));
    check("as_strided", x, Arg.ofDims(List.of(L, N)), Arg.ofDims(List.of(of(1), L)));
    check("rand", Arg.ofDims(List.of(N, L)));
    check("randint", new Arg.Int(7), Arg.ofDims(List.of(N, L)));
    check("randperm", Arg.of(L));
    check("bernoulli.p", x, new Arg.Float(0.5));
    check("multinomial", tensor(N, L), new Arg.Int(3));
    check("reflection_pad1d", tensor(N, L.plus(2)), Arg.ints(1, 2));
    check("replication_pad2d", x, Arg.ofDims(List.of(of(1), of(0), L, of(2))));
  }

  private Arg indices(Dim... shape) {
    String name = "i" + metas.size();
    metas.put(name, TensorMeta.contiguous(DType.INT64, List.of(shape)));
    return new Arg.Value(name);
  }

  @Test
  void sizesThatMayDifferAreRefused() {
    Arg a = tensor(N, of(8));
    Arg b = tensor(L, of(8));
    assertThatThrownBy(() -> infer("add.Tensor", List.of(a, b), metas))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("aten::add.Tensor");
    assertThatThrownBy(() -> infer("mm", List.of(a, b), metas))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("do not multiply");
  }
}
