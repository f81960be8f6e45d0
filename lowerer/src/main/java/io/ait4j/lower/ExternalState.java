package io.ait4j.lower;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import java.util.ArrayList;
import java.util.List;

/** Turns a graph's state into inputs and outputs that its caller passes from run to run. */
final class ExternalState {
  private ExternalState() {}

  /** The graph with the buffers after its other inputs, and their next values after its outputs. */
  static FxGraph of(FxGraph graph) {
    GraphSignature signature = graph.signature();
    if (signature.states().isEmpty()) {
      return graph;
    }
    List<FxValue> inputs =
        new ArrayList<>(
            graph.inputs().stream().filter(v -> signature.isUserInput(v.name())).toList());
    int user = signature.userOutputs(graph);
    List<Arg> outputs = new ArrayList<>(graph.outputs().subList(0, user));
    List<String> names = new ArrayList<>(signature.outputNames());
    for (int i = names.size(); i < user; i++) {
      names.add("output" + i);
    }
    for (GraphSignature.State state : signature.states()) {
      graph.inputs().stream().filter(v -> v.name().equals(state.input())).forEach(inputs::add);
      outputs.add(graph.outputs().get(state.output()));
      names.add(state.initial().name());
    }
    List<GraphSignature.InputMutation> mutations = new ArrayList<>();
    for (GraphSignature.InputMutation mutation : signature.inputMutations()) {
      mutations.add(new GraphSignature.InputMutation(mutation.input(), outputs.size()));
      outputs.add(graph.outputs().get(mutation.output()));
    }
    return new FxGraph(
        inputs,
        graph.attributes(),
        graph.nodes(),
        outputs,
        graph.weights(),
        new GraphSignature(names, List.of(), mutations, signature.guards()));
  }
}
