package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.codegen.KernelText;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.codegen.SymbolScope;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints a generated loop nest: its parallel part here, the loops of each stage by {@link
 * StagePrinter}.
 */
final class LoopPrinter {
  /** Work of a task that is worth handing to another thread, in the units of {@link #work}. */
  private static final long TASK = 40_000;

  private final CodeWriter out;
  private final ExprPrinter exprs;
  private final StagePrinter stages;
  private final SymbolScope symbols;

  private LoopPrinter(CodeWriter out, ExprPrinter exprs, StagePrinter stages, SymbolScope symbols) {
    this.out = out;
    this.exprs = exprs;
    this.stages = stages;
    this.symbols = symbols;
  }

  static KernelText print(Program program, LoopKernel kernel) {
    Parameters parameters = Parameters.of(program, kernel);
    CodeWriter out = new CodeWriter();
    SymbolScope symbols = SymbolScope.of(program, kernel);
    ExprPrinter exprs = new ExprPrinter(out, parameters.names(), symbols);
    StagePrinter stages = new StagePrinter(out, exprs);
    out.open("void @(" + parameters.signature() + ")");
    symbols.declare(out);
    LoopPrinter printer = new LoopPrinter(out, exprs, stages, symbols);
    if (kernel.outer().isEmpty()) {
      for (Stage stage : kernel.stages()) {
        out.open("");
        printer.single(FlatStage.of(program, stage));
        out.close();
      }
    } else {
      printer.rows(program, kernel);
    }
    out.close();
    return new KernelText(out.toString(), parameters.signature(), parameters.order(), List.of());
  }

  /** Cost of one evaluation, reductions multiplied out. */
  private static Dim work(Expr expr) {
    Dim[] sum = {Dim.ONE};
    expr.forEach(e -> sum[0] = sum[0].plus(e instanceof Expr.Unary ? 8 : 1));
    expr.forEach(
        e -> {
          if (e instanceof Expr.Reduce r) {
            sum[0] = sum[0].plus(work(r.body()).times(Sizes.points(r.axes())));
          }
        });
    return sum[0];
  }

  /** How many of such work make a task, {@code least} or more. */
  private String grain(Dim workOfOne, long least) {
    return workOfOne.isConst()
        ? Long.toString(Math.max(least, TASK / Math.max(1, workOfOne.value())))
        : String.format(
            "ait::index_max(%d, %d / ait::index_max(1, %s))", least, TASK, exprs.index(workOfOne));
  }

  private String grain(Dim workOfOne) {
    return grain(workOfOne, 1);
  }

  /**
   * One stage whose axes are all free: parallel over all but the innermost, or over blocks of that.
   */
  private void single(FlatStage stage) {
    StagePrinter.Plan plan = StagePrinter.plan(stage);
    List<Dim.Symbol> outer = new ArrayList<>(stage.axes());
    Dim work = work(stage.body());
    if (plan.alongReduction()) {
      parallel(outer, "", grain(work), ignored -> stages.point(stage));
      return;
    }
    outer.remove(plan.vector());
    boolean reduces = !stage.reductions().isEmpty();
    if (plan.vector() == null) {
      stages.vector(stage, null, "", "");
    } else if (reduces) {
      String blocks =
          "ait::ceil_div(" + exprs.index(plan.vector().extent()) + ", " + StagePrinter.BLOCK + ")";
      parallel(
          outer,
          blocks,
          grain(work.times(StagePrinter.BLOCK)),
          block -> {
            out.line("const int64_t start = " + block + " * " + StagePrinter.BLOCK + ";");
            stages.block(stage, plan.vector(), "start");
          });
    } else if (outer.isEmpty()) {
      out.open(
          "ait::parallel_for(cx.ex, "
              + exprs.index(plan.vector().extent())
              + ", "
              + grain(work, 64)
              + ", [&](int64_t begin, int64_t end)");
      symbols.declare(out);
      stages.vector(stage, plan.vector(), "begin", "end");
      out.close(");");
    } else {
      String end = exprs.index(plan.vector().extent());
      parallel(
          outer,
          "",
          grain(work.times(plan.vector().extent())),
          ignored -> stages.vector(stage, plan.vector(), "0", end));
    }
  }

  private void rows(Program program, LoopKernel kernel) {
    List<Dim.Symbol> outer = kernel.outer();
    List<FlatStage> flat = kernel.stages().stream().map(s -> FlatStage.of(program, s)).toList();
    Dim work = Dim.ZERO;
    for (FlatStage stage : flat) {
      work = work.plus(work(stage.body()).times(Sizes.points(stage.axes())));
    }
    parallel(
        outer,
        "",
        grain(work),
        ignored -> {
          for (String name : kernel.writes()) {
            Buffer buffer = program.buffer(name);
            if (buffer.role() == Buffer.Role.LOCAL) {
              out.line(
                  "alignas(64) "
                      + Cpp.memory(buffer.dtype())
                      + " "
                      + exprs.pointer(name)
                      + "["
                      + buffer.largestReach()
                      + "];");
            }
          }
          for (FlatStage stage : flat) {
            out.open("");
            stages.print(stage);
            out.close();
          }
        });
  }

  /**
   * A parallel loop over {@code axes} and, innermost, {@code blocks} ("" for none), which the body
   * gets by name.
   */
  private void parallel(
      List<Dim.Symbol> axes,
      String blocks,
      String grain,
      java.util.function.Consumer<String> body) {
    if (axes.isEmpty() && blocks.isEmpty()) {
      body.accept("");
      return;
    }
    List<String> sizes = new ArrayList<>(axes.stream().map(a -> exprs.index(a.extent())).toList());
    List<String> names = new ArrayList<>(axes.stream().map(exprs::name).toList());
    if (!blocks.isEmpty()) {
      sizes.add(blocks);
      names.add("block");
    }
    String total = String.join(" * ", sizes.stream().map(s -> "(" + s + ")").toList());
    out.open(
        "ait::parallel_for(cx.ex, " + total + ", " + grain + ", [&](int64_t begin, int64_t end)");
    symbols.declare(out);
    out.open("for (int64_t o = begin; o < end; ++o)");
    String rest = "o";
    for (int i = sizes.size() - 1; i >= 0; i--) {
      if (i == 0) {
        out.line("const int64_t " + names.get(i) + " = " + rest + ";");
      } else {
        out.line("const int64_t " + names.get(i) + " = " + rest + " % (" + sizes.get(i) + ");");
        out.line("const int64_t rest" + i + " = " + rest + " / (" + sizes.get(i) + ");");
        rest = "rest" + i;
      }
    }
    body.accept("block");
    out.close();
    out.close(");");
  }
}
