package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Sources;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.ModelTables;
import io.ait4j.compiler.codegen.cpu.HostKernels;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.pass.Schedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints a scheduled program for GPUs: what runs as device code with the host functions that launch
 * it, what folds constants as C++ for the CPU, which does that once, when the library is built.
 */
public final class CudaModelPrinter {
  private static final String RUNTIME =
      "#include \"model.h\"\n#include \"cuda_run.h\"\n#include \"model_impl.h\"\n";

  private final Schedule schedule;
  private final Map<String, CudaKernelText> texts;
  private final ModelTables tables;
  private final CudaUnits units = new CudaUnits();
  private final Map<String, String> calls = new LinkedHashMap<>();
  private final Map<String, String> functions = new LinkedHashMap<>();

  private CudaModelPrinter(Schedule schedule, Map<String, CudaKernelText> texts) {
    this.schedule = schedule;
    this.texts = texts;
    tables = new ModelTables(schedule);
  }

  /** The same for the same program and target. */
  public static Sources print(Schedule schedule, CudaTarget target) {
    return print(schedule, CudaKernels.print(schedule, target));
  }

  /**
   * With these kernels.
   *
   * @param texts by name, for each kernel of a run
   */
  public static Sources print(Schedule schedule, Map<String, CudaKernelText> texts) {
    return new CudaModelPrinter(schedule, texts).print();
  }

  private Sources print() {
    List<Kernel> folds = schedule.fold().stream().map(tables::kernel).toList();
    HostKernels host = new HostKernels(schedule.program(), tables, folds);
    for (String name : schedule.run()) {
      CudaKernelText text = texts.get(name);
      String function = units.add(text);
      functions.put(name, function);
      calls.put(name, tables.call(function, text.arguments(), text.numbers()));
    }
    Map<String, String> files = new LinkedHashMap<>(host.files(RUNTIME));
    files.put("launches.cpp", units.launches());
    files.put("model.cpp", model(host));
    return new Sources(files, units.files(), functions, host.headers());
  }

  private String model(HostKernels host) {
    CodeWriter out = new CodeWriter();
    out.line(HostKernels.include());
    out.line("#include \"launch.h\"");
    out.open("namespace ait::model");
    host.declare(out);
    tables.print(out, HostKernels::packedBytes);
    out.line("// What the CPU's contract asks for and a model of a GPU does without.");
    out.line("int run(const Context&) { return 1; }");
    out.line("int run_timed(const Context&, int64_t*) { return 1; }");
    host.fold(schedule.fold(), out);
    out.close();
    out.open("namespace ait::cuda::model");
    out.line("using namespace ait::model;");
    units.declare(out);
    out.open("int run(const Context& cx, void (*done)(void* user), void* user)");
    tables.declare(out);
    for (String step : schedule.run()) {
      out.line(calls.get(step) + " if (done) done(user);");
    }
    out.line("return 0;");
    out.close();
    out.close();
    return out.toString();
  }
}
