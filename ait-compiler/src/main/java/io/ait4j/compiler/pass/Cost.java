package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;

/**
 * The one cost of fusion, in units of one vectorised arithmetic operation on one element. Memory
 * counts for what it takes to store an intermediate and read it back.
 */
final class Cost {
  private Cost() {}

  /** Storing an element and loading it again, from a cache that is not the nearest. */
  private static final double ROUND_TRIP = 6;

  /** Work of evaluating {@code expr} once. */
  static double of(Expr expr) {
    double[] sum = {0};
    expr.forEach(e -> sum[0] += ofNode(e));
    return sum[0];
  }

  private static double ofNode(Expr expr) {
    return switch (expr) {
      case Expr.Load load -> load.bindings().isEmpty() ? 1 : 4;
      case Expr.Reduce r -> Double.POSITIVE_INFINITY;
      case Expr.Index i -> 0.5;
      case Expr other -> arithmetic(other);
    };
  }

  /** Work of one node alone, leaving out what it takes to load and to find an address. */
  static double arithmetic(Expr expr) {
    return switch (expr) {
      case Expr.Unary u -> weight(u.op());
      case Expr.Binary b ->
          switch (b.op()) {
            case POW -> 40;
            case DIV -> 4;
            case FLOOR_DIV, REMAINDER, FMOD -> 8;
            default -> 1;
          };
      case Expr.Select s -> 1;
      case Expr.Cast c -> 0.5;
      case Expr other -> 0;
    };
  }

  private static double weight(UnaryOp op) {
    return switch (op) {
      case ERFINV, ERFCX, NDTRI, LOG_NDTR, LGAMMA, DIGAMMA, I0, I0E, I1, I1E -> 200;
      case NEG,
          SIGN_BIT,
          ABS,
          RELU,
          LOGICAL_NOT,
          BITWISE_NOT,
          IS_NAN,
          IS_INF,
          FLOOR,
          CEIL,
          ROUND,
          TRUNC ->
          1;
      case SIGN -> 2;
      case ROUND_BFLOAT16, ROUND_TF32 -> 6;
      case ROUND_FLOAT16 -> 14;
      case SQRT, RECIPROCAL -> 5;
      case RSQRT -> 8;
      case EXP, EXPM1, LOG, LOG1P, LOG2, LOG10, SIN, COS, SIGMOID, SILU -> 14;
      case TAN,
          ASIN,
          ACOS,
          ATAN,
          SINH,
          COSH,
          ASINH,
          ACOSH,
          ATANH,
          TANH,
          ERF,
          ERFC,
          GELU_ERF,
          GELU_TANH ->
          22;
    };
  }

  /**
   * Whether evaluating the body {@code evaluations} times beats storing it {@code elements} times
   * and loading it each time.
   */
  static boolean worthPulling(Expr body, Dim elements, Dim evaluations) {
    double stored = LikelySizes.of(elements);
    double evaluated = LikelySizes.of(evaluations);
    double recomputed = Math.max(0, evaluated - stored) * of(body);
    return recomputed <= ROUND_TRIP * stored;
  }
}
