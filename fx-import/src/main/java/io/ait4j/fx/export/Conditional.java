package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.Guard;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code torch.cond}: one of two graphs. */
final class Conditional {
  private final Context context;
  private final GraphImporter graphs;
  private final HigherOrder higherOrder;

  Conditional(Context context, GraphImporter graphs, HigherOrder higherOrder) {
    this.context = context;
    this.graphs = graphs;
    this.higherOrder = higherOrder;
  }

  /** (condition, graph, graph, operands...). */
  List<Result> run(ProgramNode node, Scope scope) {
    ProgramGraph yes = higherOrder.graph(node, 1);
    ProgramGraph no = higherOrder.graph(node, 2);
    List<Result> operands =
        higherOrder.operands(
            node.inputs().stream().skip(3).map(ProgramNode.Named::value).toList(), scope);
    Arg condition = truth(node.inputs().getFirst().value(), scope);
    return condition instanceof Arg.Bool(boolean taken)
        ? higherOrder.call(taken ? yes : no, operands)
        : branch(condition, yes, no, operands);
  }

  /** A truth value: a constant, or one that the graph computes. */
  Arg truth(Argument argument, Scope scope) {
    if (argument instanceof Argument.Reference(Argument.Kind kind, String name)
        && kind == Argument.Kind.SYM_BOOL
        && !scope.values().containsKey(name)) {
      List<Guard> guards = graphs.sizes().condition(scope, name).orElse(List.of());
      if (!guards.isEmpty() && graphs.sizes().decided(scope, name).isEmpty()) {
        return computed(guards);
      }
    }
    return truth(graphs.arg(argument, scope));
  }

  /** The same for a value that is known already; that of a tensor is read from it. */
  Arg truth(Arg value) {
    return switch (value) {
      case Arg.Bool known -> known;
      case Arg.Value(String name)
          when context.builder().metaOf(name) instanceof ValueMeta.Scalar number ->
          value;
      case Arg.Value tensor ->
          context
              .builder()
              .emit(OpTarget.parse("aten::Bool.Tensor"), List.of(tensor), context.source)
              .getFirst();
      default -> throw context.refuse("a condition is no truth value");
    };
  }

  private Arg computed(List<Guard> guards) {
    Arg all = null;
    for (Guard guard : guards) {
      String relation = guard.relation().name().toLowerCase(Locale.ROOT);
      Arg one = emit("aten::" + relation + ".int", Arg.of(guard.left()), Arg.of(guard.right()));
      all = all == null ? one : emit("aten::__and__.bool", all, one);
    }
    return all;
  }

  private Arg emit(String target, Arg... args) {
    return context.builder().emit(OpTarget.parse(target), List.of(args), context.source).getFirst();
  }

  private List<Result> branch(
      Arg condition, ProgramGraph yes, ProgramGraph no, List<Result> operands) {
    Block first = Block.of(context, graphs, builder -> higherOrder.call(yes, operands));
    Block second = Block.of(context, graphs, builder -> higherOrder.call(no, operands));
    if (first.outputs().size() != second.outputs().size()) {
      throw context.refuse(
          "the branches of torch.cond yield %d and %d values"
              .formatted(first.outputs().size(), second.outputs().size()));
    }
    List<Arg> outYes = new ArrayList<>();
    List<Arg> outNo = new ArrayList<>();
    List<ValueMeta> types = new ArrayList<>();
    for (int i = 0; i < first.outputs().size(); i++) {
      outYes.add(first.outputs().get(i));
      outNo.add(second.outputs().get(i));
      types.add(BlockTypes.join(context, first.builder(), outYes, second.builder(), outNo));
    }
    List<FxGraph> blocks = List.of(first.builder().build(outYes), second.builder().build(outNo));
    return context
        .builder()
        .append(OpTarget.parse("prim::If"), List.of(condition), types, blocks, context.source)
        .stream()
        .map(graphs::fresh)
        .toList();
  }
}
