package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes {@link FuseRows} where the layout that has been chosen since has neighbouring rows lie
 * side by side: a row then is a walk over memory, and vectors run over many rows at once instead,
 * one stage after another. A norm over each channel of a channels-last image is such a kernel.
 */
final class SplitRows implements Pass {
  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof LoopKernel loop
          && loop.stages().size() > 1
          && !program.isConstant(loop)
          && crossesRows(program, loop)) {
        split(program, loop, kernels, buffers);
      } else {
        kernels.add(kernel);
      }
    }
    return program.withBuffers(buffers).withKernels(kernels);
  }

  private static void split(
      Program program, LoopKernel loop, List<Kernel> kernels, Map<String, Buffer> buffers) {
    for (Stage stage : loop.stages()) {
      Buffer target = program.buffer(stage.target());
      if (target.role() == Buffer.Role.LOCAL) {
        buffers.put(
            target.name(),
            target.withRole(Buffer.Role.TEMP).withStrides(Sizes.rowMajor(target.shape())));
      }
      List<Dim.Symbol> axes = new ArrayList<>(loop.outer());
      axes.addAll(stage.axes());
      boolean isLast = stage == loop.stages().getLast();
      String name = isLast ? loop.name() : loop.name() + "s" + kernels.size();
      Stage whole = new Stage(axes, stage.target(), stage.index(), stage.body());
      kernels.add(new LoopKernel(name, List.of(), List.of(whole), loop.origins()));
    }
  }

  /** Whether what a row touches lies in steps in memory, while its neighbours lie beside it. */
  private static boolean crossesRows(Program program, LoopKernel loop) {
    int along = 0;
    int across = 0;
    for (Stage stage : loop.stages()) {
      List<Dim.Symbol> inner = new ArrayList<>(stage.axes());
      stage
          .body()
          .forEach(
              e -> {
                if (e instanceof Expr.Reduce reduce) {
                  inner.addAll(reduce.axes());
                }
              });
      List<Expr.Load> touched = new ArrayList<>(stage.body().loads());
      touched.add(new Expr.Load(stage.target(), stage.body().dtype(), stage.index()));
      for (Expr.Load load : touched) {
        Buffer buffer = program.buffer(load.buffer());
        if (buffer.role() == Buffer.Role.LOCAL || !load.bindings().isEmpty()) {
          continue;
        }
        Dim address = Indices.address(load.index(), buffer.strides());
        along += isUnit(address, inner) ? 1 : 0;
        across += isUnit(address, loop.outer()) ? 1 : 0;
      }
    }
    return across > along;
  }

  private static boolean isUnit(Dim address, List<Dim.Symbol> axes) {
    return axes.stream()
        .filter(axis -> !axis.extent().is(1))
        .map(address::coefficient)
        .flatMap(Optional::stream)
        .anyMatch(step -> step.is(1));
  }
}
