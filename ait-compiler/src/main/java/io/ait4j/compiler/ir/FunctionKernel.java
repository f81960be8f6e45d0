package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One call of a hand-written C++ function, for what is neither a loop nor a product. Passes see
 * whole tensors go in and come out and nothing of what is between; views of them are read and
 * written through strides.
 *
 * <p>The function is {@code ait::function<options...>(const ait::Call&, arguments...)}, in {@code
 * function.h} are the types it gets: {@code ait::Tensor<const T>} for a {@link Read}, {@code
 * ait::Tensor<T>} for a {@link Write}, {@code T*} for {@link Scratch}, {@code int64_t} for a {@link
 * Size}, {@code double} for a {@link Real}. It parallelises by {@code ait::parallel_for} itself,
 * splitting its work by sizes only, and tells errors by {@code ait::fail}, which names the
 * operator; it must not touch memory outside of its arguments whatever the data is. What it is on
 * GPUs, {@link GpuFunction} says.
 *
 * @param header where the function is
 * @param function its name, within namespace {@code ait}
 * @param options its leading template arguments; the types of elements follow by deduction
 * @param operator what it computes, as {@code aten::sort}; errors name it
 * @param flops what the call costs, for estimates
 */
public record FunctionKernel(
    String name,
    Header header,
    String function,
    List<Long> options,
    String operator,
    List<Argument> arguments,
    Dim flops,
    List<String> origins)
    implements Kernel {

  /** What the function gets, in its order. */
  public sealed interface Argument {}

  /** A tensor over the operand's axes; its value is one load through strides. */
  public record Read(Operand operand) implements Argument {}

  /** A tensor over {@code axes}, whose elements become those of {@code target} at {@code index}. */
  public record Write(List<Dim.Symbol> axes, String target, List<Dim> index) implements Argument {
    public Write {
      axes = List.copyOf(axes);
      index = List.copyOf(index);
    }
  }

  /** Memory for the duration of the call: a temporary that nobody else reads. */
  public record Scratch(String buffer) implements Argument {}

  /**
   * Memory for the duration of the call, as {@link Scratch}, that GPUs alone need: the last
   * arguments, which the function on CPUs does not get.
   */
  public record Workspace(String buffer) implements Argument {}

  /** A number that sizes may decide. */
  public record Size(Dim value) implements Argument {}

  /** A number of the graph. */
  public record Real(double value) implements Argument {}

  public FunctionKernel {
    requireName(function, "[A-Za-z_][A-Za-z0-9_]*");
    requireName(operator, "[A-Za-z0-9_:.]+");
    options = List.copyOf(options);
    arguments = List.copyOf(arguments);
    origins = List.copyOf(origins);
  }

  private static void requireName(String name, String pattern) {
    if (!name.matches(pattern)) {
      throw new IllegalArgumentException("a name of " + name);
    }
  }

  public FunctionKernel withArguments(List<Argument> newArguments) {
    return new FunctionKernel(
        name, header, function, options, operator, newArguments, flops, origins);
  }

  public FunctionKernel withOrigins(List<String> newOrigins) {
    return new FunctionKernel(
        name, header, function, options, operator, arguments, flops, newOrigins);
  }

  /** The operands that it reads, in order. */
  public List<Operand> operands() {
    return only(Read.class).map(Read::operand).toList();
  }

  /** The same call on other operands. */
  public FunctionKernel withOperands(List<Operand> operands) {
    List<Argument> replaced = new ArrayList<>();
    int next = 0;
    for (Argument argument : arguments) {
      replaced.add(argument instanceof Read ? new Read(operands.get(next++)) : argument);
    }
    return withArguments(replaced);
  }

  /** The tensors that it writes, in order. */
  public List<Write> results() {
    return only(Write.class).toList();
  }

  private <T extends Argument> Stream<T> only(Class<T> kind) {
    return arguments.stream().filter(kind::isInstance).map(kind::cast);
  }

  @Override
  public Set<String> reads() {
    Set<String> names = new LinkedHashSet<>();
    operands().forEach(o -> o.value().loads().forEach(load -> names.add(load.buffer())));
    return names;
  }

  @Override
  public Set<String> writes() {
    Set<String> names = new LinkedHashSet<>();
    results().forEach(w -> names.add(w.target()));
    only(Scratch.class).forEach(s -> names.add(s.buffer()));
    only(Workspace.class).forEach(w -> names.add(w.buffer()));
    return names;
  }
}
