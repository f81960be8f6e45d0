package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.TemplateKernel;
import java.util.Optional;

/** Pulls one producer into one reader, wherever that is legal. */
final class Pulling {
  private Pulling() {}

  /**
   * Whether {@code kernel} is a single store that a reader may repeat: one stage, no reduction, to
   * a buffer nobody outside sees.
   */
  static boolean isPullable(Program program, Kernel kernel) {
    return kernel instanceof LoopKernel loop
        && loop.stages().size() == 1
        && !loop.stage().body().hasReduce()
        && (program.buffer(loop.stage().target()).role() == Buffer.Role.TEMP
            || program.buffer(loop.stage().target()).role() == Buffer.Role.FOLDED);
  }

  /**
   * The reader with the producer's body in place of every load of its target; empty if any of them
   * cannot take it.
   */
  static Optional<Kernel> into(Program program, LoopKernel producer, Kernel reader) {
    Stage stage = producer.stage();
    boolean[] refused = {false};
    Kernel result =
        Sites.map(
            reader,
            (site, expr) -> {
              if (expr.loads().stream().noneMatch(l -> l.buffer().equals(stage.target()))) {
                return expr;
              }
              Optional<Expr> pulled =
                  Fusion.pull(expr, stage, program.buffer(stage.target()).shape());
              if (pulled.isEmpty()
                  || pulled.get().loads().stream()
                      .anyMatch(l -> l.buffer().equals(stage.target()))) {
                refused[0] = true;
                return expr;
              }
              if (site.operand() >= 0
                  && !TemplateOperands.accepts(program, reader, site.operand(), pulled.get())) {
                refused[0] = true;
                return expr;
              }
              return pulled.get();
            });
    boolean selfish = result instanceof TemplateKernel template && template.readsTarget();
    return refused[0] || selfish
        ? Optional.empty()
        : Optional.of(Sites.withOrigins(result, producer.origins()));
  }
}
