package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Prints the loops inside one stage. The innermost loop always runs along memory and is vectorised:
 * along the result where there is no reduction or where the reduced elements lie side by side for
 * neighbouring results (one accumulator each), else along the reduction itself.
 */
final class StagePrinter {
  /** Accumulators held at once when the vector runs along the result. */
  static final int BLOCK = 64;

  private final CodeWriter out;
  private final ExprPrinter exprs;

  StagePrinter(CodeWriter out, ExprPrinter exprs) {
    this.out = out;
    this.exprs = exprs;
  }

  /**
   * How a stage is vectorised: along the reduction, or along this axis of the result (null for a
   * single element).
   */
  record Plan(boolean alongReduction, Dim.Symbol vector) {}

  static Plan plan(FlatStage stage) {
    Dim.Symbol vector = stage.axes().isEmpty() ? null : stage.axes().getLast();
    List<Expr.Reduce> reductions = stage.reductions();
    if (reductions.isEmpty()) {
      return new Plan(false, vector);
    }
    int along = 0;
    int across = 0;
    for (Expr.Reduce reduce : reductions) {
      Dim.Symbol inner = innermost(reduce);
      for (Expr.Load load : reduce.body().loads()) {
        Dim address = load.index().getFirst();
        if (reduce.axes().stream().allMatch(axis -> FlatStage.step(address, axis) == 0)) {
          continue; // loaded once for all that is reduced
        }
        along += FlatStage.step(address, inner) == 1 ? 1 : 0;
        across += vector != null && FlatStage.step(address, vector) == 1 ? 1 : 0;
      }
    }
    return new Plan(vector == null || along > across, vector);
  }

  /** The reduced axis that runs along memory, or else the last one. */
  private static Dim.Symbol innermost(Expr.Reduce reduce) {
    Dim.Symbol best = reduce.axes().getLast();
    long bestStep = Long.MAX_VALUE;
    for (Dim.Symbol axis : reduce.axes()) {
      for (Expr.Load load : reduce.body().loads()) {
        long step = FlatStage.step(load.index().getFirst(), axis);
        if (step > 0 && step < bestStep && !axis.extent().is(1)) {
          bestStep = step;
          best = axis;
        }
      }
    }
    return best;
  }

  /** All loops of the stage. */
  void print(FlatStage stage) {
    Plan plan = plan(stage);
    List<Dim.Symbol> outer = new ArrayList<>(stage.axes());
    if (plan.vector() != null && !plan.alongReduction()) {
      outer.remove(plan.vector());
    }
    for (Dim.Symbol axis : outer) {
      loop(axis);
    }
    exprs.push();
    if (plan.alongReduction()) {
      point(stage);
    } else if (stage.reductions().isEmpty()) {
      vector(
          stage,
          plan.vector(),
          "0",
          plan.vector() == null ? "" : exprs.index(plan.vector().extent()));
    } else {
      Dim.Symbol v = plan.vector();
      String block = exprs.fresh("block");
      String extent = exprs.index(v.extent());
      out.open(
          "for (int64_t "
              + block
              + " = 0; "
              + block
              + " < "
              + extent
              + "; "
              + block
              + " += "
              + BLOCK
              + ")");
      block(stage, v, block);
      out.close();
    }
    exprs.pop();
    outer.forEach(a -> out.close());
  }

  void loop(Dim.Symbol axis) {
    String name = exprs.name(axis);
    out.open(
        "for (int64_t "
            + name
            + " = 0; "
            + name
            + " < "
            + exprs.index(axis.extent())
            + "; ++"
            + name
            + ")");
  }

  /**
   * The innermost loop of a stage without reductions, from {@code begin} to {@code end}; a single
   * store if there is no axis.
   */
  void vector(FlatStage stage, Dim.Symbol axis, String begin, String end) {
    exprs.push();
    if (axis != null) {
      exprs.hoist(stage.body(), e -> FlatStage.isInvariant(e, Set.of(axis)));
      String name = exprs.name(axis);
      simd(stage.body());
      out.open(
          "for (int64_t " + name + " = " + begin + "; " + name + " < " + end + "; ++" + name + ")");
      exprs.push();
    }
    store(stage);
    if (axis != null) {
      exprs.pop();
      out.close();
    }
    exprs.pop();
  }

  private void store(FlatStage stage) {
    String value = exprs.print(stage.body());
    out.line(
        exprs.element(stage.target(), stage.address(), stage.body().dtype()) + " = " + value + ";");
  }

  private void simd(Expr body) {
    if (!exprs.checks(body)) {
      out.line("#pragma omp simd");
    }
  }

  /**
   * Reductions for {@code BLOCK} neighbouring results at once, beginning at {@code start}; then the
   * results.
   */
  void block(FlatStage stage, Dim.Symbol vector, String start) {
    String count = exprs.fresh("count");
    String extent = exprs.index(vector.extent());
    out.line(
        "const int64_t "
            + count
            + " = ait::index_min("
            + BLOCK
            + ", "
            + extent
            + " - "
            + start
            + ");");
    String v = exprs.name(vector);
    List<String> accumulators = new ArrayList<>();
    for (Expr.Reduce reduce : stage.reductions()) {
      String acc = exprs.fresh("acc");
      accumulators.add(acc);
      String type = Cpp.value(reduce.dtype());
      out.line("alignas(64) " + type + " " + acc + "[" + BLOCK + "];");
      out.line(
          "for (int64_t j = 0; j < "
              + BLOCK
              + "; ++j) "
              + acc
              + "[j] = "
              + Cpp.neutral(reduce.op(), reduce.dtype())
              + ";");
      List<Dim.Symbol> axes = reduce.axes();
      axes.forEach(this::loop);
      Expr body = reduce.body();
      exprs.push();
      boolean guarded =
          body instanceof Expr.Select s
              && s.guard()
              && isNeutral(s.otherwise(), reduce.op())
              && FlatStage.isInvariant(s.condition(), Set.of(vector));
      if (guarded) {
        out.open("if (" + exprs.print(((Expr.Select) body).condition()) + ")");
        body = ((Expr.Select) body).then();
        exprs.push();
      }
      exprs.hoist(body, e -> FlatStage.isInvariant(e, Set.of(vector)));
      simd(body);
      out.open("for (int64_t j = 0; j < " + count + "; ++j)");
      exprs.push();
      out.line("const int64_t " + v + " = " + start + " + j;");
      out.line(
          acc
              + "[j] = "
              + Cpp.combine(reduce.op(), reduce.dtype(), acc + "[j]", exprs.print(body))
              + ";");
      exprs.pop();
      out.close();
      if (guarded) {
        exprs.pop();
        out.close();
      }
      exprs.pop();
      axes.forEach(a -> out.close());
    }
    exprs.push();
    simd(stage.body());
    out.open("for (int64_t j = 0; j < " + count + "; ++j)");
    out.line("const int64_t " + v + " = " + start + " + j;");
    for (int i = 0; i < accumulators.size(); i++) {
      exprs.define(stage.reductions().get(i), accumulators.get(i) + "[j]");
    }
    store(stage);
    out.close();
    exprs.pop();
  }

  private static boolean isNeutral(Expr expr, ReduceOp op) {
    return expr instanceof Expr.Literal literal
        && switch (op) {
          case SUM -> literal.floating() == 0;
          case PROD -> literal.floating() == 1;
          case MAX -> literal.floating() == Double.NEGATIVE_INFINITY;
          case MIN -> literal.floating() == Double.POSITIVE_INFINITY;
          case ANY -> literal.integer() == 0;
          case ALL -> literal.integer() != 0;
        };
  }

  /** Reductions along memory for one result, then the result. */
  void point(FlatStage stage) {
    exprs.push();
    for (Expr.Reduce reduce : stage.reductions()) {
      exprs.define(reduce, along(reduce));
    }
    store(stage);
    exprs.pop();
  }

  private String along(Expr.Reduce reduce) {
    Dim.Symbol inner = innermost(reduce);
    List<Dim.Symbol> outer = new ArrayList<>(reduce.axes());
    outer.remove(inner);
    AlongReduction along = new AlongReduction(out, exprs, reduce, inner);
    exprs.hoist(reduce.body(), e -> FlatStage.isInvariant(e, new HashSet<>(reduce.axes())));
    outer.forEach(this::loop);
    exprs.push();
    exprs.hoist(reduce.body(), e -> FlatStage.isInvariant(e, Set.of(inner)));
    along.add();
    exprs.pop();
    outer.forEach(a -> out.close());
    return along.result();
  }
}
