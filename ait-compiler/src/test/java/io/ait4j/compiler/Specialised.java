package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Map;

/** A graph with symbols as it is at one choice of sizes. */
final class Specialised {
  private final Map<String, Long> values;

  private Specialised(Map<String, Long> values) {
    this.values = values;
  }

  static FxGraph at(FxGraph graph, Map<String, Long> values) {
    Specialised at = new Specialised(values);
    return new FxGraph(
        graph.inputs().stream().map(at::value).toList(),
        graph.attributes(),
        graph.nodes().stream().map(at::node).toList(),
        graph.outputs(),
        graph.weights());
  }

  private FxNode node(FxNode node) {
    return new FxNode(
        node.name(),
        node.target(),
        node.args().stream().map(this::arg).toList(),
        node.results().stream().map(this::value).toList(),
        node.source());
  }

  private FxValue value(FxValue value) {
    TensorMeta meta = value.tensor();
    return new FxValue(
        value.name(), new TensorMeta(meta.dtype(), dims(meta.shape()), dims(meta.strides())));
  }

  private List<Dim> dims(List<Dim> dims) {
    return dims.stream().map(d -> Dim.of(d.evaluate(values))).toList();
  }

  private Arg arg(Arg arg) {
    return switch (arg) {
      case Arg.SymInt(Dim dim) -> new Arg.Int(dim.evaluate(values));
      case Arg.Sequence(List<Arg> elements) ->
          new Arg.Sequence(elements.stream().map(this::arg).toList());
      case Arg other -> other;
    };
  }
}
