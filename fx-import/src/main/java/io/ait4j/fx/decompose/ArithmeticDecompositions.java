package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;

/** Arithmetic that is a few steps of plainer arithmetic. */
final class ArithmeticDecompositions {
  private ArithmeticDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add(
        "rsub.Scalar", r -> r.call("add.Tensor", r.call("neg", scaled(r, r.arg(0), 2)), r.arg(1)));
    table.add("rsub.Tensor", r -> r.call("sub.Tensor", r.arg(1), r.arg(0), r.arg(2)));
    table.add("square", r -> r.call("mul.Tensor", r.arg(0), r.arg(0)));
    table.add(
        "special_round round.decimals",
        r -> r.integer(1) == 0 ? r.call("round", r.arg(0)) : r.keepOne());
    table.add("positive", r -> r.arg(0));
    table.add("frac", r -> r.call("sub.Tensor", r.arg(0), r.call("trunc", r.arg(0))));
    table.add("exp2 special_exp2", r -> r.call("pow.Scalar", of(2), r.arg(0)));
    table.add("sgn", r -> r.meta(0).dtype().isComplex() ? r.keepOne() : r.call("sign", r.arg(0)));
    table.add(
        "addcmul",
        r ->
            r.call("add.Tensor", r.arg(0), r.call("mul.Tensor", scaled(r, r.arg(1), 3), r.arg(2))));
    table.add(
        "addcdiv",
        r ->
            r.call("add.Tensor", r.arg(0), r.call("div.Tensor", scaled(r, r.arg(1), 3), r.arg(2))));
    table.add("lerp.Scalar", ArithmeticDecompositions::lerpByNumber);
    table.add("lerp.Tensor", ArithmeticDecompositions::lerpByTensor);
    table.add("clamp_min", r -> r.call("clamp", r.arg(0), r.arg(1), Arg.NONE));
    table.add("clamp_max", r -> r.call("clamp", r.arg(0), Arg.NONE, r.arg(1)));
    table.add("clamp_min.Tensor", r -> r.call("maximum", r.arg(0), r.arg(1)));
    table.add("clamp_max.Tensor", r -> r.call("minimum", r.arg(0), r.arg(1)));
    table.add("logaddexp", r -> logAddExp(r, "exp", 1));
    table.add("logaddexp2", r -> logAddExp(r, "exp2", 1 / Math.log(2)));
    table.add("addr", ArithmeticDecompositions::plusOuter);
    table.add("nan_to_num", ArithmeticDecompositions::withoutNan);
  }

  /** {@code x} times the number in argument {@code i}; itself if that is 1. */
  private static Arg scaled(Rewrite r, Arg x, int i) {
    return r.isNumber(i) && r.number(i) == 1 ? x : r.call("mul.Tensor", x, r.arg(i));
  }

  // The two forms are PyTorch's own: each is exact at its end of the interval.
  private static Arg lerpByNumber(Rewrite r) {
    Arg difference = r.call("sub.Tensor", r.arg(1), r.arg(0));
    double weight = r.number(2);
    return Math.abs(weight) < 0.5
        ? r.call("add.Tensor", r.arg(0), r.call("mul.Tensor", difference, of(weight)))
        : r.call("sub.Tensor", r.arg(1), r.call("mul.Tensor", difference, of(1 - weight)));
  }

  private static Arg lerpByTensor(Rewrite r) {
    Arg difference = r.call("sub.Tensor", r.arg(1), r.arg(0));
    Arg near = r.call("add.Tensor", r.arg(0), r.call("mul.Tensor", difference, r.arg(2)));
    Arg rest = r.call("add.Tensor", r.call("neg", r.arg(2)), of(1));
    Arg far = r.call("sub.Tensor", r.arg(1), r.call("mul.Tensor", difference, rest));
    Arg isNear = r.call("lt.Scalar", r.call("abs", r.arg(2)), of(0.5));
    return r.call("where.self", isNear, near, far);
  }

  private static Arg plusOuter(Rewrite r) {
    Arg product = scaled(r, r.call("outer", r.arg(1), r.arg(2)), 4);
    return r.isNumber(3) && r.number(3) == 0
        ? product
        : r.call("add.Tensor", scaled(r, r.arg(0), 3), product);
  }

  private static Arg logAddExp(Rewrite r, String exp, double scale) {
    Arg difference = r.call("sub.Tensor", r.arg(0), r.arg(1));
    Arg tail = r.call("log1p", r.call(exp, r.call("neg", r.call("abs", difference))));
    tail = scale == 1 ? tail : r.call("mul.Tensor", tail, of(scale));
    Arg sum = r.call("add.Tensor", r.call("maximum", r.arg(0), r.arg(1)), tail);
    // Two equal infinities have no difference.
    Arg same =
        r.call("logical_and", r.call("isinf", r.arg(0)), r.call("eq.Tensor", r.arg(0), r.arg(1)));
    return r.call("where.self", same, r.arg(0), sum);
  }

  private static Arg withoutNan(Rewrite r) {
    Arg x = r.arg(0);
    DType dtype = r.meta(0).dtype();
    if (!dtype.isFloating()) {
      return x;
    }
    Arg high = r.has(2) ? of(r.number(2)) : of(largest(dtype));
    Arg low = r.has(3) ? of(r.number(3)) : of(-largest(dtype));
    Arg nan = r.has(1) ? of(r.number(1)) : of(0.0);
    Arg infinite = of(Double.POSITIVE_INFINITY);
    Arg bounded = r.call("where.self", r.call("eq.Scalar", x, infinite), high, x);
    Arg finite =
        r.call("where.self", r.call("eq.Scalar", x, of(Double.NEGATIVE_INFINITY)), low, bounded);
    return r.call("where.self", r.call("isnan", x), nan, finite);
  }

  private static double largest(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.fep127;
      case FLOAT32 -> Float.MAX_VALUE;
      default -> Double.MAX_VALUE;
    };
  }
}
