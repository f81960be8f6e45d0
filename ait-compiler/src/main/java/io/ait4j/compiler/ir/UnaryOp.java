package io.ait4j.compiler.ir;

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
  IS_NAN,
  IS_INF;

  /** Whether the result is a truth value whatever the operand. */
  public boolean isPredicate() {
    return this == LOGICAL_NOT || this == IS_NAN || this == IS_INF;
  }
}
