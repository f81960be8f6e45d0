package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.List;
import java.util.Optional;

/** Types of what enters and leaves blocks of data-dependent control flow. */
public final class BlockTypes {
  /** Of a tensor of which nothing more is known. */
  public static final ValueMeta TENSOR = new ValueMeta.Opaque("Tensor");

  private static final ValueMeta NONE = new ValueMeta.Opaque("NoneType");

  private BlockTypes() {}

  /** The type of an argument that leaves a block. */
  public static ValueMeta of(Context context, FxGraphBuilder builder, Arg arg) {
    return switch (arg) {
      case Arg.Value(String name) -> builder.metaOf(name);
      case Arg.Int n -> new ValueMeta.Scalar(DType.INT64);
      case Arg.SymInt n -> new ValueMeta.Scalar(DType.INT64);
      case Arg.Float f -> new ValueMeta.Scalar(DType.FLOAT64);
      case Arg.Bool b -> new ValueMeta.Scalar(DType.BOOL);
      case Arg.None n -> NONE;
      case null, default ->
          throw context.refuse(
              "a value that is neither tensor nor number leaves control flow that depends on data");
    };
  }

  /** The type of a value that has one of two types; empty if no value can. */
  public static Optional<ValueMeta> common(ValueMeta a, ValueMeta b) {
    if (a.equals(b)) {
      return Optional.of(a);
    }
    if (isTensor(a) && isTensor(b)) {
      return Optional.of(TENSOR);
    }
    if (a.equals(NONE) || isOptional(a) && !isOptional(b) && !b.equals(NONE)) {
      return optional(b).filter(type -> a.equals(NONE) || a.equals(type));
    }
    return b.equals(NONE) || isOptional(b) && !isOptional(a) ? common(b, a) : Optional.empty();
  }

  /** Whether a value of this type may turn out to be None. */
  public static boolean isOptional(ValueMeta type) {
    return type instanceof ValueMeta.Opaque(String name)
        && (name.endsWith("?") || name.startsWith("Optional["));
  }

  private static Optional<ValueMeta> optional(ValueMeta type) {
    if (isOptional(type)) {
      return Optional.of(type);
    }
    return switch (type) {
      case ValueMeta.Scalar(DType dtype) ->
          Optional.of(
              new ValueMeta.Opaque(
                  (dtype == DType.BOOL ? "bool" : dtype.isInteger() ? "int" : "float") + "?"));
      case TensorMeta meta -> Optional.of(new ValueMeta.Opaque("Tensor?"));
      case ValueMeta.Opaque(String name) -> Optional.of(new ValueMeta.Opaque(name + "?"));
      default -> Optional.empty();
    };
  }

  private static boolean isTensor(ValueMeta type) {
    return type instanceof TensorMeta || type.equals(TENSOR);
  }

  /** What a value that nobody reads is given as, of this type. */
  public static Arg filler(Context context, FxGraphBuilder builder, ValueMeta type) {
    return switch (type) {
      case ValueMeta.Scalar(DType dtype) when dtype == DType.BOOL -> new Arg.Bool(false);
      case ValueMeta.Scalar(DType dtype) when dtype.isInteger() -> new Arg.Int(0);
      case ValueMeta.Scalar s -> new Arg.Float(0);
      case TensorMeta meta ->
          builder
              .emit(
                  OpTarget.parse("aten::full"),
                  List.of(Arg.ofDims(meta.shape()), new Arg.Int(0), new Arg.Type(meta.dtype())),
                  context.source)
              .getFirst();
      case ValueMeta.Opaque(String name) when name.equals("Tensor") ->
          builder
              .emit(
                  OpTarget.parse("aten::full"),
                  List.of(Arg.ints(), new Arg.Int(0), new Arg.Type(DType.FLOAT32)),
                  context.source)
              .getFirst();
      default -> Arg.NONE;
    };
  }

  /**
   * The type of the last result of two branches, which either may give; both are made one layout if
   * they can.
   *
   * @param outYes what the one branch yields so far; its last element may be replaced
   * @param outNo the same of the other
   */
  public static ValueMeta join(
      Context context, FxGraphBuilder yes, List<Arg> outYes, FxGraphBuilder no, List<Arg> outNo) {
    ValueMeta a = of(context, yes, outYes.getLast());
    ValueMeta b = of(context, no, outNo.getLast());
    if (a instanceof TensorMeta x
        && b instanceof TensorMeta y
        && !a.equals(b)
        && x.dtype() == y.dtype()
        && x.shape().equals(y.shape())) {
      outYes.set(outYes.size() - 1, contiguous(context, yes, outYes.getLast()));
      outNo.set(outNo.size() - 1, contiguous(context, no, outNo.getLast()));
      return TensorMeta.contiguous(x.dtype(), x.shape());
    }
    return common(a, b)
        .orElseThrow(
            () ->
                context.refuse(
                    "the branches of an if yield values of different types: " + a + ", " + b));
  }

  private static Arg contiguous(Context context, FxGraphBuilder builder, Arg value) {
    return builder.meta(value).isContiguous()
        ? value
        : builder
            .keep(
                OpTarget.parse("aten::clone"),
                List.of(value, new Arg.MemoryFormat("contiguous_format")),
                context.source)
            .getFirst();
  }
}
