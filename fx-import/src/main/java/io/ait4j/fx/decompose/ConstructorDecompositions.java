package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;

/**
 * Tensors made from numbers, as {@code full} and {@code arange.start_step} with their dtype said.
 */
final class ConstructorDecompositions {
  private ConstructorDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add(
        "zeros empty.memory_format",
        r -> full(r, r.dims(0), of(0), r.dtype(1).orElse(DType.FLOAT32)));
    table.add(
        "empty_strided empty_permuted",
        r -> full(r, r.dims(0), of(0), r.dtype(2).orElse(DType.FLOAT32)));
    table.add("new_empty_strided", r -> sized(r, of(0), 3));
    table.add("ones", r -> full(r, r.dims(0), of(1), r.dtype(1).orElse(DType.FLOAT32)));
    table.add("full", r -> full(r, r.dims(0), r.arg(1), r.dtype(2).orElseGet(() -> kind(r, 1))));
    table.add("scalar_tensor", r -> full(r, List.of(), r.arg(0), r.dtype(1).orElse(DType.FLOAT32)));
    table.add("zeros_like empty_like", r -> like(r, of(0), 1));
    table.add("ones_like", r -> like(r, of(1), 1));
    table.add("full_like", r -> like(r, r.arg(1), 2));
    table.add("fill.Scalar", r -> like(r, r.arg(1), -1));
    table.add("fill.Tensor", ConstructorDecompositions::filled);
    table.add("new_zeros new_empty", r -> sized(r, of(0), 2));
    table.add("new_ones", r -> sized(r, of(1), 2));
    table.add("new_full", r -> sized(r, r.arg(2), 3));
    table.add("arange", r -> arange(r, of(0), r.arg(0), of(1), 1));
    table.add("arange.start", r -> arange(r, r.arg(0), r.arg(1), of(1), 2));
    table.add("arange.start_step", r -> arange(r, r.arg(0), r.arg(1), r.arg(2), 3));
    table.add("linspace", ConstructorDecompositions::linspace);
    table.add("eye", r -> eye(r, r.dim(0), r.dim(0), 1));
    table.add("eye.m", r -> eye(r, r.dim(0), r.dim(1), 2));
  }

  /** 0, 1, ... as int64. */
  static Arg arange(Rewrite r, Dim end) {
    return r.node("arange.start_step", of(0), Arg.of(end), of(1), new Arg.Type(DType.INT64));
  }

  static Arg full(Rewrite r, List<Dim> shape, Arg value, DType dtype) {
    if (value instanceof Arg.Value) {
      return r.expand(r.cast(r.reshape(value, List.of()), dtype), shape);
    }
    return r.node("full", Arg.ofDims(shape), value, new Arg.Type(dtype));
  }

  /** The dtype that a number has by itself. */
  private static DType kind(Rewrite r, int i) {
    return switch (r.arg(i)) {
      case Arg.Bool b -> DType.BOOL;
      case Arg.Int n -> DType.INT64;
      case Arg.SymInt n -> DType.INT64;
      case Arg.Value v -> r.meta(i).dtype();
      default -> DType.FLOAT32;
    };
  }

  private static Arg like(Rewrite r, Arg value, int dtypeArg) {
    DType own = r.meta(0).dtype();
    return full(r, r.meta(0).shape(), value, dtypeArg < 0 ? own : r.dtype(dtypeArg).orElse(own));
  }

  private static Arg filled(Rewrite r) {
    return full(r, r.meta(0).shape(), r.arg(1), r.meta(0).dtype());
  }

  private static Arg sized(Rewrite r, Arg value, int dtypeArg) {
    return full(r, r.dims(1), value, r.dtype(dtypeArg).orElse(r.meta(0).dtype()));
  }

  private static Arg arange(Rewrite r, Arg start, Arg end, Arg step, int dtypeArg) {
    boolean floating = List.of(start, end, step).stream().anyMatch(a -> a instanceof Arg.Float);
    DType dtype = r.dtype(dtypeArg).orElse(floating ? DType.FLOAT32 : DType.INT64);
    return r.node("arange.start_step", start, end, step, new Arg.Type(dtype));
  }

  /** From each end to the middle, as PyTorch counts, so that both ends are exact. */
  private static Arg linspace(Rewrite r) {
    DType dtype = r.dtype(3).orElse(DType.FLOAT32);
    long steps = r.integer(2);
    if (!dtype.isFloating() || !r.isNumber(0) || !r.isNumber(1) || steps < 2) {
      return r.keepOne();
    }
    double start = r.number(0);
    double end = r.number(1);
    Arg step = of((end - start) / (steps - 1));
    Arg type = new Arg.Type(dtype);
    Arg up = r.node("arange.start_step", of(0), of(steps), of(1), type);
    Arg down = r.node("arange.start_step", of(steps - 1), of(-1), of(-1), type);
    Arg left = r.call("add.Tensor", r.call("mul.Tensor", up, step), of(start));
    Arg right = r.call("add.Tensor", r.call("neg", r.call("mul.Tensor", down, step)), of(end));
    return r.call("where.self", r.call("lt.Scalar", up, of(steps / 2)), left, right);
  }

  private static Arg eye(Rewrite r, Dim rows, Dim columns, int dtypeArg) {
    Arg hit = r.call("eq.Tensor", r.unsqueeze(arange(r, rows), 1), arange(r, columns));
    return r.cast(hit, r.dtype(dtypeArg).orElse(DType.FLOAT32));
  }
}
