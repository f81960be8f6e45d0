package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Result;
import java.util.ArrayList;
import java.util.List;

/** {@code torch.while_loop}: a graph for the condition and one for the body. */
final class WhileLoop {
  private final Context context;
  private final GraphImporter graphs;
  private final HigherOrder higherOrder;
  private final Conditional conditional;

  WhileLoop(Context context, GraphImporter graphs, HigherOrder higherOrder) {
    this.context = context;
    this.graphs = graphs;
    this.higherOrder = higherOrder;
    this.conditional = new Conditional(context, graphs, higherOrder);
  }

  /** (condition graph, body graph, carried operands, further operands). */
  List<Result> run(ProgramNode node, Scope scope) {
    ProgramGraph condition = higherOrder.graph(node, 0);
    ProgramGraph body = higherOrder.graph(node, 1);
    List<Result> carried = operands(node, 2, scope);
    List<Result> further = operands(node, 3, scope);
    List<Arg> args = new ArrayList<>();
    args.add(new Arg.Int(Long.MAX_VALUE));
    args.add(goesOn(condition, carried, further));
    List<ValueMeta> types = new ArrayList<>();
    for (Result operand : carried) {
      args.add(graphs.arg(operand));
      types.add(BlockTypes.of(context, context.builder(), args.getLast()));
    }
    Block round =
        Block.of(
            context,
            graphs,
            builder -> {
              builder.input("round", new ValueMeta.Scalar(DType.INT64));
              List<Result> inside = new ArrayList<>();
              types.forEach(type -> inside.add(graphs.fresh(builder.input("carried", type))));
              List<Result> next = higherOrder.call(body, joined(inside, further));
              List<Result> outputs = new ArrayList<>();
              outputs.add(new Result.Plain(goesOn(condition, next, further)));
              outputs.addAll(next);
              return outputs;
            });
    for (int i = 0; i < types.size(); i++) {
      ValueMeta after = BlockTypes.of(context, round.builder(), round.outputs().get(i + 1));
      if (!after.equals(types.get(i))) {
        throw higherOrder.refused(
            node, "a value is " + types.get(i) + " before a round and " + after + " after it");
      }
    }
    return context
        .builder()
        .append(
            OpTarget.parse("prim::Loop"),
            args,
            types,
            List.of(round.builder().build(round.outputs())),
            context.source)
        .stream()
        .map(graphs::fresh)
        .toList();
  }

  private List<Result> operands(ProgramNode node, int place, Scope scope) {
    return place < node.inputs().size()
        ? higherOrder.operands(List.of(node.inputs().get(place).value()), scope)
        : List.of();
  }

  private Arg goesOn(ProgramGraph condition, List<Result> carried, List<Result> further) {
    List<Result> results = higherOrder.call(condition, joined(carried, further));
    if (results.size() != 1) {
      throw context.refuse("the condition of a loop yields " + results.size() + " values");
    }
    return conditional.truth(graphs.arg(results.getFirst()));
  }

  private static List<Result> joined(List<Result> a, List<Result> b) {
    List<Result> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }
}
