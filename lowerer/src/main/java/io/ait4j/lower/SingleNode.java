package io.ait4j.lower;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts one node out of a graph. */
final class SingleNode {
  private SingleNode() {}

  /** A graph of {@code node} alone, which takes what it reads and returns what it yields. */
  static FxGraph graph(FxGraph graph, FxNode node) {
    Map<String, FxValue> values = graph.values();
    Set<String> read = node.inputs();
    List<FxValue> attributes =
        graph.attributes().stream().filter(value -> read.contains(value.name())).toList();
    Map<String, Weight> weights = new LinkedHashMap<>();
    attributes.forEach(value -> weights.put(value.name(), graph.weights().get(value.name())));
    return new FxGraph(
        read.stream().filter(name -> !weights.containsKey(name)).map(values::get).toList(),
        attributes,
        List.of(node),
        node.results().stream().map(value -> (Arg) new Arg.Value(value.name())).toList(),
        weights);
  }
}
