package io.ait4j.compiler.ir;

import io.ait4j.fx.DType;

/**
 * Operators on one scalar. Those with a truth value as result have dtype bool; the others keep
 * their operand's.
 */
public enum UnaryOp {
  NEG,
  ABS,
  SIGN,
  EXP,
  EXPM1,
  LOG,
  LOG1P,
  LOG2,
  LOG10,
  SQRT,
  RSQRT,
  RECIPROCAL,
  SIN,
  COS,
  TAN,
  ASIN,
  ACOS,
  ATAN,
  SINH,
  COSH,
  ASINH,
  ACOSH,
  ATANH,
  TANH,
  SIGMOID,
  ERF,
  ERFC,
  FLOOR,
  CEIL,
  ROUND,
  TRUNC,
  RELU,
  GELU_ERF,
  GELU_TANH,
  SILU,
  LOGICAL_NOT,
  BITWISE_NOT,
  ERFINV,
  ERFCX,
  NDTRI,
  LOG_NDTR,
  LGAMMA,
  DIGAMMA,
  I0,
  I0E,
  I1,
  I1E,
  SIGN_BIT,
  IS_NAN,
  IS_INF,
  /** A float32 to the nearest float16, still as float32. */
  ROUND_FLOAT16,
  /** A float32 to the nearest bfloat16, still as float32. */
  ROUND_BFLOAT16,
  /**
   * A float32 to the nearest of TF32's numbers, with 10 binary digits after the point, still as
   * float32: what the tensor cores may do to the operands of a template, and nothing else.
   */
  ROUND_TF32;

  /** Whether the result is a truth value whatever the operand. */
  public boolean isPredicate() {
    return switch (this) {
      case LOGICAL_NOT, SIGN_BIT, IS_NAN, IS_INF -> true;
      default -> false;
    };
  }

  /** To which type this rounds; null for what is no rounding to a half type. */
  public DType rounds() {
    return switch (this) {
      case ROUND_FLOAT16 -> DType.FLOAT16;
      case ROUND_BFLOAT16 -> DType.BFLOAT16;
      default -> null;
    };
  }
}
