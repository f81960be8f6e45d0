package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.RefusedOperators;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;

/** Turns a graph into steps, and finds after which step each value is dead. */
final class Assembler {
  private final TorchDevice device;
  private final Operands operands;
  private final Consumer<Pointer> keep;

  /**
   * @param keep is given everything native that the steps refer to
   */
  Assembler(TorchDevice device, Consumer<Pointer> keep) {
    this.device = device;
    this.operands = new Operands(device, keep);
    this.keep = keep;
  }

  BlockCode assemble(FxGraph graph) {
    graph.attributes().forEach(value -> operands.bind(value, graph.weights().get(value.name())));
    return block(graph);
  }

  /** How many slots a frame needs. */
  int slots() {
    return operands.slots();
  }

  /** The graph's weights where they lie on the device. */
  List<NativeTensor> weights() {
    return operands.weights();
  }

  private BlockCode block(FxGraph graph) {
    Set<String> mine = new HashSet<>();
    graph.inputs().forEach(value -> define(value, mine));
    Set<String> inputs = Set.copyOf(mine);
    graph.nodes().forEach(node -> node.results().forEach(value -> define(value, mine)));

    Set<String> returned = new HashSet<>(graph.outputNames());
    returned.retainAll(mine);
    Set<String> alive = new HashSet<>(returned);
    List<int[]> dead = new ArrayList<>();
    for (FxNode node : graph.nodes().reversed()) {
      Set<String> last = new HashSet<>(node.inputs());
      node.results().forEach(value -> last.add(value.name()));
      last.retainAll(mine);
      last.removeAll(alive);
      alive.addAll(last);
      dead.add(slotsOf(last));
    }
    Set<String> unread = new HashSet<>(inputs);
    unread.removeAll(alive);

    List<BlockCode.Entry> steps = new ArrayList<>();
    for (FxNode node : graph.nodes()) {
      steps.add(new BlockCode.Entry(node, step(node), dead.removeLast()));
    }
    returned.removeAll(inputs);
    return new BlockCode(
        graph.inputs().stream().mapToInt(value -> operands.slot(value.name())).toArray(),
        steps,
        graph.outputs().stream().map(operands::operand).toList(),
        slotsOf(unread),
        slotsOf(returned));
  }

  private void define(FxValue value, Set<String> names) {
    operands.define(value);
    names.add(value.name());
  }

  private int[] slotsOf(Set<String> names) {
    return names.stream().mapToInt(operands::slot).toArray();
  }

  private Step step(FxNode node) {
    int[] results =
        node.results().stream().mapToInt(value -> operands.slot(value.name())).toArray();
    try {
      return switch (node.target().toString()) {
        case "prim::If" -> branch(node, results);
        case "prim::Loop" -> loop(node, results);
        case "prim::RaiseException" ->
            new ControlFlow.Raise(node, node.args().stream().map(operands::operand).toList());
        case "prim::ListConstruct" ->
            new ListSteps.Make(operands.operand(new Arg.Sequence(node.args())), results[0]);
        case "prim::TupleConstruct" ->
            new ListSteps.Make(
                new Operand.TupleOf(node.args().stream().map(operands::operand).toList()),
                results[0]);
        case "prim::ListUnpack", "prim::TupleUnpack" ->
            new ListSteps.Unpack(operands.operand(node.args().getFirst()), results);
        case "prim::unchecked_cast", "prim::unchecked_unwrap_optional" ->
            new ListSteps.Make(operands.operand(node.args().getFirst()), results[0]);
        default -> call(node, results);
      };
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw Failure.badArguments(node, e);
    }
  }

  private Step branch(FxNode node, int[] results) {
    require(
        node.args().size() == 1 && node.blocks().size() == 2,
        "it wants a condition and two blocks");
    List<BlockCode> blocks = node.blocks().stream().map(this::block).toList();
    blocks.forEach(
        block ->
            require(block.outputs().size() == results.length, "a block's results are not its own"));
    return new ControlFlow.Branch(
        operands.operand(node.args().getFirst()), blocks.get(0), blocks.get(1), results);
  }

  private Step loop(FxNode node, int[] results) {
    require(node.args().size() == results.length + 2, "it wants as many first values as results");
    require(node.blocks().size() == 1, "it wants one block");
    BlockCode body = block(node.blocks().getFirst());
    require(
        body.inputs().length == results.length + 1 && body.outputs().size() == results.length + 1,
        "its block does not carry its values");
    List<Operand> args = node.args().stream().map(operands::operand).toList();
    return new ControlFlow.Loop(
        args.get(0), args.get(1), args.subList(2, args.size()), body, results);
  }

  private Step call(FxNode node, int[] results) {
    RefusedOperators.check(
        node.target(), node.source().isEmpty() ? "node " + node.name() : node.source());
    Kernel kernel = Kernel.find(node.target()).orElseThrow(() -> Failure.unknownOperator(node));
    keep.accept(kernel.owner());
    OperatorSchema schema = kernel.schema();
    require(!schema.variadic(), "its arguments' number is not fixed");
    // A kernel trusts the stack blindly, so the count of its arguments and results must be right.
    List<Arg> args = device.place(schema, schema.match(node.args()));
    if (!device.device().isCpu()) {
      RnnWeights.flatten(node, operands);
    }
    boolean unpacks = unpacks(node, schema);
    require(
        unpacks || results.length <= schema.returns().size(), "it has fewer results in libtorch");
    IValueVector template = new IValueVector(args.size());
    keep.accept(template);
    List<CallStep.Fill> fills = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      int index = i;
      switch (operands.operand(
          args.get(i),
          i < schema.parameters().size() ? schema.parameters().get(i).type() : Operands.ANY)) {
        case Operand.Constant(IValue value) -> template.put(index, value);
        case Operand other -> fills.add(new CallStep.Fill(index, other));
      }
    }
    return new CallStep(kernel.entry(), template, fills, results, unpacks);
  }

  /** In the graph an operator that returns a list of known length has its elements as results. */
  private static boolean unpacks(FxNode node, OperatorSchema schema) {
    if (schema.returns().size() != 1 || !schema.returns().getFirst().isList()) {
      return false;
    }
    return node.results().size() != 1
        || switch (node.result().meta()) {
          case TensorMeta tensor -> true;
          case ValueMeta.Opaque opaque -> opaque.type().equals("Tensor");
          case ValueMeta.Scalar scalar -> true;
          case ValueMeta.Sequence sequence -> false;
        };
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
