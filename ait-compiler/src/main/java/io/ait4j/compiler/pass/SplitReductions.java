package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes two kernels of a long reduction to few results, which a GPU's many processors could not
 * share: the first reduces parts, the second those. Which part an element is in depends on the
 * sizes alone, so that results are the same on each GPU.
 */
final class SplitReductions implements Pass {
  /** Threads that keep a GPU busy. */
  private static final long BUSY = 1 << 18;

  /** What one thread of the first kernel combines at least. */
  private static final long LEAST = 16;

  /** Threads that share a result without being told to. */
  private static final long TOGETHER = 1024;

  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof LoopKernel loop
          && loop.outer().isEmpty()
          && loop.stages().size() == 1
          && !program.isConstant(loop)) {
        kernels.add(split(program, loop, kernels, buffers));
      } else {
        kernels.add(kernel);
      }
    }
    return program.withBuffers(buffers).withKernels(kernels);
  }

  /** What is left of the kernel; the kernels that reduce the parts are added. */
  private static LoopKernel split(
      Program program, LoopKernel loop, List<Kernel> kernels, Map<String, Buffer> buffers) {
    Stage stage = loop.stage();
    Expr body =
        stage
            .body()
            .rewrite(
                e -> {
                  if (!(e instanceof Expr.Reduce reduce)) {
                    return e;
                  }
                  long parts = parts(program, stage, reduce);
                  return parts < 2 ? e : parts(loop, stage, reduce, parts, kernels, buffers);
                });
    return body == stage.body() ? loop : loop.withStage(stage.withBody(body));
  }

  /** How many parts to make; 1 for none. */
  private static long parts(Program program, Stage stage, Expr.Reduce reduce) {
    long points = Math.max(1, LikelySizes.of(Sizes.points(stage.axes())));
    long length = LikelySizes.of(Sizes.points(reduce.axes()));
    // A block adds up a result along memory, 32 threads of one a column of results across it.
    long together = isAcross(program, stage, reduce) ? 8 : TOGETHER;
    return length < 4 * LEAST * together || points * together >= BUSY / 4
        ? 1
        : Math.min(
            LikelySizes.of(longest(reduce).extent()),
            Math.min(BUSY / (points * together), length / (LEAST * together)));
  }

  /** Whether neighbouring results read side by side, rather than neighbours in the reduction. */
  private static boolean isAcross(Program program, Stage stage, Expr.Reduce reduce) {
    int across = 0;
    for (Expr.Load load : reduce.body().loads()) {
      Dim address = Indices.address(load.index(), program.buffer(load.buffer()).strides());
      across += isUnit(address, stage.axes()) ? 1 : 0;
      across -= isUnit(address, reduce.axes()) ? 1 : 0;
    }
    return across > 0;
  }

  private static boolean isUnit(Dim address, List<Dim.Symbol> axes) {
    return axes.stream()
        .map(address::coefficient)
        .anyMatch(step -> step.isPresent() && step.get().is(1));
  }

  private static Dim.Symbol longest(Expr.Reduce reduce) {
    Dim.Symbol longest = reduce.axes().getFirst();
    for (Dim.Symbol axis : reduce.axes()) {
      longest = LikelySizes.of(axis.extent()) > LikelySizes.of(longest.extent()) ? axis : longest;
    }
    return longest;
  }

  private static Expr parts(
      LoopKernel loop,
      Stage stage,
      Expr.Reduce reduce,
      long parts,
      List<Kernel> kernels,
      Map<String, Buffer> buffers) {
    Dim.Symbol axis = longest(reduce);
    Dim length = axis.extent().ceilDiv(Dim.of(parts)).ceilDiv(Dim.of(8)).times(8);
    Dim count = axis.extent().ceilDiv(length.max(Dim.ONE));
    String name = loop.name() + "p" + kernels.size();
    Dim.Symbol part = index(axis.name() + "p", count);
    Dim.Symbol inside = index(axis.name() + "i", length);
    Dim whole = Dim.of(part).times(length).plus(Dim.of(inside));
    Expr element = reduce.body().substitute(s -> s.equals(axis) ? whole : null);
    Expr within = Expr.within(whole, Dim.ZERO, axis.extent());
    if (!(within instanceof Expr.Literal)) {
      element = Expr.guarded(within, element, neutral(reduce.op(), reduce.dtype()));
    }
    List<Dim.Symbol> inner = new ArrayList<>(reduce.axes());
    inner.set(inner.indexOf(axis), inside);
    List<Dim.Symbol> axes = new ArrayList<>(List.of(part));
    axes.addAll(stage.axes());
    List<Dim> shape = axes.stream().map(Dim.Symbol::extent).toList();
    List<Dim> index = axes.stream().map(Dim::of).toList();
    buffers.put(name, Buffer.temp(name, reduce.dtype(), shape));
    Expr sum = new Expr.Reduce(reduce.op(), inner, element);
    Stage first = new Stage(axes, name, index, sum);
    kernels.add(new LoopKernel(name, List.of(), List.of(first), loop.origins()));
    return new Expr.Reduce(reduce.op(), List.of(part), new Expr.Load(name, reduce.dtype(), index));
  }

  private static Dim.Symbol index(String name, Dim extent) {
    long max = extent.max();
    return new Dim.Symbol(name, 0, max == Dim.UNBOUNDED ? max : Math.max(0, max - 1), extent);
  }

  private static Expr neutral(ReduceOp op, DType dtype) {
    return switch (op) {
      case SUM, ANY -> Expr.literal(dtype, 0L);
      case PROD, ALL -> Expr.literal(dtype, 1L);
      case MAX -> extreme(dtype, false);
      case MIN -> extreme(dtype, true);
    };
  }

  private static Expr extreme(DType dtype, boolean largest) {
    if (dtype.isFloating()) {
      return Expr.literal(dtype, largest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }
    long bits = 8L * dtype.bytes();
    boolean signed = dtype != DType.UINT8 && dtype != DType.BOOL;
    long high = dtype == DType.BOOL ? 1 : signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
    return Expr.literal(dtype, largest ? high : signed ? -1L << (bits - 1) : 0);
  }
}
