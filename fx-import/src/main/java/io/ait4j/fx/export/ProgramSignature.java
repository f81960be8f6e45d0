package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.Guard;
import io.ait4j.fx.Weight;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outputs of a program: what its user gets, then what it writes. */
final class ProgramSignature {
  private final ExportedProgram program;
  private final Context context;
  private final Memory memory;
  private final GraphImporter graphs;
  private final Scope scope;
  private final Map<String, TensorRef> given;
  private final Map<String, Weight> weights;

  ProgramSignature(
      ExportedProgram program,
      Context context,
      Memory memory,
      GraphImporter graphs,
      Scope scope,
      Map<String, TensorRef> given,
      Map<String, Weight> weights) {
    this.program = program;
    this.context = context;
    this.memory = memory;
    this.graphs = graphs;
    this.scope = scope;
    this.given = given;
    this.weights = weights;
  }

  FxGraph build(List<Guard> guards) {
    List<Arg> outputs = new ArrayList<>();
    List<Boolean> kept = new ArrayList<>();
    for (ProgramOutput output : program.outputs()) {
      if (output instanceof ProgramOutput.User(Argument value)) {
        Arg arg = graphs.arg(value, scope);
        kept.add(!(arg instanceof Arg.None));
        if (!(arg instanceof Arg.None)) {
          outputs.add(arg);
        }
      } else if (output instanceof ProgramOutput.Unsupported(String kind)) {
        throw context.refuse(
            "the program has an output of the kind " + kind + ", which is not supported");
      }
    }
    List<String> names = OutputNames.of(program.outputTree(), kept);
    Map<String, Arg> written = written();
    List<GraphSignature.State> states = new ArrayList<>();
    List<GraphSignature.InputMutation> mutations = new ArrayList<>();
    written.forEach(
        (name, value) -> {
          Weight weight = weights.get(name);
          String input = given.get(name).typedValue().name();
          if (weight != null) {
            refuseShared(name, weight);
            states.add(new GraphSignature.State(initial(name), outputs.size(), weight));
          } else {
            mutations.add(new GraphSignature.InputMutation(initial(name), outputs.size()));
          }
          outputs.add(value);
        });
    FxGraph graph = context.builder().build(outputs);
    return asStates(graph, states)
        .withSignature(new GraphSignature(names, states, mutations, guards));
  }

  /** The value of the graph that an input of the program came in as. */
  private String initial(String name) {
    return given.get(name).storage().initial().name();
  }

  /** What the program leaves in its inputs and weights, by the name of its input. */
  private Map<String, Arg> written() {
    Map<String, Arg> written = new LinkedHashMap<>();
    given.forEach(
        (name, ref) -> {
          if (ref.storage().isWritten()) {
            written.put(name, memory.read(ref));
          }
        });
    for (ProgramOutput output : program.outputs()) {
      switch (output) {
        case ProgramOutput.StoredMutation(String value, String path) ->
            written.put(inputOf(path), next(value));
        case ProgramOutput.InputMutation(String value, String input) ->
            written.put(input, next(value));
        default -> {}
      }
    }
    for (String name : written.keySet()) {
      if (!given.containsKey(name)) {
        throw context.refuse("the program writes to " + name + ", which is not one of its inputs");
      }
    }
    return written;
  }

  private Arg next(String name) {
    return graphs.arg(new Argument.Reference(Argument.Kind.TENSOR, name), scope);
  }

  private String inputOf(String path) {
    return program.inputs().stream()
        .filter(i -> i instanceof ProgramInput.Stored s && s.path().equals(path))
        .map(i -> ((ProgramInput.Stored) i).name())
        .findFirst()
        .orElse(path);
  }

  /** A write to a weight would be one to all that share its memory. */
  private void refuseShared(String name, Weight weight) {
    weights.forEach(
        (other, w) -> {
          boolean overlaps =
              w.data().byteSize() > 0
                  && weight.data().byteSize() > 0
                  && w.data().asOverlappingSlice(weight.data()).isPresent();
          if (!other.equals(name) && overlaps) {
            throw context.refuse(
                "the program writes to its buffer %s, which shares memory with %s, not supported"
                    .formatted(weight.name(), w.name()));
          }
        });
  }

  /** The buffers that a run changes are inputs of the graph, not constants. */
  private static FxGraph asStates(FxGraph graph, List<GraphSignature.State> states) {
    if (states.isEmpty()) {
      return graph;
    }
    List<FxValue> inputs = new ArrayList<>(graph.inputs());
    List<FxValue> attributes = new ArrayList<>(graph.attributes());
    Map<String, Weight> kept = new LinkedHashMap<>(graph.weights());
    for (GraphSignature.State state : states) {
      attributes.removeIf(a -> a.name().equals(state.input()));
      kept.remove(state.input());
      inputs.add(new FxValue(state.input(), state.initial().meta()));
    }
    return new FxGraph(inputs, attributes, graph.nodes(), graph.outputs(), kept, graph.signature());
  }
}
