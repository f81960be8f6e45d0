package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Vertical fusion of pointwise chains: a reader computes its operand itself where that costs less
 * than memory.
 */
final class FuseProducers implements Pass {
  @Override
  public Program run(Program program) {
    Program current = program;
    for (Kernel kernel : program.kernels()) {
      current = fuse(current, kernel.name());
    }
    return current;
  }

  private static Program fuse(Program program, String name) {
    Kernel kernel =
        program.kernels().stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
    if (!Pulling.isPullable(program, kernel)) {
      return program;
    }
    LoopKernel producer = (LoopKernel) kernel;
    Stage stage = producer.stage();
    List<Kernel> readers =
        program.kernels().stream().filter(k -> k.reads().contains(stage.target())).toList();
    if (readers.isEmpty() || program.writers().get(stage.target()).size() > 1) {
      return program;
    }
    boolean constant = program.isConstant(producer);
    Dim evaluations = Dim.ZERO;
    Map<String, Kernel> fused = new HashMap<>();
    for (Kernel reader : readers) {
      boolean folds = reader.writes().stream().allMatch(b -> program.buffer(b).isConstant());
      Optional<Kernel> result =
          constant && !folds ? Optional.empty() : Pulling.into(program, producer, reader);
      if (result.isEmpty()) {
        return program;
      }
      fused.put(reader.name(), result.get());
      evaluations = evaluations.plus(evaluations(reader, stage.target()));
    }
    if (!Cost.worthPulling(
        stage.body(),
        program.buffer(stage.target()).shape().isEmpty()
            ? Dim.ONE
            : Dim.product(program.buffer(stage.target()).shape()),
        evaluations)) {
      return program;
    }
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel k : program.kernels()) {
      if (k != kernel) {
        kernels.add(fused.getOrDefault(k.name(), k));
      }
    }
    return program.withKernels(kernels);
  }

  /** How often {@code kernel} loads from {@code buffer}. */
  private static Dim evaluations(Kernel kernel, String buffer) {
    Dim[] sum = {Dim.ZERO};
    Sites.map(
        kernel,
        (site, expr) -> {
          count(expr, site.evaluations(), buffer, sum);
          return expr;
        });
    return sum[0];
  }

  private static void count(Expr expr, Dim times, String buffer, Dim[] sum) {
    expr.forEach(
        e -> {
          if (e instanceof Expr.Load load && load.buffer().equals(buffer)) {
            sum[0] = sum[0].plus(times);
          } else if (e instanceof Expr.Reduce reduce) {
            Dim inner =
                times
                    .times(Dim.product(reduce.axes().stream().map(Dim.Symbol::extent).toList()))
                    .minus(times);
            count(reduce.body(), inner, buffer, sum);
          }
        });
  }
}
