package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * For GPUs, where a model may be computed in TF32: lets tensor cores round the floats that products
 * and convolutions read. The last pass, as others look for operands that are read as they lie.
 */
final class RoundOperands implements Pass {
  @Override
  public Program run(Program program) {
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      kernels.add(
          kernel instanceof TemplateKernel template
                  && !(template.template() instanceof Template.Attention)
                  && !program.isConstant(kernel) // computed by the CPU at build time
                  && template.operands().stream().allMatch(RoundOperands::isRead)
              ? template.withOperands(
                  template.operands().stream().map(RoundOperands::rounded).toList())
              : kernel);
    }
    return new Program(
        program.buffers(), kernels, program.inputs(), program.outputs(), program.symbols());
  }

  private static boolean isRead(Operand operand) {
    return operand.value() instanceof Expr.Load load && load.dtype() == DType.FLOAT32;
  }

  private static Operand rounded(Operand operand) {
    return operand.withValue(Expr.unary(UnaryOp.ROUND_TF32, operand.value()));
  }
}
