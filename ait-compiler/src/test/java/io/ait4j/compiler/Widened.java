package io.ait4j.compiler;

import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph with float32 in the place of half types: what the same numbers give where nothing is
 * rounded on the way.
 */
final class Widened {
  private Widened() {}

  static boolean has(FxGraph graph) {
    return graph.values().values().stream()
        .anyMatch(v -> v.meta() instanceof TensorMeta meta && Halves.isHalf(meta.dtype()));
  }

  static FxGraph of(FxGraph graph, Arena arena) {
    Map<String, Weight> weights = new LinkedHashMap<>();
    graph
        .weights()
        .forEach(
            (name, weight) -> {
              NativeTensor wide = of(weight(weight), arena);
              weights.put(name, new Weight(weight.name(), wide.meta(), wide.data(), weight.kind()));
            });
    return new FxGraph(
        graph.inputs().stream().map(Widened::value).toList(),
        graph.attributes().stream().map(Widened::value).toList(),
        graph.nodes().stream().map(Widened::node).toList(),
        graph.outputs(),
        weights);
  }

  /** The same numbers; tensors of other types as they are. */
  static NativeTensor of(NativeTensor tensor, Arena arena) {
    if (!Halves.isHalf(tensor.dtype())) {
      return tensor;
    }
    long n = NativeTensor.reach(tensor.sizes(), tensor.strides());
    NativeTensor flat =
        new NativeTensor(tensor.dtype(), new long[] {n}, new long[] {1}, tensor.data());
    NativeTensor wide =
        new NativeTensor(
            DType.FLOAT32,
            tensor.sizes(),
            tensor.strides(),
            arena.allocate(Math.max(4, 4 * n), 64));
    for (long i = 0; i < n; i++) {
      wide.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Elements.floating(flat, i));
    }
    return wide;
  }

  private static NativeTensor weight(Weight weight) {
    TensorMeta meta = weight.meta();
    long[] strides = meta.strides().stream().mapToLong(d -> d.value()).toArray();
    return new NativeTensor(meta.dtype(), meta.sizes(), strides, weight.data());
  }

  private static FxNode node(FxNode node) {
    return node.withResults(node.results().stream().map(Widened::value).toList())
        .withArgs(node.args().stream().map(Widened::arg).toList());
  }

  private static FxValue value(FxValue value) {
    return value.meta() instanceof TensorMeta meta
        ? new FxValue(
            value.name(), new TensorMeta(dtype(meta.dtype()), meta.shape(), meta.strides()))
        : value;
  }

  private static Arg arg(Arg arg) {
    return arg instanceof Arg.Type(DType type) ? new Arg.Type(dtype(type)) : arg;
  }

  private static DType dtype(DType dtype) {
    return Halves.isHalf(dtype) ? DType.FLOAT32 : dtype;
  }
}
