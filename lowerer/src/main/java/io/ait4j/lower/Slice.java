package io.ait4j.lower;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.Weight;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts neighbouring nodes out of a graph. */
final class Slice {
  private Slice() {}

  /** A graph of {@code nodes} alone, which takes what they read and returns what they yield. */
  static FxGraph of(FxGraph graph, List<FxNode> nodes) {
    Map<String, FxValue> values = graph.values();
    Set<String> made = new HashSet<>();
    Set<String> read = new LinkedHashSet<>();
    for (FxNode node : nodes) {
      read.addAll(node.inputs());
      node.results().forEach(value -> made.add(value.name()));
    }
    List<FxValue> attributes =
        graph.attributes().stream().filter(value -> read.contains(value.name())).toList();
    Map<String, Weight> weights = new LinkedHashMap<>();
    attributes.forEach(value -> weights.put(value.name(), graph.weights().get(value.name())));
    read.removeAll(made);
    read.removeAll(weights.keySet());
    Set<String> inner = new HashSet<>();
    nodes.forEach(node -> inner.addAll(node.inputs()));
    List<Arg> outputs =
        nodes.stream()
            .flatMap(node -> node.results().stream())
            .map(FxValue::name)
            .filter(name -> !inner.contains(name) || usedOutside(graph, nodes, name))
            .map(name -> (Arg) new Arg.Value(name))
            .toList();
    return new FxGraph(
        read.stream().map(values::get).toList(), attributes, nodes, outputs, weights);
  }

  private static boolean usedOutside(FxGraph graph, List<FxNode> nodes, String name) {
    return graph.outputNames().contains(name)
        || graph.users().getOrDefault(name, List.of()).stream()
            .anyMatch(user -> !nodes.contains(user));
  }
}
