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
  private final Conditional conditional;

  HigherOrder(Context context, GraphImporter graphs) {
    this.context = context;
    this.graphs = graphs;
    this.conditional = new Conditional(context, graphs, this);
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
        if (firstFlag(node)) {
          throw context.refuse(
              "a part of the model runs under torch.autocast, which is not supported; convert the model to the dtype it shall run in before exporting it");
        }
        inline(node, scope);
      }
      case "cond" -> graphs.bind(node, scope, conditional.run(node, scope));
      case "while_loop" ->
          graphs.bind(node, scope, new WhileLoop(context, graphs, this).run(node, scope));
      default ->
          throw context.refuse(
              "the program uses the higher-order operator "
                  + name
                  + ", which is not supported; export the model without it");
    }
  }

  /** Whether autocast is on: its first truth value. */
  private static boolean firstFlag(ProgramNode node) {
    for (ProgramNode.Named input : node.inputs()) {
      if (input.value() instanceof Argument.Constant(Arg.Bool(boolean on))) {
        return on;
      }
    }
    return true;
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
    graphs.bind(node, scope, call(graph, operands(inputs, scope)));
  }

  /** Arguments one by one; texts and tables are notes to whoever runs the graph. */
  List<Result> operands(List<Argument> arguments, Scope scope) {
    List<Result> operands = new ArrayList<>();
    for (Argument argument : arguments) {
      switch (argument) {
        case Argument.Items(List<Argument> elements) -> operands.addAll(operands(elements, scope));
        case Argument.Constant(Arg value) when value instanceof Arg.Str -> {}
        case Argument.Table table -> {}
        case Argument.Reference reference -> operands.add(graphs.value(reference, scope));
        case Argument other -> operands.add(new Result.Plain(graphs.arg(other, scope)));
      }
    }
    return operands;
  }

  /** The outputs of a graph for these operands. */
  List<Result> call(ProgramGraph graph, List<Result> operands) {
    if (operands.size() != graph.inputs().size()) {
      throw context.refuse(
          "a graph of %d inputs is given %d".formatted(graph.inputs().size(), operands.size()));
    }
    Scope inner = new Scope(graph);
    for (int i = 0; i < operands.size(); i++) {
      if (graph.inputs().get(i) instanceof Argument.Reference(Argument.Kind kind, String name)) {
        graphs.define(inner, name, operands.get(i));
      }
    }
    String source = context.source;
    graphs.run(inner);
    context.source = source;
    return operands(graph.outputs(), inner);
  }

  /** The graph that an argument is. */
  ProgramGraph graph(ProgramNode node, int place) {
    if (place < node.inputs().size()
        && node.inputs().get(place).value() instanceof Argument.Graph given) {
      return given.graph();
    }
    throw refused(node, "argument " + place + " is no graph");
  }

  ModelException refused(ProgramNode node, String why) {
    return context.refuse(node.target() + ": " + why + "; export the model again");
  }
}
