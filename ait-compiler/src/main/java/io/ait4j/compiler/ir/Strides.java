package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where elements lie whose address is affine in axes, in elements: all of them numbers of a run.
 *
 * @param steps by axis; 0 for an axis of one point
 */
public record Strides(Dim offset, List<Dim> steps) {
  /** Of the elements of {@code buffer} at {@code index}; empty if no strides say where they lie. */
  public static Optional<Strides> of(Buffer buffer, List<Dim.Symbol> axes, List<Dim> index) {
    Dim address = Indices.address(index, buffer.strides());
    List<Dim> steps = new ArrayList<>();
    for (Dim.Symbol axis : axes) {
      Optional<Dim> step = axis.extent().is(1) ? Optional.of(Dim.ZERO) : address.coefficient(axis);
      if (step.isEmpty() || !Sizes.isFixed(step.get())) {
        return Optional.empty();
      }
      steps.add(step.get());
    }
    Dim offset = address.substitute(s -> axes.contains(s) ? Dim.ZERO : null);
    return Sizes.isFixed(offset)
        ? Optional.of(new Strides(offset, List.copyOf(steps)))
        : Optional.empty();
  }

  /** Of what an operand reads; empty unless it is one load through strides. */
  public static Optional<Strides> of(Program program, Operand operand) {
    return operand.value() instanceof Expr.Load load && load.bindings().isEmpty()
        ? of(program.buffer(load.buffer()), operand.axes(), load.index())
        : Optional.empty();
  }
}
