package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.UnaryOp;
import java.util.List;

/** Programs of one kernel whose operands may be rounded to TF32. */
final class Rounded {
  private Rounded() {}

  static Program of(Program program) {
    TemplateKernel kernel = (TemplateKernel) program.kernels().getFirst();
    List<Operand> operands =
        kernel.operands().stream()
            .map(o -> o.withValue(Expr.unary(UnaryOp.ROUND_TF32, o.value())))
            .toList();
    return new Program(
        program.buffers(),
        List.of(kernel.withOperands(operands)),
        program.inputs(),
        program.outputs(),
        program.symbols());
  }
}
