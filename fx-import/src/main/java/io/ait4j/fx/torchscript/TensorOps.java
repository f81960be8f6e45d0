package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.EagerOperators;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Result;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes operators on tensors to the graph, those that write in place as functional ones. */
final class TensorOps {
  private final Context context;
  private final Memory memory;
  private final EagerOperators operators;
  private final SizeGuards sizes;

  TensorOps(Context context, Memory memory, Guards guards) {
    this.sizes = new SizeGuards(context, guards);
    this.context = context;
    this.memory = memory;
    this.operators = new EagerOperators(context, memory);
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
    sizes.before(op.target(), complete);
    List<Result> results =
        operators.apply(op.target(), complete, values.stream().map(TensorOps::tensors).toList());
    sizes.after(op.target(), results);
    List<JitValue> wrapped = results.stream().map(TensorOps::value).toList();
    boolean isList =
        schema.returns().size() == 1
            && schema.returns().getFirst().isTensorList()
            && !isOneList(wrapped);
    return isList ? List.of(new JitValue.Items(wrapped, context.level())) : wrapped;
  }

  /** A list whose length is known only at run time is one value of the graph. */
  private boolean isOneList(List<JitValue> values) {
    return values.size() == 1
        && values.getFirst() instanceof JitValue.Leaf(Arg.Value(String name))
        && context.builder().metaOf(name) instanceof ValueMeta.Opaque;
  }

  private static List<TensorRef> tensors(JitValue value) {
    return switch (value) {
      case JitValue.Tensor(TensorRef ref) -> List.of(ref);
      case JitValue.Items items ->
          items.elements().stream().flatMap(e -> tensors(e).stream()).toList();
      default -> List.of();
    };
  }

  private static JitValue value(Result result) {
    return switch (result) {
      case Result.Tensor(TensorRef ref) -> new JitValue.Tensor(ref);
      case Result.Plain(Arg arg) -> new JitValue.Leaf(arg);
    };
  }

  /** A value as the graph refers to it. */
  Arg arg(JitValue value) {
    return switch (value) {
      case JitValue.Leaf(Arg arg) -> arg;
      case JitValue.Tensor(TensorRef ref) -> memory.read(ref);
      case JitValue.TensorNumber number -> materialize(number);
      case JitValue.SizeTests tests -> materialize(tests);
      case JitValue.Ratio(Dim numerator, long denominator) ->
          emit("aten::div.int", Arg.of(numerator), new Arg.Int(denominator));
      case JitValue.Growing(Storage list) -> memory.content(list);
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
    return value(operators.fresh(arg));
  }

  /** The element of a list of tensors or numbers at a place that is known only at run time. */
  JitValue element(JitOp op, JitValue.Items list, JitValue index) {
    List<Arg> elements = list.elements().stream().map(this::arg).toList();
    ValueMeta type =
        elements.stream()
            .map(e -> Optional.of(BlockTypes.of(context, context.builder(), e)))
            .reduce((a, b) -> a.flatMap(x -> b.flatMap(y -> BlockTypes.common(x, y))))
            .flatMap(common -> common)
            .orElseThrow(
                () -> context.refuse("a list of values of several types is indexed by data"));
    JitValue chosen =
        value(
            context
                .builder()
                .append(
                    op.target(),
                    List.of(new Arg.Sequence(elements), arg(index)),
                    List.of(type),
                    List.of(),
                    context.source)
                .getFirst());
    if (chosen instanceof JitValue.Tensor(TensorRef made)) {
      tensors(list).forEach(ref -> memory.doubt(made.storage(), ref.storage()));
    }
    return chosen;
  }

  /** Python's {@code tolist}: numbers that are known at run time, in lists of known length. */
  JitValue toList(JitValue value) {
    Arg tensor = arg(value);
    TensorMeta meta = context.typed(tensor);
    if (meta == null || !meta.isStatic()) {
      throw context.refuse("a tensor whose size is not known is made a list");
    }
    return toList(tensor, meta.sizes(), 0);
  }

  private JitValue toList(Arg tensor, long[] sizes, int depth) {
    if (depth == sizes.length) {
      return new JitValue.Leaf(emit("aten::item", tensor));
    }
    List<JitValue> elements = new ArrayList<>();
    for (long i = 0; i < sizes[depth]; i++) {
      Arg part = emit("aten::select.int", tensor, new Arg.Int(0), new Arg.Int(i));
      elements.add(toList(part, sizes, depth + 1));
    }
    return new JitValue.Items(elements, context.level());
  }

  private Arg materialize(JitValue.TensorNumber number) {
    return emit("aten::full", Arg.ints(), number.number(), new Arg.Type(number.dtype()));
  }

  /** The truth value as one that the graph computes. */
  private Arg materialize(JitValue.SizeTests tests) {
    Arg all = null;
    for (Guard test : tests.all()) {
      String name = test.relation().name().toLowerCase(Locale.ROOT);
      Arg one = emit("aten::" + name + ".int", Arg.of(test.left()), Arg.of(test.right()));
      all = all == null ? one : emit("aten::__and__.bool", all, one);
    }
    return all;
  }

  private Arg emit(String target, Arg... args) {
    return context.builder().emit(OpTarget.parse(target), List.of(args), context.source).getFirst();
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
        && values.getFirst() instanceof JitValue.Tensor(TensorRef other)
        && context.typed(other.typedValue()) instanceof TensorMeta meta
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
}
