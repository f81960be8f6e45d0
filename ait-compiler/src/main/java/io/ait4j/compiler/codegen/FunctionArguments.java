package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Spells what a hand-written function gets.
 *
 * @param pointer the C++ name of a buffer
 * @param number how to spell a size or a stride
 */
public record FunctionArguments(
    Program program, UnaryOperator<String> pointer, Function<Dim, String> number) {

  /** The type of an argument. */
  public String type(FunctionKernel.Argument argument) {
    return switch (argument) {
      case FunctionKernel.Read(var operand) -> "ait::Tensor<const " + memory(read(argument)) + ">";
      case FunctionKernel.Write write -> "ait::Tensor<" + memory(write.target()) + ">";
      case FunctionKernel.Scratch(String buffer) -> memory(buffer) + "*";
      case FunctionKernel.Workspace(String buffer) -> memory(buffer) + "*";
      case FunctionKernel.Size size -> "int64_t";
      case FunctionKernel.Real real -> "double";
    };
  }

  /** An expression of that type. */
  public String value(FunctionKernel.Argument argument) {
    return switch (argument) {
      case FunctionKernel.Read(var operand) ->
          type(argument)
              + tensor(read(argument), operand.axes(), Strides.of(program, operand).orElseThrow());
      case FunctionKernel.Write write ->
          type(argument)
              + tensor(
                  write.target(),
                  write.axes(),
                  Strides.of(program.buffer(write.target()), write.axes(), write.index())
                      .orElseThrow());
      case FunctionKernel.Scratch(String buffer) -> pointer.apply(buffer);
      case FunctionKernel.Workspace(String buffer) -> pointer.apply(buffer);
      case FunctionKernel.Size(Dim value) -> "int64_t(" + number.apply(value) + ")";
      case FunctionKernel.Real(double value) -> Cpp.floating(value, "");
    };
  }

  /** The kernel's template arguments, in angle brackets if there are any. */
  public static String options(FunctionKernel kernel) {
    return kernel.options().isEmpty()
        ? ""
        : kernel.options().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String read(FunctionKernel.Argument argument) {
    return ((Expr.Load) ((FunctionKernel.Read) argument).operand().value()).buffer();
  }

  private String memory(String buffer) {
    Buffer memory = program.buffer(buffer);
    return Cpp.memory(memory.dtype());
  }

  private String tensor(String buffer, List<Dim.Symbol> axes, Strides strides) {
    String start = pointer.apply(buffer) + " + " + number.apply(strides.offset());
    String sizes = list(axes.stream().map(Dim.Symbol::extent).toList());
    return "{" + start + ", " + axes.size() + ", " + sizes + ", " + list(strides.steps()) + "}";
  }

  private String list(List<Dim> values) {
    return values.stream().map(number).collect(Collectors.joining(", ", "{", "}"));
  }
}
