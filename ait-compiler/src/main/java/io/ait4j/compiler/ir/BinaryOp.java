package io.ait4j.compiler.ir;

/** Operators on two scalars of the same dtype; comparisons yield bool. */
public enum BinaryOp {
  ADD,
  SUB,
  MUL,
  DIV,
  POW,
  /** NaN if either is NaN, as {@code torch.maximum}. */
  MAX,
  /** NaN if either is NaN, as {@code torch.minimum}. */
  MIN,
  /** Sign of the dividend, as C. */
  FMOD,
  /** Sign of the divisor, as Python. */
  REMAINDER,
  FLOOR_DIV,
  TRUNC_DIV,
  ATAN2,
  HYPOT,
  COPY_SIGN,
  NEXT_AFTER,
  /** The greatest common divisor of integers. */
  GCD,
  /** The least common multiple of integers. */
  LCM,
  AND,
  OR,
  XOR,
  /** 0 beyond the type's width, as PyTorch. */
  SHIFT_LEFT,
  /** The sign beyond the type's width, as PyTorch. */
  SHIFT_RIGHT,
  EQ,
  NE,
  LT,
  LE,
  GT,
  GE;

  /** Whether the result is a truth value. */
  public boolean isComparison() {
    return compareTo(EQ) >= 0;
  }
}
