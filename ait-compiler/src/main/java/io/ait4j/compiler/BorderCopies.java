package io.ait4j.compiler;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts what a library moves between its caller's tensors and its own without the source graph
 * asking for it: kernels that only copy, to an output or from an input, and stand for nothing but
 * views.
 */
final class BorderCopies {
  private static final Set<String> VIEWS =
      Set.of("view", "permute", "expand", "squeeze", "unsqueeze", "slice", "select", "alias");

  private BorderCopies() {}

  static long bytes(Schedule schedule, FxGraph graph) {
    Map<String, FxNode> nodes = new HashMap<>();
    graph.nodes().forEach(n -> nodes.put(n.name(), n));
    long bytes = 0;
    Map<String, Long> sizes = schedule.largest();
    for (Kernel kernel : schedule.program().kernels()) {
      boolean views =
          kernel.origins().stream().allMatch(o -> VIEWS.contains(nodes.get(o).target().name()));
      if (schedule.run().contains(kernel.name()) && kernel instanceof LoopKernel loop && views) {
        for (Stage stage : loop.stages()) {
          bytes += moved(schedule.program(), stage, sizes);
        }
      }
    }
    return bytes;
  }

  private static long moved(Program program, Stage stage, Map<String, Long> sizes) {
    Buffer target = program.buffer(stage.target());
    if (!(stage.body() instanceof Expr.Load load)) {
      return 0;
    }
    boolean border =
        target.role() == Buffer.Role.OUTPUT
            || program.buffer(load.buffer()).role() == Buffer.Role.INPUT;
    Dim elements = Dim.product(stage.axes().stream().map(Dim.Symbol::extent).toList());
    try {
      return border
          ? Math.multiplyExact(elements.evaluate(sizes), (long) target.dtype().bytes())
          : 0;
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
