package io.ait4j.fx.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.RandomTensors;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.TorchOracle;
import io.ait4j.fx.Typer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An operator emitted once over symbols and run in libtorch for several values of them: each node
 * has to yield what its type says, and the whole what the operator itself yields at those sizes.
 */
final class SymbolicChecks {
  static final Dim N = Dim.symbol("n", 2, 64);
  static final Dim L = Dim.symbol("l", 2, 512);
  private static final long[][] VALUES = {{2, 7}, {5, 4}, {3, 3}};

  private final Map<String, TensorMeta> inputs = new LinkedHashMap<>();

  /** A row-major float32 tensor. */
  Arg tensor(Dim... shape) {
    return tensor(DType.FLOAT32, shape);
  }

  Arg tensor(DType dtype, Dim... shape) {
    return tensor(TensorMeta.contiguous(dtype, List.of(shape)));
  }

  Arg tensor(TensorMeta meta) {
    String name = "x" + inputs.size();
    inputs.put(name, meta);
    return new Arg.Value(name);
  }

  static Dim of(long value) {
    return Dim.of(value);
  }

  static Arg dims(Dim... dims) {
    return Arg.ofDims(List.of(dims));
  }

  void check(String name, Arg... args) {
    OpTarget target = OpTarget.parse("aten::" + name);
    FxGraphBuilder builder = new FxGraphBuilder(Typer.NONE);
    inputs.forEach((key, meta) -> assertThat(builder.input(key, meta).name()).isEqualTo(key));
    List<Arg> outputs = builder.emit(target, List.of(args), "test");
    FxGraph graph = builder.build(outputs);
    for (long[] value : VALUES) {
      try (PointerScope scope = new PointerScope()) {
        check(target, List.of(args), graph, Map.of("n", value[0], "l", value[1]));
      }
    }
  }

  private void check(OpTarget target, List<Arg> args, FxGraph graph, Map<String, Long> symbols) {
    RandomTensors random = new RandomTensors(target.hashCode());
    Map<String, Tensor> values = new HashMap<>();
    inputs.forEach((key, meta) -> values.put(key, content(random, at(meta, symbols))));
    List<Tensor> expected =
        TorchOracle.run(target, args.stream().map(a -> at(a, symbols)).toList(), values);
    for (FxNode node : graph.nodes()) {
      List<Arg> sized = node.args().stream().map(a -> at(a, symbols)).toList();
      List<Tensor> results = TorchOracle.run(node.target(), sized, values);
      for (int i = 0; i < results.size(); i++) {
        assertThat(node.results().get(i).meta()).as("%s", node).isInstanceOf(TensorMeta.class);
        TensorMeta said = at(node.results().get(i).tensor(), symbols);
        TensorMeta found = TorchOracle.meta(results.get(i));
        assertThat(TorchOracle.sameType(said, found))
            .as("%s with %s: said %s, is %s", node, symbols, said, found)
            .isTrue();
        values.put(node.results().get(i).name(), results.get(i));
      }
    }
    assertThat(graph.outputs()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      if (graph.outputs().get(i) instanceof Arg.Value(String output)) {
        Tensor actual = values.get(output);
        assertThat(TorchOracle.meta(actual).shape())
            .as("%s with %s", graph, symbols)
            .isEqualTo(TorchOracle.meta(expected.get(i)).shape());
        Tensor wide = expected.get(i).to(torch.ScalarType.Double);
        assertThat(torch.allclose(actual.to(torch.ScalarType.Double), wide, 1e-4, 1e-5, true))
            .as("%s with %s", graph, symbols)
            .isTrue();
      }
    }
  }

  private static Tensor content(RandomTensors random, TensorMeta meta) {
    Map<String, Tensor> values = random.values();
    Arg.Value made =
        (Arg.Value)
            (meta.dtype() == DType.INT64
                ? random.indices(meta.dtype(), 2, meta.sizes())
                : random.contiguous(meta.dtype(), meta.sizes()));
    Tensor tensor = values.get(made.name());
    long[] strides = meta.strides().stream().mapToLong(Dim::value).toArray();
    Tensor laid = torch.empty_strided(meta.sizes(), strides);
    return meta.isContiguous()
        ? tensor
        : laid.to(TorchOracle.scalarType(meta.dtype())).copy_(tensor);
  }

  private static Dim at(Dim dim, Map<String, Long> symbols) {
    return Dim.of(dim.evaluate(symbols));
  }

  private static TensorMeta at(TensorMeta meta, Map<String, Long> symbols) {
    return new TensorMeta(
        meta.dtype(),
        meta.shape().stream().map(d -> at(d, symbols)).toList(),
        meta.strides().stream().map(d -> at(d, symbols)).toList());
  }

  private static Arg at(Arg arg, Map<String, Long> symbols) {
    return switch (arg) {
      case Arg.SymInt s -> Arg.of(at(s.value(), symbols));
      case Arg.Sequence s ->
          new Arg.Sequence(s.elements().stream().map(e -> at(e, symbols)).toList());
      case Arg other -> other;
    };
  }
}
