package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.build.Sources;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.ModelTables;
import io.ait4j.compiler.pass.Schedule;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints a scheduled program as C++ files in the form {@code model.h} describes. */
public final class ModelPrinter {
  private static final String RUNTIME =
      "#include \"model.h\"\n#include \"cpu_run.h\"\n#include \"model_impl.h\"\n";

  private ModelPrinter() {}

  /**
   * The C++ files by name, the same for the same program: the tables and the order of the launches,
   * the kernels, and what is the same for all programs.
   */
  public static Sources print(Schedule schedule) {
    ModelTables tables = new ModelTables(schedule);
    HostKernels kernels = new HostKernels(schedule.program(), tables, schedule.program().kernels());
    Map<String, String> files = new LinkedHashMap<>(kernels.files(RUNTIME));
    files.put("model.cpp", model(schedule, tables, kernels));
    return new Sources(files, Map.of(), Map.of(), kernels.headers());
  }

  private static String model(Schedule schedule, ModelTables tables, HostKernels kernels) {
    CodeWriter out = new CodeWriter();
    out.line(HostKernels.include());
    out.open("namespace ait::model");
    kernels.declare(out);
    tables.print(out, HostKernels::packedBytes);
    out.line("template <class Done>");
    out.open("static int launch(const Context& cx, const Done& done)");
    tables.declare(out);
    schedule.run().forEach(step -> out.line(kernels.call(step) + " done();"));
    out.line("return 0;");
    out.close();
    out.line("int run(const Context& cx) { return launch(cx, [] {}); }");
    out.line(
        "int run_timed(const Context& cx, int64_t* ends) { return launch(cx, [&] { *ends++ = ait::nanos(); }); }");
    kernels.fold(schedule.fold(), out);
    out.close();
    return out.toString();
  }
}
