package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sizes that depend on a graph's symbols: what is known of them before a run. A symbol of the graph
 * has no extent, a loop variable has one.
 */
public final class Sizes {
  private Sizes() {}

  /** Whether {@code dim} has one value for all of a run: no loop variable is in it. */
  public static boolean isFixed(Dim dim) {
    return dim.isConst() || dim.symbols().stream().allMatch(s -> s.extent() == null);
  }

  /** The symbols of the graph in {@code dim}. */
  static void collect(Dim dim, Set<Dim.Symbol> found) {
    if (!dim.isConst()) {
      dim.symbols().stream().filter(s -> s.extent() == null).forEach(found::add);
    }
  }

  /** How many points the axes have, 1 for none. */
  public static Dim points(List<Dim.Symbol> axes) {
    return Dim.product(axes.stream().map(Dim.Symbol::extent).toList());
  }

  /**
   * Row-major strides of a tensor of ours. Where a size turns out to be 0 there is no element, so
   * that strides need not be positive as PyTorch's are.
   */
  public static List<Dim> rowMajor(List<Dim> shape) {
    Dim[] strides = new Dim[shape.size()];
    Dim step = Dim.ONE;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = step;
      step = shape.get(i).is(0) ? step : step.times(shape.get(i));
    }
    return List.of(strides);
  }

  /** Elements from the first to the end of the last that the strides reach; at least 0. */
  public static Dim reach(Buffer buffer) {
    Dim last = Dim.ONE;
    for (int d = 0; d < buffer.shape().size(); d++) {
      Dim size = buffer.shape().get(d);
      if (size.is(0)) {
        return Dim.ZERO;
      }
      last = last.plus(size.minus(1).times(buffer.strides().get(d)));
    }
    return last.max(Dim.ZERO);
  }

  /** The symbols of the graph on which a kernel or the place of what it touches depends. */
  public static Set<Dim.Symbol> symbols(Program program, Kernel kernel) {
    Set<Dim.Symbol> found = new LinkedHashSet<>();
    if (program.symbols().isEmpty()) {
      return found;
    }
    for (String name : kernel.buffers()) {
      Buffer buffer = program.buffer(name);
      buffer.shape().forEach(d -> collect(d, found));
      buffer.strides().forEach(d -> collect(d, found));
    }
    switch (kernel) {
      case LoopKernel loop -> {
        axes(loop.outer(), found);
        loop.stages().forEach(s -> stage(s, found));
      }
      case TemplateKernel template -> {
        template.operands().forEach(o -> operand(o, found));
        stage(template.epilogue(), found);
      }
      case FunctionKernel function -> function.arguments().forEach(a -> argument(a, found));
      case PackKernel pack -> operand(pack.operand(), found);
    }
    return found;
  }

  private static void axes(List<Dim.Symbol> axes, Set<Dim.Symbol> found) {
    axes.forEach(a -> collect(a.extent(), found));
  }

  private static void stage(Stage stage, Set<Dim.Symbol> found) {
    axes(stage.axes(), found);
    stage.index().forEach(d -> collect(d, found));
    expr(stage.body(), found);
  }

  private static void argument(FunctionKernel.Argument argument, Set<Dim.Symbol> found) {
    switch (argument) {
      case FunctionKernel.Read read -> operand(read.operand(), found);
      case FunctionKernel.Write write -> {
        axes(write.axes(), found);
        write.index().forEach(d -> collect(d, found));
      }
      case FunctionKernel.Size size -> collect(size.value(), found);
      case FunctionKernel.Scratch scratch -> {}
      case FunctionKernel.Workspace workspace -> {}
      case FunctionKernel.Real real -> {}
    }
  }

  static void operand(Operand operand, Set<Dim.Symbol> found) {
    axes(operand.axes(), found);
    expr(operand.value(), found);
  }

  private static void expr(Expr expr, Set<Dim.Symbol> found) {
    expr.forEach(
        e -> {
          switch (e) {
            case Expr.Load load -> {
              load.index().forEach(d -> collect(d, found));
              load.bindings().keySet().forEach(s -> collect(s.extent(), found));
            }
            case Expr.Index index -> collect(index.value(), found);
            case Expr.Reduce reduce -> axes(reduce.axes(), found);
            case Expr other -> {}
          }
        });
  }

  /** Whether an operand is the same whatever the graph's symbols are. */
  public static boolean isStatic(Operand operand) {
    Set<Dim.Symbol> found = new LinkedHashSet<>();
    operand(operand, found);
    return found.isEmpty();
  }
}
