package io.ait4j.fx.export;

import io.ait4j.fx.memory.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of one graph of the program, by the names that the file gives them.
 *
 * @param used names that nodes or the graph's outputs refer to
 */
record Scope(ProgramGraph graph, Map<String, Result> values, Set<String> used) {
  Scope(ProgramGraph graph) {
    this(graph, new HashMap<>(), new HashSet<>());
    graph.nodes().forEach(node -> node.inputs().forEach(input -> use(input.value())));
    graph.outputs().forEach(this::use);
  }

  private void use(Argument argument) {
    switch (argument) {
      case Argument.Reference(Argument.Kind kind, String name) -> used.add(name);
      case Argument.Items(List<Argument> elements) -> elements.forEach(this::use);
      case Argument.Table(Map<String, Argument> entries) -> entries.values().forEach(this::use);
      case Argument other -> {}
    }
  }
}
