package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;

/** Turns a graph into steps. Value names are unique blocks included, so one frame serves all. */
final class Assembler {
  private static final SchemaType ANY = new SchemaType("Any", 0, 0, true, false, "", false);

  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, ValueMeta> metas = new HashMap<>();
  private final Map<String, Operand.Constant> weights = new HashMap<>();
  private final Consumer<Pointer> keep;

  /**
   * @param keep is given everything native that the steps refer to
   */
  Assembler(Consumer<Pointer> keep) {
    this.keep = keep;
  }

  BlockCode assemble(FxGraph graph) {
    for (FxValue attribute : graph.attributes()) {
      try (Tensor tensor =
          TensorBridge.toTorch(nativeTensor(graph.weights().get(attribute.name())))) {
        weights.put(attribute.name(), constant(new IValue(tensor)));
      }
    }
    return block(graph);
  }

  /** How many slots a frame needs. */
  int slots() {
    return slots.size();
  }

  private static NativeTensor nativeTensor(Weight weight) {
    long[] strides = weight.meta().strides().stream().mapToLong(d -> d.value()).toArray();
    return new NativeTensor(weight.meta().dtype(), weight.meta().sizes(), strides, weight.data());
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
        graph.inputs().stream().mapToInt(value -> slots.get(value.name())).toArray(),
        steps,
        graph.outputs().stream().map(output -> operand(output, ANY)).toList(),
        slotsOf(unread),
        slotsOf(returned));
  }

  private void define(FxValue value, Set<String> names) {
    slots.put(value.name(), slots.size());
    metas.put(value.name(), value.meta());
    names.add(value.name());
  }

  private int[] slotsOf(Set<String> names) {
    return names.stream().mapToInt(slots::get).toArray();
  }

  private Step step(FxNode node) {
    int[] results = node.results().stream().mapToInt(value -> slots.get(value.name())).toArray();
    List<Arg> args = node.args();
    return switch (node.target().toString()) {
      case "prim::If" ->
          new ControlFlow.Branch(
              operand(args.getFirst(), ANY),
              block(node.blocks().get(0)),
              block(node.blocks().get(1)),
              results);
      case "prim::Loop" ->
          new ControlFlow.Loop(
              operand(args.get(0), ANY),
              operand(args.get(1), ANY),
              args.subList(2, args.size()).stream().map(arg -> operand(arg, ANY)).toList(),
              block(node.blocks().getFirst()),
              results);
      case "prim::ListConstruct" ->
          new ListSteps.Make(operand(new Arg.Sequence(args), ANY), results[0]);
      case "prim::TupleConstruct" ->
          new ListSteps.Make(
              new Operand.TupleOf(args.stream().map(arg -> operand(arg, ANY)).toList()),
              results[0]);
      case "prim::ListUnpack", "prim::TupleUnpack" ->
          new ListSteps.Unpack(operand(args.getFirst(), ANY), results);
      case "prim::unchecked_cast", "prim::unchecked_unwrap_optional" ->
          new ListSteps.Make(operand(args.getFirst(), ANY), results[0]);
      default -> call(node, results);
    };
  }

  private Step call(FxNode node, int[] results) {
    Kernel kernel = Kernel.find(node.target()).orElseThrow(() -> Failure.unknownOperator(node));
    try {
      return call(node, results, kernel);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw Failure.badArguments(node, e);
    }
  }

  private Step call(FxNode node, int[] results, Kernel kernel) {
    OperatorSchema schema = kernel.schema();
    keep.accept(kernel.owner());
    IValueVector template = new IValueVector(node.args().size());
    keep.accept(template);
    List<CallStep.Fill> fills = new ArrayList<>();
    for (int i = 0; i < node.args().size(); i++) {
      int index = i;
      SchemaType type = i < schema.parameters().size() ? schema.parameters().get(i).type() : ANY;
      switch (operand(node.args().get(i), type)) {
        case Operand.Constant(IValue value) -> template.put(index, value);
        case Operand other -> fills.add(new CallStep.Fill(index, other));
      }
    }
    return new CallStep(kernel.entry(), template, fills, results, unpacks(node, schema));
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

  private Operand operand(Arg arg, SchemaType type) {
    return switch (arg) {
      case Arg.Value(String name) -> reference(name, type);
      case Arg.SymInt(var dim) -> new Operand.Size(dim);
      case Arg.Sequence(List<Arg> elements) -> {
        SchemaType element =
            type.isList() && !type.base().equals("t") ? type.element() : elementType(elements);
        List<Operand> operands = elements.stream().map(e -> operand(e, element)).toList();
        Operand list = new Operand.Elements(element, operands);
        yield operands.stream().allMatch(Operand.Constant.class::isInstance) ? folded(list) : list;
      }
      default -> constant(Constants.value(arg, type));
    };
  }

  private Operand reference(String name, SchemaType type) {
    Operand.Constant weight = weights.get(name);
    if (weight != null) {
      return weight;
    }
    int slot = slots.get(name);
    return type.isTensor() && metas.get(name) instanceof ValueMeta.Scalar
        ? new Operand.Number(slot)
        : new Operand.Slot(slot);
  }

  private Operand.Constant constant(IValue value) {
    keep.accept(value);
    return new Operand.Constant(value);
  }

  private Operand.Constant folded(Operand list) {
    Operand.Constant[] folded = new Operand.Constant[1];
    list.with(null, value -> folded[0] = constant(new IValue(value)));
    return folded[0];
  }

  /** What TorchScript would call the type of these, where no schema says it. */
  private SchemaType elementType(List<Arg> elements) {
    boolean optional = elements.stream().anyMatch(Arg.None.class::isInstance);
    String base =
        elements.stream()
            .filter(e -> !(e instanceof Arg.None))
            .findFirst()
            .map(
                first ->
                    switch (first) {
                      case Arg.Int n -> "int";
                      case Arg.SymInt n -> "int";
                      case Arg.Float x -> "float";
                      case Arg.Bool b -> "bool";
                      case Arg.Str s -> "str";
                      case Arg.Value(String name)
                          when metas.get(name) instanceof ValueMeta.Scalar(DType dtype) ->
                          dtype == DType.BOOL ? "bool" : dtype.isFloating() ? "float" : "int";
                      default -> "Tensor";
                    })
            .orElse("Tensor");
    return new SchemaType(base, 0, 0, optional, false, "", false);
  }
}
