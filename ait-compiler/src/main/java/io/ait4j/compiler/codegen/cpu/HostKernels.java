package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.KernelText;
import io.ait4j.compiler.codegen.ModelTables;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Kernels that run on the CPU: a whole program's, or those that fold constants for a GPU. */
public final class HostKernels {
  private final Program program;
  private final ModelTables tables;
  private final List<Kernel> kernels;
  private final TranslationUnits units = new TranslationUnits();
  private final Map<String, String> calls = new LinkedHashMap<>();

  public HostKernels(Program program, ModelTables tables, List<Kernel> kernels) {
    this.program = program;
    this.tables = tables;
    this.kernels = kernels;
    kernels.forEach(this::print);
  }

  private void print(Kernel kernel) {
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
    calls.put(kernel.name(), tables.call(function, text.arguments(), text.numbers()));
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

  /** The call of a kernel. */
  String call(String kernel) {
    return calls.get(kernel);
  }

  /** Declares all functions. */
  public void declare(CodeWriter out) {
    units.declare(out);
  }

  /** What includes the declarations' types. */
  public static String include() {
    return TranslationUnits.HEADERS;
  }

  /**
   * The files, in the order in which compilers are to start.
   *
   * @param runtime the file that holds the exported functions
   */
  public Map<String, String> files(String runtime) {
    Map<String, String> files = new LinkedHashMap<>(SharedKernels.files(kernels));
    files.put("runtime.cpp", runtime);
    files.putAll(units.files());
    return files;
  }

  /**
   * The hand-written headers that the text includes by name; throws {@link IllegalStateException}
   * for two that share a name and differ.
   */
  public Set<Header> headers() {
    Map<String, Header> headers = new TreeMap<>();
    for (Kernel kernel : kernels) {
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

  /** One case a step, so that the caller can free in between what no later one reads. */
  public void fold(List<String> steps, CodeWriter out) {
    out.line("const int64_t num_fold_steps = " + steps.size() + ";");
    out.open("int fold(const Context& cx, int64_t step)");
    out.open("switch (step)");
    for (int i = 0; i < steps.size(); i++) {
      out.line("case " + i + ": " + call(steps.get(i)) + " break;");
    }
    out.close();
    out.line("return 0;");
    out.close();
  }

  /** Bytes of a packed constant, as a C++ expression. */
  public static String packedBytes(Buffer packed) {
    return TemplatePrinter.packedSize(packed.packedFor()) + " * " + packed.dtype().bytes();
  }
}
