package io.ait4j.partition;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.OperatorSupport.Verdict;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Graphs drawn by hand; a node is named after its only result. */
final class Sketch {
  /** Takes everything but the operators whose name begins with {@code fft}. */
  static final OperatorSupport NO_FFT =
      (graph, node) ->
          node.target().name().startsWith("fft")
              ? Verdict.no("no converter for " + node.target())
              : Verdict.yes(0);

  static final TensorMeta TENSOR = TensorMeta.contiguous(DType.FLOAT32, 4, 8);

  private final List<FxValue> inputs = new ArrayList<>();
  private final List<FxValue> attributes = new ArrayList<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final List<FxNode> nodes = new ArrayList<>();

  Sketch input(String name) {
    inputs.add(new FxValue(name, TENSOR));
    return this;
  }

  Sketch weight(String name) {
    attributes.add(new FxValue(name, TENSOR));
    weights.put(name, new Weight("model." + name, TENSOR, Arena.ofAuto().allocate(4 * 8 * 4)));
    return this;
  }

  Sketch op(String name, String target, String... reads) {
    return op(name, TENSOR, target, reads);
  }

  Sketch op(String name, ValueMeta meta, String target, String... reads) {
    nodes.add(
        new FxNode(
            name,
            OpTarget.parse("aten::" + target),
            args(reads),
            List.of(new FxValue(name, meta)),
            "model.py:" + (nodes.size() + 1)));
    return this;
  }

  Sketch branch(String name, String condition, FxGraph then, FxGraph otherwise) {
    nodes.add(
        new FxNode(
            name,
            OpTarget.parse("prim::If"),
            args(condition),
            List.of(new FxValue(name, TENSOR)),
            List.of(then, otherwise),
            ""));
    return this;
  }

  FxGraph returning(String... outputs) {
    return new FxGraph(inputs, attributes, nodes, args(outputs), weights);
  }

  private static List<Arg> args(String... names) {
    return Arrays.stream(names).map(name -> (Arg) new Arg.Value(name)).toList();
  }
}
