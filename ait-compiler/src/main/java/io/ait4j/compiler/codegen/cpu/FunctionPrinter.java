package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.FunctionArguments;
import io.ait4j.compiler.codegen.KernelText;
import io.ait4j.compiler.codegen.Numbers;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Program;
import java.util.ArrayList;
import java.util.List;

/** Prints the call of a hand-written function. */
final class FunctionPrinter {
  private final Program program;
  private final FunctionKernel kernel;
  private final Parameters parameters;
  private final Numbers numbers = new Numbers();

  private FunctionPrinter(Program program, FunctionKernel kernel) {
    this.program = program;
    this.kernel = kernel;
    parameters = Parameters.of(program, kernel);
  }

  static KernelText print(Program program, FunctionKernel kernel) {
    return new FunctionPrinter(program, kernel).print();
  }

  private KernelText print() {
    FunctionArguments spelled =
        new FunctionArguments(program, parameters.names()::get, numbers::spell);
    List<String> arguments = new ArrayList<>(List.of("call"));
    kernel.arguments().stream()
        .filter(a -> !(a instanceof FunctionKernel.Workspace))
        .forEach(a -> arguments.add(spelled.value(a)));
    CodeWriter out = new CodeWriter();
    String signature = parameters.signature() + Numbers.list(", const int64_t ", numbers.count());
    out.open("void @(" + signature + ")");
    out.line("const ait::Call call{cx, \"" + kernel.operator() + "\"};");
    out.line(
        "ait::"
            + kernel.function()
            + FunctionArguments.options(kernel)
            + "("
            + String.join(",\n      ", arguments)
            + ");");
    out.close();
    return new KernelText(out.toString(), signature, parameters.order(), numbers.values());
  }
}
