package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tuple;

/** Computes what the model's code and the input shapes decide: numbers, strings, small literals. */
final class Folding {
  private static final SchemaType ANY = new SchemaType("Any", 0, 0, false, false, "", false);

  private final Context context;
  private final Memory memory;
  private final Constants constants;
  private final SymbolicSizes sizes;
  private final Containers containers;

  Folding(Context context, Memory memory, Constants constants, Containers containers) {
    this.context = context;
    this.memory = memory;
    this.constants = constants;
    this.containers = containers;
    this.sizes = new SymbolicSizes(context);
  }

  /** What {@code op} yields if that needs no tensor's elements; else empty. */
  Optional<List<JitValue>> apply(JitOp op, List<JitValue> in) {
    if (!in.isEmpty() && in.getFirst() instanceof JitValue.Tensor(TensorRef ref)) {
      return ofMeta(op, ref, in);
    }
    if (in.stream().anyMatch(JitValue::isSymbolic)) {
      return sizes.apply(op, in);
    }
    if (op.kind().equals("prim::NumToTensor") && in.getFirst().isKnown()) {
      Arg number = ((JitValue.Leaf) in.getFirst()).arg();
      return Optional.of(List.of(new JitValue.TensorNumber(typeOf(number), number)));
    }
    if (in.stream().anyMatch(v -> v instanceof JitValue.Unset)) {
      throw context.refuse(
          op.target() + " reads a string that depends on data or on open sizes, not supported");
    }
    if (op.nondeterministic() || !in.stream().allMatch(JitValue::isKnown)) {
      return Optional.empty();
    }
    OperatorSchema schema = context.builder().schema(op.target());
    boolean yieldsTensor = schema.returns().stream().anyMatch(t -> t.base().equals("Tensor"));
    boolean literal = op.kind().equals("aten::tensor") || op.kind().equals("aten::as_tensor");
    if (yieldsTensor && !literal && in.stream().noneMatch(Folding::holdsNumber)) {
      return Optional.empty();
    }
    if (!schema.mutates()) {
      return evaluate(op, schema, in, literal);
    }
    return in.getFirst() instanceof JitValue.Items list
        ? evaluateOn(list, op, schema, in)
        : Optional.empty();
  }

  private static boolean holdsNumber(JitValue value) {
    return switch (value) {
      case JitValue.TensorNumber n -> true;
      case JitValue.Items items -> items.elements().stream().anyMatch(Folding::holdsNumber);
      default -> false;
    };
  }

  /** An operator that changes a list of constants: sorts it, removes from it. */
  private Optional<List<JitValue>> evaluateOn(
      JitValue.Items list, JitOp op, OperatorSchema schema, List<JitValue> in) {
    containers.change(list.level(), "list");
    try (PointerScope scope = new PointerScope()) {
      List<IValue> args = boxed(schema, in);
      Libtorch.run(op.target(), args);
      JitValue changed = constants.read(args.getFirst(), op.kind(), context.level());
      list.elements().clear();
      list.elements().addAll(((JitValue.Items) changed).elements());
      return Optional.of(schema.returns().isEmpty() ? List.of() : List.of(list));
    }
  }

  private Optional<List<JitValue>> evaluate(
      JitOp op, OperatorSchema schema, List<JitValue> in, boolean literal) {
    try (PointerScope scope = new PointerScope()) {
      List<JitValue> results = new ArrayList<>();
      for (IValue result : Libtorch.run(op.target(), boxed(schema, in))) {
        if (result.isTensor() && result.toTensor().dim() > 0 && !literal) {
          return Optional.empty();
        }
        results.add(
            result.isTensor()
                ? fresh(constants.literal(result.toTensor()))
                : constants.read(result, op.kind(), context.level()));
      }
      return Optional.of(results);
    }
  }

  private static List<IValue> boxed(OperatorSchema schema, List<JitValue> in) {
    List<IValue> args = new ArrayList<>();
    int fixed = schema.parameters().size();
    for (int i = 0; i < in.size(); i++) {
      args.add(box(in.get(i), i < fixed ? schema.parameters().get(i).type() : ANY));
    }
    if (schema.variadic()) {
      args.add(new IValue((long) in.size()));
    }
    for (int i = in.size(); i < fixed; i++) {
      OperatorSchema.Parameter p = schema.parameters().get(i);
      args.add(box(new JitValue.Leaf(p.defaultValue().orElseThrow()), p.type()));
    }
    return args;
  }

  /** The model makes the literal anew each time it runs, so it may write to it. */
  private JitValue fresh(JitValue literal) {
    return literal instanceof JitValue.Tensor(TensorRef ref)
        ? new JitValue.Tensor(memory.fresh(ref.typedValue()))
        : literal;
  }

  private static IValue box(JitValue value, SchemaType type) {
    return switch (value) {
      case JitValue.Leaf(Arg arg) -> new IValues(name -> null).box(arg, type);
      case JitValue.TensorNumber(DType dtype, Arg number) ->
          new IValue(IValues.scalarTensor(dtype, number));
      case JitValue.Items items -> {
        if (items.elements().stream().allMatch(e -> e instanceof JitValue.Leaf)) {
          yield new IValues(name -> null)
              .box(
                  new Arg.Sequence(
                      items.elements().stream().map(e -> ((JitValue.Leaf) e).arg()).toList()),
                  type);
        }
        List<IValue> boxed =
            items.elements().stream()
                .map(e -> box(e, type.isList() ? type.element() : type))
                .toList();
        yield IValues.list(boxed, boxed.getFirst());
      }
      case JitValue.Tuple tuple -> {
        IValueVector elements = new IValueVector();
        tuple.elements().forEach(e -> elements.push_back(box(e, type)));
        yield new IValue(Tuple.create(elements));
      }
      default ->
          throw new IllegalArgumentException(
              "a value is used that depends on data or on sizes and is neither number nor tensor");
    };
  }

  private Optional<List<JitValue>> ofMeta(JitOp op, TensorRef ref, List<JitValue> in) {
    JitValue always =
        switch (op.target().toString()) {
          case "prim::layout" -> JitValue.of(0);
          case "prim::device" -> new JitValue.Leaf(new Arg.Device("cpu"));
          case "prim::is_cuda",
              "prim::is_sparse",
              "prim::is_sparse_csr",
              "prim::is_mkldnn",
              "prim::is_quantized",
              "prim::is_mps",
              "prim::is_xla",
              "prim::is_meta",
              "prim::is_nested",
              "prim::requires_grad" ->
              JitValue.of(false);
          case "prim::is_cpu", "aten::is_leaf" -> JitValue.of(true);
          default -> null;
        };
    if (always != null) {
      return Optional.of(List.of(always));
    }
    FxGraphBuilder builder = context.builder();
    if (!builder.isTensor(ref.typedValue())) {
      return Optional.empty();
    }
    TensorMeta meta = builder.meta(ref.typedValue());
    JitValue result =
        switch (op.target().toString()) {
          case "aten::size" -> dims(meta.shape());
          case "aten::size.int" -> dim(meta.shape(), in.get(1));
          case "aten::stride" -> dims(meta.strides());
          case "aten::stride.int" -> dim(meta.strides(), in.get(1));
          case "aten::dim", "aten::ndimension" -> JitValue.of(meta.rank());
          case "aten::len.Tensor" -> dim(meta.shape(), JitValue.of(0));
          case "aten::numel", "aten::numel.Tensor" -> new JitValue.Leaf(Arg.of(meta.numel()));
          case "aten::is_floating_point", "aten::is_floating_point.Tensor" ->
              JitValue.of(meta.dtype().isFloating());
          case "aten::is_complex" -> JitValue.of(meta.dtype().isComplex());
          case "aten::element_size" -> JitValue.of(meta.dtype().bytes());
          case "aten::is_contiguous" -> JitValue.of(meta.isContiguous());
          case "prim::dtype" -> JitValue.of(meta.dtype().atenCode());
          default -> null;
        };
    return Optional.ofNullable(result).map(List::of);
  }

  private JitValue dims(List<Dim> dims) {
    return new JitValue.Items(
        dims.stream().map(d -> (JitValue) new JitValue.Leaf(Arg.of(d))).toList(), context.level());
  }

  private JitValue dim(List<Dim> dims, JitValue index) {
    if (!(index instanceof JitValue.Leaf(Arg.Int(long i)))) {
      throw context.refuse("the size of a dimension is asked for whose number depends on data");
    }
    long axis = i < 0 ? i + dims.size() : i;
    if (axis < 0 || axis >= dims.size()) {
      throw context.refuse("dimension " + i + " is out of a tensor of rank " + dims.size());
    }
    return new JitValue.Leaf(Arg.of(dims.get((int) axis)));
  }

  static DType typeOf(Arg number) {
    return switch (number) {
      case Arg.Bool b -> DType.BOOL;
      case Arg.Float f -> DType.FLOAT64;
      default -> DType.INT64;
    };
  }
}
