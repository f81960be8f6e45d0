package io.ait4j.fx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the parts of a graph belong together, for graphs that come from outside. */
final class WellFormed {
  private WellFormed() {}

  /**
   * Throws {@link IllegalArgumentException} naming a value that is defined twice or read before it
   * is there, or an output that the signature speaks of and the graph lacks.
   */
  static void check(FxGraph graph) {
    check(graph, new HashSet<>());
    signature(graph);
  }

  /** Values of a block are known in it only, but their names nowhere else. */
  private static void check(FxGraph graph, Set<String> known) {
    graph.inputs().forEach(v -> define(known, v));
    graph.attributes().forEach(v -> define(known, v));
    for (FxNode node : graph.nodes()) {
      node.args().forEach(arg -> read(known, arg, node.name()));
      for (FxGraph block : node.blocks()) {
        check(block, new HashSet<>(known));
      }
      node.results().forEach(v -> define(known, v));
    }
    graph.outputs().forEach(arg -> read(known, arg, "the output"));
  }

  private static void define(Set<String> known, FxValue value) {
    if (!known.add(value.name())) {
      throw new IllegalArgumentException("value %" + value.name() + " is defined twice");
    }
  }

  private static void read(Set<String> known, Arg arg, String reader) {
    arg.forEachValue(
        name -> {
          if (!known.contains(name)) {
            throw new IllegalArgumentException(reader + " reads %" + name + ", which is not there");
          }
        });
  }

  private static void signature(FxGraph graph) {
    Set<String> inputs = new HashSet<>();
    graph.inputs().forEach(v -> inputs.add(v.name()));
    GraphSignature signature = graph.signature();
    for (GraphSignature.State state : signature.states()) {
      check(graph, inputs, state.input(), state.output());
    }
    for (GraphSignature.InputMutation mutation : signature.inputMutations()) {
      check(graph, inputs, mutation.input(), mutation.output());
    }
    List<String> names = signature.outputNames();
    if (!names.isEmpty() && names.size() != signature.userOutputs(graph)) {
      throw new IllegalArgumentException(
          "%d names for %d outputs".formatted(names.size(), signature.userOutputs(graph)));
    }
  }

  private static void check(FxGraph graph, Set<String> inputs, String input, int output) {
    if (!inputs.contains(input) || output < 0 || output >= graph.outputs().size()) {
      throw new IllegalArgumentException(
          "the graph writes input %%%s from output %d, one of which it lacks"
              .formatted(input, output));
    }
  }
}
