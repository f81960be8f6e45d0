package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * After halves are stored: an input that was widened for a convolution, and is a half again now, is
 * read where it is if it lies the same way.
 */
final class ReadInputsInPlace implements Pass {
  @Override
  public Program run(Program program) {
    Map<String, List<Kernel>> writers = program.writers();
    Map<String, String> sources = new HashMap<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof LoopKernel loop
          && loop.stages().size() == 1
          && loop.outer().isEmpty()
          && writers.get(loop.stages().getFirst().target()).size() == 1
          && isCopy(program, loop.stages().getFirst())) {
        Expr.Load load = (Expr.Load) plain(loop.stages().getFirst().body());
        sources.put(loop.stages().getFirst().target(), load.buffer());
      }
    }
    return sources.isEmpty() ? program : program.withKernels(renamed(program, sources));
  }

  private static boolean isCopy(Program program, Stage stage) {
    Buffer target = program.buffer(stage.target());
    if (target.role() != Buffer.Role.TEMP
        || !(plain(stage.body()) instanceof Expr.Load load)
        || !load.bindings().isEmpty()) {
      return false;
    }
    Buffer source = program.buffer(load.buffer());
    return source.role() == Buffer.Role.INPUT
        && source.dtype() == target.dtype()
        && source.shape().equals(target.shape())
        && source.strides().equals(target.strides())
        && load.index().equals(stage.index());
  }

  /** Without a widening that is undone at once. */
  private static Expr plain(Expr body) {
    return body instanceof Expr.Cast narrow
            && narrow.operand() instanceof Expr.Cast wide
            && wide.operand().dtype() == narrow.dtype()
            && isWider(wide.dtype(), narrow.dtype())
        ? wide.operand()
        : body;
  }

  /** Whether no number is lost on the way. */
  private static boolean isWider(DType wide, DType narrow) {
    return wide.isFloating() && narrow.isFloating() && wide.bytes() > narrow.bytes();
  }

  private static List<Kernel> renamed(Program program, Map<String, String> sources) {
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      kernels.add(
          switch (kernel) {
            case TemplateKernel template ->
                template
                    .withOperands(
                        template.operands().stream().map(o -> renamed(o, sources)).toList())
                    .withEpilogue(
                        template.epilogue().withBody(renamed(template.epilogue().body(), sources)),
                        template.origins());
            default -> kernel;
          });
    }
    return kernels;
  }

  private static Operand renamed(Operand operand, Map<String, String> sources) {
    return operand.withValue(renamed(operand.value(), sources));
  }

  private static Expr renamed(Expr value, Map<String, String> sources) {
    return value.rewrite(
        e ->
            e instanceof Expr.Load load && sources.containsKey(load.buffer())
                ? new Expr.Load(
                    sources.get(load.buffer()), load.dtype(), load.index(), load.bindings())
                : e);
  }
}
