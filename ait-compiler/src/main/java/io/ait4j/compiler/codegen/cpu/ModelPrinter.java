package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.ArenaPrinter;
import io.ait4j.compiler.codegen.BorderPrinter;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.KernelText;
import io.ait4j.compiler.codegen.SymbolScope;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.ArenaPlan;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.compiler.pass.Work;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Prints a scheduled program as C++ files in the form {@code model.h} describes. */
public final class ModelPrinter {
  private final Schedule schedule;
  private final Program program;
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();
  private final List<Buffer> constants;
  private final TranslationUnits units = new TranslationUnits();
  private final Map<String, String> calls = new LinkedHashMap<>();

  private final SymbolScope symbols;
  private final ArenaPrinter arena;

  private ModelPrinter(Schedule schedule) {
    this.schedule = schedule;
    program = schedule.program();
    symbols = SymbolScope.of(program, "cx.symbols");
    arena = new ArenaPrinter(schedule);
    program.kernels().forEach(k -> kernels.put(k.name(), k));
    constants = constants(schedule);
  }

  /**
   * The constants of a program in the order of the library's table: weights that a kernel reads,
   * and what folding computes for runs.
   */
  public static List<Buffer> constants(Schedule schedule) {
    Set<String> used = new HashSet<>();
    schedule.program().kernels().forEach(k -> used.addAll(k.buffers()));
    return schedule.program().buffers().values().stream()
        .filter(Buffer::isConstant)
        .filter(b -> used.contains(b.name()))
        .toList();
  }

  /**
   * The hand-written headers that the text includes by name; throws {@link IllegalStateException}
   * for two that share a name and differ.
   */
  public static Set<Header> headers(Schedule schedule) {
    Map<String, Header> headers = new TreeMap<>();
    for (Kernel kernel : schedule.program().kernels()) {
      if (kernel instanceof FunctionKernel function) {
        Header header = function.header();
        Header other = headers.putIfAbsent(header.name(), header);
        if (other != null && !other.equals(header)) {
          throw new IllegalStateException(
              "two headers " + header.name() + " that differ, one for " + function.operator());
        }
      }
    }
    return Set.copyOf(headers.values());
  }

  /**
   * The C++ files by name, the same for the same program: the tables and the order of the launches,
   * the kernels, and what is the same for all programs.
   */
  public static Map<String, String> print(Schedule schedule) {
    return new ModelPrinter(schedule).print();
  }

  private Map<String, String> print() {
    for (Kernel kernel : program.kernels()) {
      KernelText text =
          switch (kernel) {
            case LoopKernel loop -> LoopPrinter.print(program, loop);
            case TemplateKernel template -> TemplatePrinter.print(program, template);
            case FunctionKernel function -> FunctionPrinter.print(program, function);
            case PackKernel pack -> TemplatePrinter.print(program, pack);
          };
      Set<String> headers = Set.of();
      String instance = "";
      if (kernel instanceof FunctionKernel call) {
        headers = Set.of(call.header().name());
        instance =
            call.function()
                + call.options()
                + text.arguments().stream().map(b -> program.buffer(b).dtype()).toList();
      }
      String function = units.add(text, headers, instance, seconds(kernel));
      List<String> arguments = new ArrayList<>(List.of("cx"));
      text.arguments().forEach(buffer -> arguments.add(pointer(buffer)));
      text.numbers().forEach(number -> arguments.add(symbols.value(number)));
      calls.put(kernel.name(), function + "(" + String.join(", ", arguments) + ");");
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.putAll(SharedKernels.files(kernels.values()));
    files.put("runtime.cpp", "#include \"model.h\"\n#include \"model_impl.h\"\n");
    files.putAll(units.files());
    files.put("model.cpp", model());
    return files;
  }

  /** What compiling a kernel takes, roughly. */
  private static double seconds(Kernel kernel) {
    return switch (kernel) {
      case LoopKernel loop -> 0.02 * loop.stages().size();
      case TemplateKernel template -> 0.05;
      case FunctionKernel function -> 0.2;
      case PackKernel pack -> 0.1;
    };
  }

  private String model() {
    CodeWriter out = new CodeWriter();
    out.line(TranslationUnits.HEADERS);
    out.open("namespace ait::model");
    units.declare(out);
    new BorderPrinter(program, out).print();
    constantTable(out);
    boolean sized = arena.print(out);
    run(out, sized);
    work(out);
    fold(out);
    out.close();
    return out.toString();
  }

  private String pointer(String name) {
    Buffer buffer = program.buffer(name);
    String type = "reinterpret_cast<" + Cpp.memory(buffer.dtype()) + "*>";
    return switch (buffer.role()) {
      case INPUT -> type + "(cx.inputs[" + program.inputs().indexOf(name) + "])";
      case OUTPUT -> type + "(cx.outputs[" + program.outputs().indexOf(name) + "])";
      case WEIGHT, FOLDED -> type + "(cx.constants[" + constants.indexOf(buffer) + "])";
      case TEMP -> type + "(cx.arena + " + arena.value(place(name).at()) + ")";
      case LOCAL -> throw new IllegalStateException("local " + name + " is no argument");
    };
  }

  private ArenaPlan.Place place(String buffer) {
    ArenaPlan.Place place = schedule.runArena().places().get(buffer);
    return place != null ? place : schedule.foldArena().places().get(buffer);
  }

  private void constantTable(CodeWriter out) {
    Set<String> readByRun = new HashSet<>();
    schedule.run().forEach(name -> readByRun.addAll(kernels.get(name).reads()));
    List<String> rows = new ArrayList<>();
    for (Buffer b : constants) {
      String role =
          b.role() == Buffer.Role.FOLDED
              ? "Folded"
              : readByRun.contains(b.name()) ? "Kept" : "RawFoldOnly";
      String bytes =
          b.packedFor() != null
              ? TemplatePrinter.packedSize(b.packedFor()) + " * 4"
              : Long.toString(bytes(b));
      rows.add(
          "{\""
              + b.name()
              + "\", ait::"
              + b.dtype()
              + ", "
              + bytes
              + ", ConstantRole::"
              + role
              + "}");
    }
    out.line(
        "const ConstantSpec constants[] = {"
            + (rows.isEmpty() ? "{}" : String.join(", ", rows))
            + "};");
    out.line("const int64_t num_constants = " + rows.size() + ";");
  }

  /** Bytes of a constant from the first element to the end of the last that the strides reach. */
  public static long bytes(Buffer buffer) {
    return Sizes.reach(buffer).value() * buffer.dtype().bytes();
  }

  private void run(CodeWriter out, boolean sized) {
    out.line("template <class Done>");
    out.open("static int launch(const Context& cx, const Done& done)");
    if (sized) {
      symbols.declare(out);
      out.line("int64_t at[" + schedule.runArena().places().size() + " + 1];");
      out.line("place(cx.symbols, at);");
    }
    schedule.run().forEach(step -> out.line(calls.get(step) + " done();"));
    out.line("return 0;");
    out.close();
    out.line("int run(const Context& cx) { return launch(cx, [] {}); }");
    out.line(
        "int run_timed(const Context& cx, int64_t* ends) { return launch(cx, [&] { *ends++ = ait::nanos(); }); }");
  }

  private void work(CodeWriter out) {
    List<String> names = schedule.run();
    out.line(
        "const char* const kernels[] = {"
            + (names.isEmpty() ? "\"\"" : "\"" + String.join("\", \"", names) + "\"")
            + "};");
    out.line("const int64_t num_kernels = " + names.size() + ";");
    SymbolScope sizes = SymbolScope.of(program, "symbols");
    out.open("void work(const int64_t* symbols, Work* work)");
    sizes.declare(out);
    for (String name : names) {
      Work work = Work.of(program, kernels.get(name));
      out.line(
          "*work++ = {"
              + String.join(
                  ", ",
                  sizes.value(work.flops()),
                  sizes.value(work.bytes()),
                  sizes.value(work.constantBytes()))
              + "};");
    }
    out.close();
  }

  /** One case a step, so that the caller can free in between what no later one reads. */
  private void fold(CodeWriter out) {
    List<String> steps = schedule.fold();
    out.line("const int64_t num_fold_steps = " + steps.size() + ";");
    out.open("int fold(const Context& cx, int64_t step)");
    out.open("switch (step)");
    for (int i = 0; i < steps.size(); i++) {
      out.line("case " + i + ": " + calls.get(steps.get(i)) + " break;");
    }
    out.close();
    out.line("return 0;");
    out.close();
  }
}
