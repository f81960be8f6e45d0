package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A call of a hand-written C++ function in the making ({@link Conversion#function}): its arguments
 * one after another, then {@link #emit}. What the function gets for each, {@link FunctionKernel}
 * says.
 *
 * <pre>{@code
 * cx.function(Header.own("sort.h"), "sort")
 *     .read(0)
 *     .write(0).write(1)
 *     .size(dim)
 *     .emit();
 * }</pre>
 */
public final class FunctionCall {
  private final Conversion cx;
  private final ProgramBuilder program;
  private final Header header;
  private final String function;
  private final List<Long> options = new ArrayList<>();
  private final List<FunctionKernel.Argument> arguments = new ArrayList<>();
  private Dim flops = Dim.ZERO;

  FunctionCall(Conversion cx, ProgramBuilder program, Header header, String function) {
    this.cx = cx;
    this.program = program;
    this.header = header;
    this.function = function;
  }

  /** The next template argument. */
  public FunctionCall option(long value) {
    options.add(value);
    return this;
  }

  /** The next template argument, 0 or 1. */
  public FunctionCall option(boolean value) {
    return option(value ? 1 : 0);
  }

  /** The node's tensor argument {@code i}, whole, in whatever strides it has. */
  public FunctionCall read(int i) {
    return read(cx.meta(i).shape(), index -> cx.load(i, index));
  }

  /** The node's tensor argument {@code i}, its dimensions in another order. */
  public FunctionCall read(int i, List<Integer> order) {
    return read(i, order, cx.meta(i).dtype());
  }

  /** The same, converted to {@code dtype}. */
  public FunctionCall read(int i, List<Integer> order, DType dtype) {
    TensorMeta meta = cx.meta(i);
    return read(
        order.stream().map(d -> meta.shape().get(d)).toList(),
        index -> {
          List<Dim> own = new ArrayList<>(index);
          for (int d = 0; d < index.size(); d++) {
            own.set(order.get(d), index.get(d));
          }
          return Expr.cast(dtype, cx.load(i, own));
        });
  }

  /**
   * A tensor of {@code shape} whose elements {@code body} gives. A load through strides is read
   * where it lies; anything else is computed into memory first.
   */
  public FunctionCall read(List<Dim> shape, Function<List<Dim>, Expr> body) {
    List<Dim.Symbol> axes = cx.axes(shape);
    Expr value = body.apply(Conversion.dims(axes));
    Operand operand = new Operand(axes, value);
    if (!program.isStrided(operand)) {
      Function<List<Dim>, Expr> temp = cx.temp(value.dtype(), shape, body);
      operand = operand.withValue(temp.apply(Conversion.dims(axes)));
    }
    arguments.add(new FunctionKernel.Read(operand));
    return this;
  }

  /** The node's result {@code i}, which the function writes in full. */
  public FunctionCall write(int i) {
    return write(cx.place(i));
  }

  /** The node's result {@code i}, its dimensions in another order. */
  public FunctionCall write(int i, List<Integer> order) {
    return write(cx.place(i), order);
  }

  /** Memory that the function writes in full. */
  public FunctionCall write(Place place) {
    return write(place, place.shape(), index -> index);
  }

  /** The same, its dimensions in another order. */
  public FunctionCall write(Place place, List<Integer> order) {
    return write(
        place,
        order.stream().map(place.shape()::get).toList(),
        index -> {
          Dim[] own = new Dim[order.size()];
          for (int d = 0; d < own.length; d++) {
            own[order.get(d)] = index.get(d);
          }
          return List.of(own);
        });
  }

  /**
   * A part of {@code place}, as a tensor of {@code shape} whose elements lie at {@code index};
   * strides must say where.
   */
  public FunctionCall write(Place place, List<Dim> shape, Function<List<Dim>, List<Dim>> index) {
    List<Dim.Symbol> axes = cx.axes(shape);
    arguments.add(
        new FunctionKernel.Write(axes, place.buffer(), index.apply(Conversion.dims(axes))));
    return this;
  }

  /** Memory of {@code elements} for the duration of the call, planned beside all intermediates. */
  public FunctionCall scratch(DType dtype, Dim elements) {
    arguments.add(new FunctionKernel.Scratch(program.temp(dtype, List.of(elements)).name()));
    return this;
  }

  /** Memory of {@code elements} for the duration of the call, if it is one on a GPU. */
  FunctionCall workspace(DType dtype, Dim elements) {
    if (program.isForGpus()) {
      arguments.add(new FunctionKernel.Workspace(program.workspace(dtype, elements).name()));
    }
    return this;
  }

  public FunctionCall size(Dim value) {
    arguments.add(new FunctionKernel.Size(value));
    return this;
  }

  public FunctionCall size(long value) {
    return size(Dim.of(value));
  }

  public FunctionCall real(double value) {
    arguments.add(new FunctionKernel.Real(value));
    return this;
  }

  /** What the call costs; the node's own cost grows by it. */
  public FunctionCall flops(Dim count) {
    flops = flops.plus(count);
    return this;
  }

  /** Adds the call to the program. */
  public void emit() {
    cx.flops(flops);
    program.add(
        new FunctionKernel(
            program.kernelName(function),
            header,
            function,
            options,
            cx.node().target().toString(),
            arguments,
            flops,
            List.of(cx.node().name())));
  }
}
