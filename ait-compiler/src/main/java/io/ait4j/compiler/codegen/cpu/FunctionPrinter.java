package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.KernelText;
import io.ait4j.compiler.codegen.Numbers;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
    List<String> arguments = new ArrayList<>(List.of("call"));
    kernel.arguments().forEach(a -> arguments.add(argument(a)));
    String options =
        kernel.options().isEmpty()
            ? ""
            : kernel.options().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", "<", ">"));
    CodeWriter out = new CodeWriter();
    String signature = parameters.signature() + Numbers.list(", const int64_t ", numbers.count());
    out.open("void @(" + signature + ")");
    out.line("const ait::Call call{cx, \"" + kernel.operator() + "\"};");
    out.line(
        "ait::" + kernel.function() + options + "(" + String.join(",\n      ", arguments) + ");");
    out.close();
    return new KernelText(out.toString(), signature, parameters.order(), numbers.values());
  }

  private String argument(FunctionKernel.Argument argument) {
    return switch (argument) {
      case FunctionKernel.Read(var operand) -> {
        Expr.Load load = (Expr.Load) operand.value();
        Strides strides = Strides.of(program, operand).orElseThrow();
        yield tensor("const ", load.buffer(), operand.axes(), strides);
      }
      case FunctionKernel.Write write -> {
        Buffer target = program.buffer(write.target());
        Strides strides = Strides.of(target, write.axes(), write.index()).orElseThrow();
        yield tensor("", write.target(), write.axes(), strides);
      }
      case FunctionKernel.Scratch(String buffer) -> parameters.names().get(buffer);
      case FunctionKernel.Size(Dim value) -> "int64_t(" + numbers.spell(value) + ")";
      case FunctionKernel.Real(double value) -> Cpp.floating(value, "");
    };
  }

  private String tensor(String constness, String buffer, List<Dim.Symbol> axes, Strides strides) {
    String type = "ait::Tensor<" + constness + Cpp.memory(program.buffer(buffer).dtype()) + ">";
    String start = parameters.names().get(buffer) + " + " + numbers.spell(strides.offset());
    String sizes = list(axes.stream().map(Dim.Symbol::extent).toList());
    return type
        + "{"
        + start
        + ", "
        + axes.size()
        + ", "
        + sizes
        + ", "
        + list(strides.steps())
        + "}";
  }

  private String list(List<Dim> values) {
    return values.stream().map(numbers::spell).collect(Collectors.joining(", ", "{", "}"));
  }
}
