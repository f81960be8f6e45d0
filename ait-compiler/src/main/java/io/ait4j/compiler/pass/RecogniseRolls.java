package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tensor cut and put together in another order, as a roll does, is that tensor read at an index
 * modulo its size: a view, which folds into its readers.
 */
final class RecogniseRolls implements Pass {
  @Override
  public Program run(Program program) {
    return Concatenation.rewrite(program, RecogniseRolls::roll);
  }

  private static Optional<Program> roll(Program program, Concatenation whole) {
    Dim size = whole.buffer().shape().get(whole.dim());
    Dim shift = null;
    Expr.Load source = null;
    for (Concatenation.Part part : whole.parts()) {
      if (!(part.stage().body() instanceof Expr.Load load)
          || !load.bindings().isEmpty()
          || !program.buffer(load.buffer()).shape().equals(whole.buffer().shape())
          || source != null && !source.buffer().equals(load.buffer())) {
        return Optional.empty();
      }
      Dim moved = moved(whole, part, load);
      if (moved == null) {
        return Optional.empty();
      }
      Dim own = moved.mod(size);
      if (shift != null && !shift.equals(own)) {
        return Optional.empty();
      }
      shift = own;
      source = load;
    }
    return Optional.of(replace(program, whole, source.buffer(), shift, size));
  }

  /** How far the part was moved along the dimension; null if anything else was done to it. */
  private static Dim moved(Concatenation whole, Concatenation.Part part, Expr.Load load) {
    Dim moved = null;
    for (int d = 0; d < load.index().size(); d++) {
      Dim difference = load.index().get(d).minus(part.stage().index().get(d));
      if (d == whole.dim()) {
        moved = difference;
      } else if (!difference.is(0)) {
        return null;
      }
    }
    return moved != null && Sizes.isFixed(moved) ? moved : null;
  }

  private static Program replace(
      Program program, Concatenation whole, String source, Dim shift, Dim size) {
    List<Dim.Symbol> axes = new ArrayList<>();
    List<Dim> index = new ArrayList<>();
    List<Dim> read = new ArrayList<>();
    Concatenation.Part last = whole.parts().getLast();
    for (int d = 0; d < whole.buffer().shape().size(); d++) {
      Dim extent = whole.buffer().shape().get(d);
      Dim at = Dim.ZERO;
      if (!extent.is(1)) {
        axes.add(HeadSplit.axis(last.kernel().name() + "d" + d, extent));
        at = Dim.of(axes.getLast());
      }
      index.add(at);
      read.add(d == whole.dim() ? at.plus(shift).mod(size) : at);
    }
    Set<String> origins = new LinkedHashSet<>();
    Set<Kernel> parts = new LinkedHashSet<>();
    for (Concatenation.Part part : whole.parts()) {
      origins.addAll(part.kernel().origins());
      parts.add(part.kernel());
    }
    Stage stage =
        new Stage(
            axes,
            whole.buffer().name(),
            index,
            new Expr.Load(source, whole.buffer().dtype(), read));
    Kernel roll =
        new LoopKernel(last.kernel().name(), List.of(), List.of(stage), List.copyOf(origins));
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (!parts.contains(kernel)) {
        kernels.add(kernel);
      } else {
        parts.remove(kernel);
        if (parts.isEmpty()) {
          kernels.add(roll); // where the last of them stood
        }
      }
    }
    return program.withKernels(kernels);
  }
}
