package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;

/**
 * What tensor cores multiply: half numbers, and floats that may be rounded to TF32. Kernels of
 * ordinary arithmetic leave that rounding out.
 */
final class TensorCoreOperand {
  private TensorCoreOperand() {}

  /** Whether its numbers may be rounded to TF32. */
  static boolean isRounded(Operand operand) {
    return operand.value() instanceof Expr.Unary u && u.op() == UnaryOp.ROUND_TF32;
  }

  /** The operand as it lies in memory. */
  static Operand unrounded(Operand operand) {
    return isRounded(operand)
        ? operand.withValue(((Expr.Unary) operand.value()).operand())
        : operand;
  }

  /**
   * Whether tensor cores take such numbers.
   *
   * @param dtype in memory
   */
  static boolean fits(DType dtype, boolean isRounded) {
    return Halves.isHalf(dtype) || isRounded && dtype == DType.FLOAT32;
  }
}
