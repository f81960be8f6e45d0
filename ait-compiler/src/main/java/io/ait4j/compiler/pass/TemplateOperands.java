package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.Optional;

/** What a template can read in place. */
final class TemplateOperands {
  private TemplateOperands() {}

  /**
   * Whether operand {@code position} may be {@code value}: constants and masks may be any
   * expression; the others must be one load whose address is affine in the operand's axes, so that
   * the kernel reads it through strides.
   */
  static boolean accepts(Program program, TemplateKernel kernel, int position, Expr value) {
    if (position == 1
        && !(kernel.template() instanceof Template.Attention)
        && Sizes.isStatic(kernel.operands().get(1).withValue(value))
        && value.loads().stream().allMatch(l -> program.buffer(l.buffer()).isConstant())) {
      return true;
    }
    if (position == 3 && kernel.template() instanceof Template.Attention) {
      return Cost.of(value) < 16;
    }
    if (!(value instanceof Expr.Load load) || !load.bindings().isEmpty()) {
      return false;
    }
    Operand operand = kernel.operands().get(position);
    Dim address = Indices.address(load.index(), program.buffer(load.buffer()).strides());
    for (Dim.Symbol axis : operand.axes()) {
      Optional<Dim> stride = address.coefficient(axis);
      if (stride.isEmpty() || !Sizes.isFixed(stride.get())) {
        return false;
      }
    }
    return true;
  }
}
