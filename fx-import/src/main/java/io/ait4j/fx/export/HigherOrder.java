package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Result;
import java.util.ArrayList;
import java.util.List;

/** Operators that run a graph: those that only say how are replaced by it. */
final class HigherOrder {
  private final Context context;
  private final GraphImporter graphs;

  HigherOrder(Context context, GraphImporter graphs) {
    this.context = context;
    this.graphs = graphs;
  }

  void run(ProgramNode node, Scope scope) {
    String name = node.target().substring("torch.ops.higher_order.".length());
    switch (name) {
      case "wrap_with_set_grad_enabled",
          "hints_wrapper",
          "strict_mode",
          "wrap",
          "invoke_subgraph" ->
          inline(node, scope);
      case "wrap_with_autocast" -> {
        boolean enabled =
            node.inputs().stream()
                .anyMatch(
                    i ->
                        i.name().equals("enabled")
                            && i.value().equals(new Argument.Constant(new Arg.Bool(true))));
        if (enabled) {
          throw refused(name);
        }
        inline(node, scope);
      }
      default -> throw refused(name);
    }
  }

  private ModelException refused(String name) {
    return context.refuse(
        "the program uses the higher-order operator "
            + name
            + ", which is not supported; export the model without it");
  }

  /** Runs the one graph among the arguments on what follows it. */
  private void inline(ProgramNode node, Scope scope) {
    List<Argument> inputs = new ArrayList<>();
    ProgramGraph graph = null;
    for (ProgramNode.Named input : node.inputs()) {
      if (graph != null) {
        inputs.add(input.value());
      } else if (input.value() instanceof Argument.Graph given) {
        graph = given.graph();
      }
    }
    if (graph == null) {
      throw context.refuse(node.target() + " has no graph");
    }
    graphs.bind(node, scope, call(graph, inputs, scope));
  }

  /** The outputs of a graph for these arguments; operands may come as one list. */
  List<Result> call(ProgramGraph graph, List<Argument> arguments, Scope scope) {
    List<Argument> operands = new ArrayList<>();
    for (Argument argument : arguments) {
      if (argument instanceof Argument.Items(List<Argument> elements)) {
        operands.addAll(elements);
      } else if (!(argument instanceof Argument.Constant(Arg.Str text))) {
        operands.add(argument);
      }
    }
    if (operands.size() != graph.inputs().size()) {
      throw context.refuse(
          "a graph of %d inputs is given %d".formatted(graph.inputs().size(), operands.size()));
    }
    Scope inner = new Scope(graph);
    for (int i = 0; i < operands.size(); i++) {
      if (graph.inputs().get(i) instanceof Argument.Reference(Argument.Kind kind, String name)) {
        graphs.define(inner, name, result(operands.get(i), scope));
      }
    }
    graphs.run(inner);
    return graph.outputs().stream().map(output -> result(output, inner)).toList();
  }

  private Result result(Argument argument, Scope scope) {
    return argument instanceof Argument.Reference reference
        ? graphs.value(reference, scope)
        : new Result.Plain(graphs.arg(argument, scope));
  }
}
