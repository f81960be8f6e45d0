package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Locale;

/**
 * Prints a reduction along memory, by {@code reduce.h}: what stands in memory as it is goes there
 * by its address, anything else as a function of the place on the axis.
 */
final class AlongReduction {
  private final CodeWriter out;
  private final ExprPrinter exprs;
  private final Expr.Reduce reduce;
  private final Dim.Symbol axis;
  private final String name;

  /** Declares the partial results, which live across all loops that follow. */
  AlongReduction(CodeWriter out, ExprPrinter exprs, Expr.Reduce reduce, Dim.Symbol axis) {
    this.out = out;
    this.exprs = exprs;
    this.reduce = reduce;
    this.axis = axis;
    name = exprs.fresh("part");
    String op = reduce.op().name();
    out.line(
        "ait::Reduction<ait::"
            + op.charAt(0)
            + op.substring(1).toLowerCase(Locale.ROOT)
            + ", "
            + Cpp.value(reduce.dtype())
            + "> "
            + name
            + ";");
  }

  /** Adds all places of the axis. */
  void add() {
    String extent = exprs.index(axis.extent());
    List<Expr.Load> loads = reduce.body().loads();
    if (isRow()) {
      Expr.Load load = loads.getFirst();
      Dim start = load.index().getFirst().substitute(s -> s.equals(axis) ? Dim.ZERO : null);
      out.line(
          name
              + ".add_row("
              + extent
              + ", "
              + exprs.pointer(load.buffer())
              + " + "
              + exprs.index(start)
              + ");");
      return;
    }
    out.open(
        name
            + (exprs.checks(reduce.body()) ? ".add_each(" : ".add(")
            + extent
            + ", [&](int64_t "
            + exprs.name(axis)
            + ") __attribute__((always_inline))");
    exprs.push();
    out.line("return " + exprs.print(reduce.body()) + ";");
    exprs.pop();
    out.close(");");
  }

  private boolean isRow() {
    return reduce.body() instanceof Expr.Load load
        && load.dtype() == DType.FLOAT32
        && load.bindings().isEmpty()
        && FlatStage.step(load.index().getFirst(), axis) == 1;
  }

  /** The result, after all loops. */
  String result() {
    String total = exprs.fresh("total");
    out.line("const " + Cpp.value(reduce.dtype()) + " " + total + " = " + name + ".total();");
    return total;
  }
}
