package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prints a scheduled program as one C++ file in the form {@code model.h} describes. */
public final class ModelPrinter {
  private final Schedule schedule;
  private final Program program;
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();
  private final List<Buffer> constants;
  private final Map<String, String> functions = new LinkedHashMap<>();
  private final Map<String, String> calls = new LinkedHashMap<>();

  private ModelPrinter(Schedule schedule) {
    this.schedule = schedule;
    program = schedule.program();
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

  /** Source text, the same for the same program. */
  public static String print(Schedule schedule) {
    return new ModelPrinter(schedule).print();
  }

  private String print() {
    Set<String> headers = new TreeSet<>();
    for (Kernel kernel : program.kernels()) {
      KernelText text =
          switch (kernel) {
            case LoopKernel loop -> LoopPrinter.print(program, loop);
            case TemplateKernel template -> {
              headers.add(TemplatePrinter.header(template.template()));
              yield TemplatePrinter.print(program, template);
            }
            case PackKernel pack -> TemplatePrinter.print(program, pack);
          };
      String function = functions.computeIfAbsent(text.text(), t -> "k" + functions.size());
      List<String> arguments = new ArrayList<>(List.of("cx"));
      text.arguments().forEach(buffer -> arguments.add(pointer(buffer)));
      text.numbers().forEach(number -> arguments.add(Long.toString(number)));
      calls.put(kernel.name(), function + "(" + String.join(", ", arguments) + ");");
    }
    CodeWriter out = new CodeWriter();
    out.line("#include \"model.h\"");
    out.line("#include \"scalar.h\"");
    headers.forEach(h -> out.line("#include \"" + h + "\""));
    out.open("namespace ait::model");
    functions.forEach((text, name) -> out.line(text.replace("@", name)));
    tensors(out, "inputs", program.inputs());
    tensors(out, "outputs", program.outputs());
    constantTable(out);
    out.line("const int64_t arena_bytes = " + schedule.runArenaBytes() + ";");
    out.line("const int64_t fold_arena_bytes = " + schedule.foldArenaBytes() + ";");
    run(out);
    fold(out);
    out.close();
    out.line("#include \"model_impl.h\"");
    return out.toString();
  }

  private String pointer(String name) {
    Buffer buffer = program.buffer(name);
    String type = "reinterpret_cast<" + Cpp.memory(buffer.dtype()) + "*>";
    return switch (buffer.role()) {
      case INPUT -> type + "(cx.inputs[" + program.inputs().indexOf(name) + "])";
      case OUTPUT -> type + "(cx.outputs[" + program.outputs().indexOf(name) + "])";
      case WEIGHT, FOLDED -> type + "(cx.constants[" + constants.indexOf(buffer) + "])";
      case TEMP -> type + "(cx.arena + " + schedule.offsets().get(name) + ")";
      case LOCAL -> throw new IllegalStateException("local " + name + " is no argument");
    };
  }

  private void tensors(CodeWriter out, String table, List<String> names) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Buffer b = program.buffer(names.get(i));
      rows.add(
          "{\""
              + (table.equals("inputs") ? "input" : "output")
              + i
              + "\", ait::"
              + b.dtype()
              + ", "
              + b.shape().size()
              + ", {"
              + list(b.shape())
              + "}, {"
              + list(b.strides())
              + "}}");
    }
    out.line(
        "const TensorSpec "
            + table
            + "[] = {"
            + (rows.isEmpty() ? "{}" : String.join(", ", rows))
            + "};");
    out.line("const int64_t num_" + table + " = " + rows.size() + ";");
  }

  private static String list(List<Dim> dims) {
    return dims.stream().map(d -> Long.toString(d.value())).collect(Collectors.joining(", "));
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

  /** Bytes from the first element to the end of the last that the strides reach. */
  public static long bytes(Buffer buffer) {
    long[] sizes = buffer.shape().stream().mapToLong(Dim::value).toArray();
    long[] strides = buffer.strides().stream().mapToLong(Dim::value).toArray();
    return io.ait4j.fx.NativeTensor.reach(sizes, strides) * buffer.dtype().bytes();
  }

  private void run(CodeWriter out) {
    out.open("int run(const Context& cx)");
    schedule.run().forEach(step -> out.line(calls.get(step)));
    out.line("return 0;");
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
