package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * Views cost nothing: a kernel that only moves elements disappears into its readers' index maps.
 */
final class FoldViews implements Pass {
  @Override
  public Program run(Program program) {
    Program current = program;
    for (Kernel kernel : program.kernels()) {
      if (Pulling.isPullable(current, kernel)
          && ((LoopKernel) kernel).stage().body() instanceof Expr.Load load
          && load.bindings().isEmpty()) {
        current = fold(current, kernel.name());
      }
    }
    return current;
  }

  private static Program fold(Program program, String name) {
    LoopKernel view =
        (LoopKernel)
            program.kernels().stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      boolean reads = kernel.reads().contains(view.stage().target());
      kernels.add(reads ? Pulling.into(program, view, kernel).orElse(kernel) : kernel);
    }
    return program.withKernels(kernels);
  }
}
