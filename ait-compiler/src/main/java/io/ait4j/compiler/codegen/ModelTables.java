package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.pass.ArenaPlan;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.compiler.pass.Work;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What every library says of itself, in the form {@code model.h} describes: its border, constants,
 * memory plan, and what its kernels cost. Launches name memory through it.
 */
public final class ModelTables {
  private final Schedule schedule;
  private final Program program;
  private final Map<String, Kernel> kernels = new LinkedHashMap<>();
  private final List<Buffer> constants;
  private final SymbolScope symbols;
  private final ArenaPrinter arena;
  private boolean sized;

  public ModelTables(Schedule schedule) {
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

  /** Names of the constants without which nothing runs; the others are only folded. */
  public static Set<String> readByRuns(Schedule schedule) {
    Set<String> read = new HashSet<>();
    for (Kernel kernel : schedule.program().kernels()) {
      if (schedule.run().contains(kernel.name())) {
        read.addAll(kernel.reads());
      }
    }
    return constants(schedule).stream()
        .filter(b -> b.role() == Buffer.Role.FOLDED || read.contains(b.name()))
        .map(Buffer::name)
        .collect(Collectors.toSet());
  }

  /** Bytes of a constant from the first element to the end of the last that the strides reach. */
  public static long bytes(Buffer buffer) {
    return Sizes.reach(buffer).value() * buffer.dtype().bytes();
  }

  /** The kernel of that name. */
  public Kernel kernel(String name) {
    return kernels.get(name);
  }

  /**
   * Prints all tables.
   *
   * @param packedBytes the size of a packed constant as a C++ expression
   */
  public void print(CodeWriter out, Function<Buffer, String> packedBytes) {
    new BorderPrinter(program, out).print();
    constantTable(out, packedBytes);
    sized = arena.print(out);
    work(out);
  }

  /**
   * Prints what the launches of a run need where the context {@code cx} is at hand: sizes, and the
   * places of intermediates. After {@link #print}.
   */
  public void declare(CodeWriter out) {
    if (sized) {
      symbols.declare(out);
      out.line("int64_t at[" + schedule.runArena().places().size() + " + 1];");
      out.line("place(cx.symbols, at);");
    }
  }

  /**
   * The call of a kernel's function with its memory and its numbers, from the context {@code cx}.
   */
  public String call(String function, List<String> buffers, List<Dim> numbers) {
    List<String> arguments = new ArrayList<>(List.of("cx"));
    buffers.forEach(buffer -> arguments.add(pointer(buffer)));
    numbers.forEach(number -> arguments.add(symbols.value(number)));
    return function + "(" + String.join(", ", arguments) + ");";
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

  private void constantTable(CodeWriter out, Function<Buffer, String> packedBytes) {
    Set<String> readByRun = reads(schedule.run());
    Set<String> readByFold = reads(schedule.fold());
    List<String> rows = new ArrayList<>();
    for (Buffer b : constants) {
      String role =
          b.role() == Buffer.Role.FOLDED
              ? "Folded"
              : readByRun.contains(b.name()) ? "Kept" : "RawFoldOnly";
      String bytes = b.packedFor() != null ? packedBytes.apply(b) : Long.toString(bytes(b));
      rows.add(
          "{\""
              + b.name()
              + "\", ait::"
              + b.dtype()
              + ", "
              + bytes
              + ", ConstantRole::"
              + role
              + (role.equals("Kept") && readByFold.contains(b.name()) ? ", true}" : "}"));
    }
    out.line(
        "const ConstantSpec constants[] = {"
            + (rows.isEmpty() ? "{}" : String.join(", ", rows))
            + "};");
    out.line("const int64_t num_constants = " + rows.size() + ";");
  }

  private Set<String> reads(List<String> names) {
    Set<String> buffers = new HashSet<>();
    names.forEach(name -> buffers.addAll(kernels.get(name).reads()));
    return buffers;
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
}
