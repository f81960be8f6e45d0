package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.codegen.SymbolScope;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The text of a kernel while it is printed: functions on the device, and the function on the host
 * that launches them one after another.
 */
final class KernelWriter {
  private final Program program;
  private final Kernel kernel;
  private final Parameters parameters;
  private final SymbolScope symbols;
  private final CodeWriter device = new CodeWriter();
  private final CodeWriter declarations = new CodeWriter();
  private final CodeWriter host = new CodeWriter();
  private final Set<String> headers = new TreeSet<>(Set.of("device.cuh"));
  private int functions;

  KernelWriter(Program program, Kernel kernel) {
    this.program = program;
    this.kernel = kernel;
    parameters = Parameters.of(program, kernel);
    symbols = SymbolScope.of(program, kernel);
  }

  Program program() {
    return program;
  }

  /** Says that the device's text includes {@code name}. */
  void header(String name) {
    headers.add(name);
  }

  /** The C++ name of a buffer's pointer, on both sides. */
  String pointer(String buffer) {
    return parameters.names().get(buffer);
  }

  /** A number of a run on the host. */
  String number(Dim dim) {
    return symbols.value(dim);
  }

  /** Begins a function for blocks of so many threads. */
  DeviceFunction open(IndexWidth index, int threads) {
    DeviceFunction f = openEarly(index, threads);
    waitForPrevious(f);
    return f;
  }

  /** Prints that memory which other kernels write is touched only from here on. */
  void waitForPrevious(DeviceFunction f) {
    f.line("ait::wait_for_previous();");
    f.line("ait::let_next_begin();");
  }

  /** The same, but the function may read constants before it waits for the kernels before it. */
  DeviceFunction openEarly(IndexWidth index, int threads) {
    List<String> declared = new ArrayList<>(List.of("const ait::Context cx"));
    Set<String> written = kernel.writes();
    for (String name : parameters.order()) {
      // What is read is not said to be restricted: such loads might move ahead of the wait.
      boolean writes = written.contains(name);
      declared.add(
          "%s%s* %s%s"
              .formatted(
                  writes ? "" : "const ",
                  Cpp.memory(program.buffer(name).dtype()),
                  writes ? "__restrict " : "",
                  pointer(name)));
    }
    symbols.used().forEach(s -> declared.add("const " + index.type() + " s" + s));
    device.open(
        "extern \"C\" __global__ void __launch_bounds__(%d) @_v%d(%s)"
            .formatted(threads, functions, String.join(", ", declared)));
    ExprPrinter exprs = new ExprPrinter(device, parameters.names(), symbols);
    exprs.indexType(index.type());
    return new DeviceFunction(device, exprs, index);
  }

  /**
   * Ends a function and launches it.
   *
   * @param condition when, on the host; the function opened next serves otherwise. Empty: always
   * @param blocks how many, on the host
   */
  void close(IndexWidth index, String condition, String blocks, int threads, String shared) {
    device.close();
    declarations.line("static ait::DeviceKernel @_k%d{\"@_v%d\"};".formatted(functions, functions));
    List<String> arguments = new ArrayList<>();
    parameters.order().forEach(name -> arguments.add(", " + pointer(name)));
    symbols
        .used()
        .forEach(s -> arguments.add(index == IndexWidth.NARROW ? ", int(s" + s + ")" : ", s" + s));
    String launch =
        "ait::launch(cx, @_k%d, {.x = unsigned(%s), .threads = %d%s}%s);"
            .formatted(
                functions,
                blocks,
                threads,
                shared.isEmpty() ? "" : ", .shared = " + shared,
                String.join("", arguments));
    host.line(condition.isEmpty() ? launch : "if (" + condition + ") " + launch + "\n  else");
    functions++;
  }

  /** Begins what the host does only if there is something to do. */
  void open(Dim points) {
    host.open("if (" + number(points) + " > 0)");
  }

  void close() {
    host.close();
  }

  /** When vectors may be as wide as the strip says, on the host; empty if they surely may. */
  String holds(Strip... strips) {
    Set<String> conditions = new LinkedHashSet<>();
    Set<String> buffers = new LinkedHashSet<>();
    for (Strip strip : strips) {
      strip
          .multiples()
          .forEach(m -> conditions.add("(" + number(m) + ") % " + strip.width() + " == 0"));
      buffers.addAll(strip.buffers());
      if (strip.width() > 1) {
        header("vector.cuh");
      }
    }
    String aligned = aligned(buffers);
    if (!aligned.isEmpty()) {
      conditions.add(aligned);
    }
    return String.join(" && ", conditions);
  }

  /**
   * That a caller's tensors begin where whole vectors may, on the host; empty if they surely do.
   */
  private String aligned(Set<String> buffers) {
    List<String> places = new ArrayList<>();
    for (String name : buffers) {
      Buffer.Role role = program.buffer(name).role();
      if (role == Buffer.Role.INPUT || role == Buffer.Role.OUTPUT) {
        places.add("reinterpret_cast<uintptr_t>(" + pointer(name) + ")");
      }
    }
    return places.isEmpty() ? "" : "(" + String.join(" | ", places) + ") % 16 == 0";
  }

  CudaKernelText finish() {
    StringBuilder signature = new StringBuilder(parameters.signature());
    List<Dim> numbers = new ArrayList<>();
    for (int s : symbols.used()) {
      signature.append(", int64_t s").append(s);
      numbers.add(Dim.of(symbols.symbols().get(s)));
    }
    CodeWriter text = new CodeWriter();
    text.open("void @(" + signature + ")");
    host.toString().lines().forEach(text::line);
    text.close();
    return new CudaKernelText(
        device.toString(),
        Collections.unmodifiableSet(headers),
        declarations + text.toString(),
        Set.of(),
        signature.toString(),
        parameters.order(),
        List.copyOf(numbers));
  }
}
