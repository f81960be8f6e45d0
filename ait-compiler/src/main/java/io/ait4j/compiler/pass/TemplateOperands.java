package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;

/** What a hand-written kernel can read in place. */
final class TemplateOperands {
  private TemplateOperands() {}

  /**
   * Whether operand {@code position} may be {@code value}: a template's constants and masks may be
   * any expression; the others must be one load whose address is affine in the operand's axes, so
   * that the kernel reads it through strides. Other kernels have no operands.
   */
  static boolean accepts(Program program, Kernel reader, int position, Expr value) {
    return switch (reader) {
      case TemplateKernel template -> accepts(program, template, position, value);
      case FunctionKernel function ->
          isStrided(program, function.operands().get(position).withValue(value));
      case Kernel other -> true;
    };
  }

  private static boolean accepts(Program program, TemplateKernel kernel, int position, Expr value) {
    if (position == 1
        && !(kernel.template() instanceof Template.Attention)
        && Sizes.isStatic(kernel.operands().get(1).withValue(value))
        && value.loads().stream().allMatch(l -> program.buffer(l.buffer()).isConstant())) {
      return true;
    }
    if (position == 3 && kernel.template() instanceof Template.Attention) {
      return Cost.of(value) < 16;
    }
    Expr read =
        kernel.template() instanceof Template.Gemm
                && value instanceof Expr.Cast widened
                && Halves.isHalf(widened.operand().dtype())
            ? widened.operand()
            : value;
    return isStrided(program, kernel.operands().get(position).withValue(read));
  }

  private static boolean isStrided(Program program, Operand operand) {
    return Strides.of(program, operand).isPresent();
  }
}
