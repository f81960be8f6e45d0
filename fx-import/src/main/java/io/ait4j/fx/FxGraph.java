package io.ait4j.fx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A PyTorch graph: core ATen, functional and typed, in static single assignment. Immutable; a pass
 * makes a new one.
 *
 * @param inputs FX's placeholders, in call order
 * @param attributes FX's get_attr nodes: values bound to {@link Weight}s; in a block always empty
 * @param nodes in an order where each reads only what came before
 * @param outputs what the graph returns, flattened: references to values, or constants
 * @param weights by the name of the value in {@code attributes} bound to each; the storage may be
 *     shared
 * @param signature what it means to its caller beyond its outputs; {@link GraphSignature#NONE} for
 *     a block or a part of a graph
 */
public record FxGraph(
    List<FxValue> inputs,
    List<FxValue> attributes,
    List<FxNode> nodes,
    List<Arg> outputs,
    Map<String, Weight> weights,
    GraphSignature signature) {
  public FxGraph {
    inputs = List.copyOf(inputs);
    attributes = List.copyOf(attributes);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    weights = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    java.util.Objects.requireNonNull(signature);
  }

  /** A graph that only computes outputs from inputs. */
  public FxGraph(
      List<FxValue> inputs,
      List<FxValue> attributes,
      List<FxNode> nodes,
      List<Arg> outputs,
      Map<String, Weight> weights) {
    this(inputs, attributes, nodes, outputs, weights, GraphSignature.NONE);
  }

  /** Every value defined here (not in blocks), by name. */
  public Map<String, FxValue> values() {
    Map<String, FxValue> values = new HashMap<>();
    inputs.forEach(v -> values.put(v.name(), v));
    attributes.forEach(v -> values.put(v.name(), v));
    nodes.forEach(n -> n.results().forEach(v -> values.put(v.name(), v)));
    return values;
  }

  /** The node that yields each value, by the value's name; inputs and attributes have none. */
  public Map<String, FxNode> producers() {
    Map<String, FxNode> producers = new HashMap<>();
    nodes.forEach(n -> n.results().forEach(v -> producers.put(v.name(), n)));
    return producers;
  }

  /** The nodes that read each value, by the value's name, in graph order. */
  public Map<String, List<FxNode>> users() {
    Map<String, List<FxNode>> users = new HashMap<>();
    for (FxNode node : nodes) {
      for (String name : node.inputs()) {
        users.computeIfAbsent(name, k -> new java.util.ArrayList<>()).add(node);
      }
    }
    return users;
  }

  /** Names of the values that outputs refer to. */
  public Set<String> outputNames() {
    Set<String> names = new LinkedHashSet<>();
    outputs.forEach(arg -> arg.forEachValue(names::add));
    return names;
  }

  /** For a block: names it reads but does not define. */
  public Set<String> captures() {
    Set<String> defined = new HashSet<>(values().keySet());
    Set<String> free = new LinkedHashSet<>();
    for (FxNode node : nodes) {
      node.inputs().stream().filter(name -> !defined.contains(name)).forEach(free::add);
    }
    outputNames().stream().filter(name -> !defined.contains(name)).forEach(free::add);
    return free;
  }

  public FxGraph withNodes(List<FxNode> newNodes) {
    return new FxGraph(inputs, attributes, newNodes, outputs, weights, signature);
  }

  public FxGraph withOutputs(List<Arg> newOutputs) {
    return new FxGraph(inputs, attributes, nodes, newOutputs, weights, signature);
  }

  public FxGraph withSignature(GraphSignature newSignature) {
    return new FxGraph(inputs, attributes, nodes, outputs, weights, newSignature);
  }

  /** Text in the manner of {@code torch.fx.Graph}'s, one line a node. */
  @Override
  public String toString() {
    return FxPrinter.graph(this);
  }
}
