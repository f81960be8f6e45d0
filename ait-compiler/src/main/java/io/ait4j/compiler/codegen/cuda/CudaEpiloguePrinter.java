package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.EpilogueStage;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prints a template kernel's epilogue for a GPU: the struct {@code @_Epilogue} whose {@code run<C>}
 * gets the finished sums of C neighbouring columns of one row, C at most its {@code Width}, the
 * first at a multiple of C, and stores what becomes of them. What lies side by side is read and
 * written in vectors (see {@code columns.cuh}).
 */
final class CudaEpiloguePrinter {
  /** What the printed text includes. */
  static final Set<String> HEADERS = Set.of("columns.cuh");

  private final CudaParameters parameters;
  private final CodeWriter out = new CodeWriter();
  private final ExprPrinter exprs;
  private final FlatStage stage;
  private final Dim.Symbol column;
  private final Places places;
  private int vectors;

  private CudaEpiloguePrinter(Program program, TemplateKernel kernel, CudaParameters parameters) {
    this.parameters = parameters;
    exprs = parameters.expressions(out);
    stage = EpilogueStage.of(program, kernel);
    column = stage.axes().get(2);
    places = Places.of(stage.dims());
  }

  /**
   * The text of {@code run} and {@code Width}; {@link #struct} makes the whole of it once all
   * parameters are known.
   */
  static String body(Program program, TemplateKernel kernel, CudaParameters parameters) {
    return new CudaEpiloguePrinter(program, kernel, parameters).body();
  }

  /** Prints the struct around {@code body}. */
  static void struct(String body, CudaParameters parameters, CodeWriter out) {
    out.open("struct @_Epilogue");
    parameters.members(out);
    body.lines().forEach(out::line);
    out.close(";");
  }

  /** A variable that is the epilogue of a kernel with these parameters. */
  static String instance(CudaParameters parameters) {
    return "const @_Epilogue epilogue{cx" + parameters.names() + "};";
  }

  private String body() {
    DType stored = stage.body().dtype();
    int store = ColumnAccess.storeWidth(stage.address(), column, stored);
    out.line("static constexpr int Width = " + Math.max(1, store) + ";");
    out.open("template <int C> AIT_INLINE void run(int b, int m, int n, const float* acc) const");
    places.bind(exprs, stage.axes(), List.of("b", "m", "n"));
    loads(store);
    places.bind(exprs, column, "(n + j)");
    exprs.accumulator("acc[j]");
    exprs.hoist(stage.body(), e -> FlatStage.isInvariant(e, Set.of(column)));
    if (store > 0) {
      out.line("ait::Columns<" + Cpp.memory(stored) + ", C> result;");
    }
    out.line("#pragma unroll");
    out.open("for (int j = 0; j < C; ++j)");
    exprs.push();
    String value = exprs.print(stage.body());
    out.line(
        (store > 0
                ? "result.at[j]" + (Halves.isHalf(stored) ? ".bits" : "")
                : exprs.element(stage.target(), stage.address(), stored))
            + " = "
            + value
            + ";");
    exprs.pop();
    out.close();
    if (store > 0) {
      places.bind(exprs, column, "n");
      out.line(
          call("store_columns", store, stage.target())
              + address(stage.target(), stage.address())
              + ", result);");
    }
    out.close();
    return out.toString();
  }

  /**
   * Reads what lies side by side along the row, ahead of all computing: all of up to {@code store}
   * columns or, from where some of them lie apart, nothing.
   */
  private void loads(int store) {
    Map<Expr.Load, String> known = new LinkedHashMap<>();
    for (Expr.Load load : unguarded(stage.body())) {
      Dim address = load.index().getFirst();
      if (!load.bindings().isEmpty() || !address.symbols().contains(column)) {
        continue;
      }
      int width = ColumnAccess.width(address, column, load.dtype());
      boolean together = width >= store || ColumnAccess.isTogether(address, column, store);
      if (width == 0 || !together) {
        continue;
      }
      String vector =
          known.computeIfAbsent(
              load,
              l -> {
                String name = "v" + vectors++;
                String type = Cpp.memory(l.dtype());
                out.line("ait::Columns<" + type + ", C> " + name + ";");
                out.line(
                    call("load_columns", width, l.buffer())
                        + address(l.buffer(), address)
                        + ", "
                        + name
                        + ");");
                return name;
              });
      String element = vector + ".at[j]";
      exprs.define(
          load,
          load.dtype() == DType.BOOL
              ? "(" + element + " != 0)"
              : element + (Halves.isHalf(load.dtype()) ? ".bits" : ""));
    }
  }

  private String call(String function, int width, String buffer) {
    return "ait::" + function + "<" + width + ", " + !parameters.isBorder(buffer) + ">(";
  }

  private String address(String buffer, Dim address) {
    return parameters.pointer(buffer) + " + (" + exprs.index(address) + ")";
  }

  /** Loads that are evaluated whatever the data. */
  private static List<Expr.Load> unguarded(Expr expr) {
    List<Expr.Load> found = new ArrayList<>();
    collect(expr, found, Collections.newSetFromMap(new IdentityHashMap<>()));
    return found;
  }

  private static void collect(Expr expr, List<Expr.Load> found, Set<Expr> seen) {
    if (!seen.add(expr)) {
      return;
    }
    switch (expr) {
      case Expr.Unary u -> collect(u.operand(), found, seen);
      case Expr.Binary b -> {
        collect(b.left(), found, seen);
        collect(b.right(), found, seen);
      }
      case Expr.Select s -> {
        collect(s.condition(), found, seen);
        if (!s.guard()) {
          collect(s.then(), found, seen);
        }
        collect(s.otherwise(), found, seen);
      }
      case Expr.Cast c -> collect(c.operand(), found, seen);
      case Expr.Load load -> {
        load.bindings().values().forEach(value -> collect(value, found, seen));
        found.add(load);
      }
      case Expr leaf -> {}
    }
  }
}
