package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.EpilogueStage;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.codegen.Numbers;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.codegen.SymbolScope;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.Set;

/**
 * Prints a template kernel's epilogue in the form the kernels call: a functor that gets a run of
 * finished sums of one row (see {@code gemm.h}) and stores what becomes of them.
 */
final class EpiloguePrinter {
  private EpiloguePrinter() {}

  static void print(
      Program program,
      TemplateKernel kernel,
      Parameters parameters,
      Numbers numbers,
      CodeWriter out) {
    FlatStage stage = EpilogueStage.of(program, kernel);
    CodeWriter run = new CodeWriter();
    SymbolScope symbols = SymbolScope.of(program, kernel);
    row(stage, new ExprPrinter(run, parameters.names(), symbols), numbers, symbols, run);
    out.open("struct @_Epilogue");
    out.line("const Context& cx;");
    parameters
        .names()
        .forEach(
            (name, parameter) -> {
              Buffer buffer = program.buffer(name);
              boolean written = kernel.writes().contains(name);
              out.line(
                  (written ? "" : "const ")
                      + Cpp.memory(buffer.dtype())
                      + "* __restrict "
                      + parameter
                      + ";");
            });
    out.line(
        "template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }");
    out.line(
        "void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }");
    if (numbers.count() > 0) {
      out.line("int64_t " + Numbers.list(", ", numbers.count()).substring(2) + ";");
    }
    run.toString().lines().forEach(out::line);
    out.close(";");
  }

  private static void row(
      FlatStage stage, ExprPrinter exprs, Numbers numbers, SymbolScope symbols, CodeWriter out) {
    exprs.coefficients(numbers::spell);
    out.open(
        "AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const");
    symbols.declare(out);
    exprs.bind(stage.axes().get(0), "b");
    exprs.bind(stage.axes().get(1), "m");
    Dim.Symbol column = stage.axes().get(2);
    exprs.bind(column, "(n + j)");
    exprs.accumulator("acc[j]");
    exprs.hoist(stage.body(), e -> FlatStage.isInvariant(e, Set.of(column)));
    if (!exprs.checks(stage.body())) {
      out.line("#pragma omp simd");
    }
    out.open("for (int64_t j = 0; j < count; ++j)");
    exprs.push();
    String value = exprs.print(stage.body());
    out.line(
        exprs.element(stage.target(), stage.address(), stage.body().dtype()) + " = " + value + ";");
    exprs.pop();
    out.close();
    out.close();
  }
}
