package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import java.util.List;
import java.util.Optional;

/** Values that may be None: known to be or not to be, or only at run time. */
final class Optionals {
  private final Context context;
  private final TensorOps tensors;

  Optionals(Context context, TensorOps tensors) {
    this.context = context;
    this.tensors = tensors;
  }

  /** Python's {@code is} and {@code is not}. */
  JitValue is(JitOp op, JitValue a, JitValue b) {
    boolean wanted = op.kind().equals("aten::__is__");
    Optional<Boolean> same = same(a, b);
    if (same.isPresent()) {
      return JitValue.of(same.get() == wanted);
    }
    return new JitValue.Leaf(
        append(
            op.target(),
            List.of(tensors.arg(a), tensors.arg(b)),
            new ValueMeta.Scalar(DType.BOOL)));
  }

  /** The value once it is known not to be None. */
  JitValue unwrap(JitValue value, JitOp op) {
    if (!isOptional(value)) {
      return value;
    }
    String type = op.outputs().getFirst().type();
    return tensors.value(
        append(OpTarget.parse("aten::_unwrap_optional"), List.of(tensors.arg(value)), meta(type)));
  }

  private static ValueMeta meta(String type) {
    return switch (type) {
      case "int" -> new ValueMeta.Scalar(DType.INT64);
      case "float" -> new ValueMeta.Scalar(DType.FLOAT64);
      case "bool" -> new ValueMeta.Scalar(DType.BOOL);
      default -> new ValueMeta.Opaque(type);
    };
  }

  private Arg append(OpTarget target, List<Arg> args, ValueMeta type) {
    return context
        .builder()
        .append(target, args, List.of(type), List.of(), context.source)
        .getFirst();
  }

  /** Whether two values are the same object; empty if that cannot be known. */
  private Optional<Boolean> same(JitValue a, JitValue b) {
    boolean noneA = a.equals(JitValue.NONE);
    boolean noneB = b.equals(JitValue.NONE);
    if (noneA || noneB) {
      return isOptional(a) || isOptional(b) ? Optional.empty() : Optional.of(noneA && noneB);
    }
    if (a instanceof JitValue.Tensor && b instanceof JitValue.Tensor && !a.equals(b)) {
      throw context.refuse("whether two tensors are one object is asked, not supported");
    }
    return Optional.of(a.equals(b));
  }

  private boolean isOptional(JitValue value) {
    return value instanceof JitValue.Leaf(Arg.Value(String name))
        && BlockTypes.isOptional(context.builder().metaOf(name));
  }
}
