package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Writes operators on tensors to the graph, those that write in place as functional ones. */
final class TensorOps {
  private final Context context;
  private final Memory memory;
  private final Aliasing aliasing;

  TensorOps(Context context, Memory memory) {
    this.context = context;
    this.memory = memory;
    this.aliasing = new Aliasing(context, memory);
  }

  List<JitValue> apply(JitOp op, List<JitValue> in) {
    OperatorSchema schema = context.builder().schema(op.target());
    List<JitValue> values = new ArrayList<>(in);
    for (int i = 0; i < values.size() && i < schema.parameters().size(); i++) {
      SchemaType type = schema.parameters().get(i).type();
      if (type.written() && values.get(i) instanceof JitValue.TensorNumber n) {
        throw context.refuse(
            op.target() + " writes in place to a tensor made of a traced number " + n);
      }
    }
    List<Arg> args = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      args.add(
          values.get(i) instanceof JitValue.TensorNumber number
              ? number(schema, i, values, number)
              : arg(values.get(i)));
    }
    List<Arg> complete = schema.match(args);
    refuseTraining(op, schema, complete);
    if (schema.mutates()) {
      return List.of(write(op, schema, values, complete));
    }
    if (op.target().name().equals("as_strided") && values.getFirst() instanceof TensorRef ref) {
      return List.of(Restriding.asStrided(context, memory, ref, complete));
    }
    List<Arg> results = context.builder().emit(op.target(), complete, context.source);
    return aliasing.wrap(schema, values, complete, results);
  }

  /** A value as the graph refers to it. */
  Arg arg(JitValue value) {
    return switch (value) {
      case JitValue.Leaf(Arg arg) -> arg;
      case TensorRef ref -> memory.read(ref);
      case JitValue.TensorNumber number -> materialize(number);
      case JitValue.Items items ->
          new Arg.Sequence(items.elements().stream().map(this::arg).toList());
      case JitValue.Tuple tuple ->
          new Arg.Sequence(tuple.elements().stream().map(this::arg).toList());
      case JitValue.Table t -> throw context.refuse("a dictionary is given to an operator");
      default -> throw context.refuse("an object of the model is given to an operator");
    };
  }

  /** A tensor of the source program for a value of the graph. */
  JitValue value(Arg arg) {
    return aliasing.fresh(arg);
  }

  private Arg materialize(JitValue.TensorNumber number) {
    return context
        .builder()
        .emit(
            OpTarget.parse("aten::full"),
            List.of(Arg.ints(), number.number(), new Arg.Type(number.dtype())),
            context.source)
        .getFirst();
  }

  /**
   * A tensor of rank 0 with known content stands as a number beside another tensor where that
   * promotes to the same type; elsewhere it is made a tensor.
   */
  private Arg number(
      OperatorSchema schema, int at, List<JitValue> values, JitValue.TensorNumber number) {
    SchemaType type = schema.parameters().get(at).type();
    if (!type.isTensor()) {
      return number.number();
    }
    if (at == 1
        && takesNumbers(schema.target())
        && values.getFirst() instanceof TensorRef other
        && context.typed(other.value) instanceof TensorMeta meta
        && promotesAlike(number, meta)) {
      return number.number();
    }
    return materialize(number);
  }

  private static boolean takesNumbers(OpTarget target) {
    return switch (target.toString()) {
      case "aten::add.Tensor",
          "aten::sub.Tensor",
          "aten::mul.Tensor",
          "aten::div.Tensor",
          "aten::div.Tensor_mode",
          "aten::eq.Tensor",
          "aten::ne.Tensor",
          "aten::lt.Tensor",
          "aten::le.Tensor",
          "aten::gt.Tensor",
          "aten::ge.Tensor",
          "aten::remainder.Tensor",
          "aten::add_.Tensor",
          "aten::sub_.Tensor",
          "aten::mul_.Tensor",
          "aten::div_.Tensor" ->
          true;
      default -> false;
    };
  }

  /** PyTorch ranks tensors with dimensions above those without, and these above numbers. */
  private static boolean promotesAlike(JitValue.TensorNumber number, TensorMeta other) {
    int mine = category(number.dtype());
    int theirs = category(other.dtype());
    if (other.rank() > 0 && mine <= theirs) {
      return true;
    }
    boolean isDefault =
        number.dtype() == DType.FLOAT32
            || number.dtype() == DType.INT64
            || number.dtype() == DType.BOOL;
    return isDefault && mine > theirs || number.dtype() == other.dtype();
  }

  private static int category(DType dtype) {
    return dtype == DType.BOOL ? 0 : dtype.isInteger() ? 1 : dtype.isFloating() ? 2 : 3;
  }

  private void refuseTraining(JitOp op, OperatorSchema schema, List<Arg> args) {
    int flag =
        switch (op.target().name()) {
          case "batch_norm" -> schema.indexOf("training");
          case "instance_norm" -> schema.indexOf("use_input_stats");
          default -> -1;
        };
    int statistics = schema.indexOf("running_mean");
    if (flag >= 0
        && args.get(flag).equals(new Arg.Bool(true))
        && statistics >= 0
        && !(args.get(statistics) instanceof Arg.None)) {
      throw context.refuse(
          op.target()
              + " updates its running statistics at inference, which is not supported yet; export"
              + " the model in eval mode");
    }
  }

  private JitValue write(JitOp op, OperatorSchema schema, List<JitValue> values, List<Arg> args) {
    int self = -1;
    for (int i = 0; i < schema.parameters().size(); i++) {
      if (schema.parameters().get(i).type().written()) {
        if (self >= 0 || !schema.parameters().get(i).type().isTensor()) {
          throw context.refuse(op.target() + " writes to several tensors in place, not supported");
        }
        self = i;
      }
    }
    if (self != 0 || !(values.getFirst() instanceof TensorRef ref)) {
      throw context.refuse(op.target() + " writes to its argument in place, not supported");
    }
    if (MetadataWrites.apply(context, aliasing, op.target(), ref, args)) {
      return ref;
    }
    Arg.Value before = (Arg.Value) args.getFirst();
    List<Arg> results = functional(op.target(), args, context.typed(before));
    Arg result = results.getFirst();
    if (!(result instanceof Arg.Value next)) {
      throw context.refuse(op.target() + " yields a constant");
    }
    memory.write(ref, fit(op, before, next));
    return ref;
  }

  /** The result of the operator that yields what {@code target} would write. */
  private List<Arg> functional(OpTarget target, List<Arg> args, TensorMeta self) {
    String name = target.name();
    boolean isAugmented = name.startsWith("__i") && name.endsWith("__");
    if (self != null && (name.equals("zero_") || name.equals("fill_") || name.equals("copy_"))) {
      Arg fill = name.equals("zero_") ? new Arg.Int(0) : args.get(1);
      if (!(fill instanceof Arg.Value)) {
        return emit(
            new OpTarget("aten", "full", ""),
            List.of(Arg.ofDims(self.shape()), fill, new Arg.Type(self.dtype())));
      }
    }
    if (self != null && name.equals("copy_") && args.get(1) instanceof Arg.Value) {
      return copied(args.get(1), self);
    }
    OpTarget out =
        isAugmented
            ? new OpTarget(target.namespace(), "__" + name.substring(3), target.overload())
            : new OpTarget(
                target.namespace(), name.substring(0, name.length() - 1), target.overload());
    if (!(isAugmented || name.endsWith("_"))
        || OperatorSchemas.find(out).isEmpty()
        || OperatorSchemas.find(out).get().parameters().size() != args.size()) {
      throw context.refuse(
          target
              + " writes in place, and PyTorch has no functional form of it; rewrite it in the"
              + " model");
    }
    return emit(out, args);
  }

  private List<Arg> copied(Arg source, TensorMeta self) {
    TensorMeta from = context.typed(source);
    Arg value = source;
    if (from == null || from.dtype() != self.dtype()) {
      value =
          emit(new OpTarget("aten", "to", "dtype"), List.of(value, new Arg.Type(self.dtype())))
              .getFirst();
    }
    return from != null && from.shape().equals(self.shape())
        ? List.of(value)
        : emit(new OpTarget("aten", "expand", ""), List.of(value, Arg.ofDims(self.shape())));
  }

  /** {@code next} in the dtype of what it replaces; a write never changes shape or type. */
  private Arg.Value fit(JitOp op, Arg.Value before, Arg.Value next) {
    TensorMeta had = context.typed(before);
    TensorMeta has = context.typed(next);
    if (had != null && has == null) {
      return context.emitAs(had, "copy", List.of(before, next));
    }
    if (had == null) {
      return (Arg.Value) emit(new OpTarget("aten", "copy", ""), List.of(before, next)).getFirst();
    }
    if (!has.shape().equals(had.shape())) {
      throw context.refuse(
          "%s writes %s into %s: an operator in place cannot change the shape"
              .formatted(op.target(), has, had));
    }
    return has.dtype() == had.dtype()
        ? next
        : (Arg.Value)
            emit(new OpTarget("aten", "to", "dtype"), List.of(next, new Arg.Type(had.dtype())))
                .getFirst();
  }

  private List<Arg> emit(OpTarget target, List<Arg> args) {
    return context.builder().emit(target, args, context.source);
  }
}
