package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.Numbers;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.codegen.SymbolScope;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the functions of a hand-written kernel's instance take, on both sides: pointers {@code p0},
 * {@code p1}..., then sizes and strides {@code n0}..., then the graph's symbols {@code s0}... that
 * it depends on. Complete once everything that spells a number has been printed.
 */
final class CudaParameters {
  private final Program program;
  private final Parameters buffers;
  private final Set<String> written;
  private final Numbers numbers = new Numbers();
  private final SymbolScope symbols;

  CudaParameters(Program program, Kernel kernel) {
    this.program = program;
    buffers = Parameters.of(program, kernel);
    written = kernel.writes();
    symbols = SymbolScope.of(program, kernel);
  }

  /** Prints expressions that name these parameters. */
  ExprPrinter expressions(CodeWriter out) {
    ExprPrinter exprs = new ExprPrinter(out, buffers.names(), symbols);
    exprs.coefficients(numbers::spell);
    return exprs;
  }

  /** How to spell a number of a run. */
  String spell(Dim value) {
    return numbers.spell(value);
  }

  String pointer(String buffer) {
    return buffers.names().get(buffer);
  }

  /** Whether the caller of a run says where it lies, so that it is aligned to its elements only. */
  boolean isBorder(String buffer) {
    Buffer.Role role = program.buffer(buffer).role();
    return role == Buffer.Role.INPUT || role == Buffer.Role.OUTPUT;
  }

  /** The buffers in the order of their parameters. */
  List<String> arguments() {
    return buffers.order();
  }

  /** The values of the parameters after the buffers. */
  List<Dim> values() {
    List<Dim> values = new ArrayList<>(numbers.values());
    symbols.used().forEach(i -> values.add(Dim.of(symbols.symbols().get(i))));
    return values;
  }

  /** The kernel, once all of it has been printed. */
  CudaKernelText text(
      String device, Set<String> deviceHeaders, String host, Set<String> hostHeaders) {
    return new CudaKernelText(
        device, deviceHeaders, host, hostHeaders, hostSignature(), arguments(), values());
  }

  /** Parameters of the host's function, the context first. */
  String hostSignature() {
    return buffers.signature()
        + integers().stream().map(n -> ", int64_t " + n).collect(Collectors.joining());
  }

  /** Parameters of the device's function, the context first. */
  String deviceSignature() {
    return "const ait::Context cx" + deviceParameters();
  }

  /** Parameters of the device's function after the context: {@code ", const float* p0"}. */
  String deviceParameters() {
    return buffers.order().stream().map(b -> ", " + pointerType(b)).collect(Collectors.joining())
        + integers().stream().map(n -> ", const int64_t " + n).collect(Collectors.joining());
  }

  /** All but the context, to be handed on: {@code ", p0, n0"}. */
  String names() {
    return buffers.order().stream().map(b -> ", " + pointer(b)).collect(Collectors.joining())
        + integers().stream().map(n -> ", " + n).collect(Collectors.joining());
  }

  /** Members of a struct that keeps them, context included, in the order of the parameters. */
  void members(CodeWriter out) {
    out.line("ait::Context cx;");
    buffers.order().forEach(b -> out.line(pointerType(b) + ";"));
    integers().forEach(n -> out.line("int64_t " + n + ";"));
  }

  /** As in {@link KernelWriter}, what is read is not said to be restricted. */
  private String pointerType(String buffer) {
    boolean writes = written.contains(buffer);
    String type = Cpp.memory(program.buffer(buffer).dtype()) + "* ";
    return (writes ? type + "__restrict " : "const " + type) + pointer(buffer);
  }

  private List<String> integers() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < numbers.count(); i++) {
      names.add("n" + i);
    }
    symbols.used().forEach(i -> names.add("s" + i));
    return names;
  }
}
