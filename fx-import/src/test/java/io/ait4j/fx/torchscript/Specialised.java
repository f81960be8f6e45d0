package io.ait4j.fx.torchscript;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph over symbols as it is for some values of them. */
final class Specialised {
  private Specialised() {}

  static FxGraph at(FxGraph graph, Map<String, Long> sizes) {
    Map<Dim.Symbol, Dim> values =
        sizes.entrySet().stream()
            .collect(
                Collectors.toMap(
                    e -> new Dim.Symbol(e.getKey(), 0, Dim.UNBOUNDED, null),
                    e -> Dim.of(e.getValue())));
    return graph(graph, values);
  }

  private static FxGraph graph(FxGraph graph, Map<Dim.Symbol, Dim> values) {
    return new FxGraph(
        all(graph.inputs(), values),
        graph.attributes(),
        graph.nodes().stream().map(n -> node(n, values)).toList(),
        graph.outputs().stream().map(arg -> Symbols.replaced(arg, values)).toList(),
        graph.weights(),
        graph.signature());
  }

  private static FxNode node(FxNode node, Map<Dim.Symbol, Dim> values) {
    return new FxNode(
        node.name(),
        node.target(),
        node.args().stream().map(arg -> Symbols.replaced(arg, values)).toList(),
        all(node.results(), values),
        node.blocks().stream().map(block -> graph(block, values)).toList(),
        node.source());
  }

  private static List<FxValue> all(List<FxValue> all, Map<Dim.Symbol, Dim> values) {
    return all.stream()
        .map(
            v ->
                v.meta() instanceof TensorMeta meta
                    ? new FxValue(v.name(), Symbols.replaced(meta, values))
                    : v)
        .toList();
  }
}
