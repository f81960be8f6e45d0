package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An operand with the loops that only move its elements, or scale all of them alike, read through:
 * what they read takes the place of what they write.
 *
 * @param operand one load
 * @param scale what its elements are to be multiplied by
 * @param origins nodes of the loops
 */
record ReadThrough(Operand operand, double scale, List<String> origins) {

  /** As far back as there are such loops; the operand itself if it is no single load. */
  static ReadThrough of(Program program, Operand operand) {
    Expr value = operand.value();
    double scale = 1;
    Set<String> origins = new LinkedHashSet<>();
    while (true) {
      if (value instanceof Expr.Binary(BinaryOp op, var dtype, Expr left, Expr right)
          && right instanceof Expr.Literal number
          && (op == BinaryOp.MUL || op == BinaryOp.DIV)) {
        scale = op == BinaryOp.MUL ? scale * number.floating() : scale / number.floating();
        value = left;
        continue;
      }
      if (!(value instanceof Expr.Load load) || !load.bindings().isEmpty()) {
        break;
      }
      List<Kernel> writers = program.writers().getOrDefault(load.buffer(), List.of());
      if (writers.size() != 1
          || !(writers.getFirst() instanceof LoopKernel producer)
          || !Pulling.isPullable(program, producer)
          || !movesOrScales(producer.stage().body())) {
        break;
      }
      Optional<Expr> pulled =
          Fusion.pull(value, producer.stage(), program.buffer(load.buffer()).shape());
      if (pulled.isEmpty()) {
        break;
      }
      value = pulled.get();
      origins.addAll(producer.origins());
    }
    return value instanceof Expr.Load
        ? new ReadThrough(operand.withValue(value), scale, List.copyOf(origins))
        : new ReadThrough(operand, 1, List.of());
  }

  private static boolean movesOrScales(Expr body) {
    return body instanceof Expr.Load load && load.bindings().isEmpty()
        || body instanceof Expr.Binary(BinaryOp op, var dtype, Expr.Load left, Expr right)
            && left.bindings().isEmpty()
            && right instanceof Expr.Literal
            && (op == BinaryOp.MUL || op == BinaryOp.DIV);
  }
}
