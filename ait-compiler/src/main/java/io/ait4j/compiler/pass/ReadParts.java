package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A loop over a concatenation becomes a loop over each of its parts, in one kernel, and computes
 * the parts itself: rotary embedding, whose turned halves are put together only to be read once.
 */
final class ReadParts implements Pass {
  @Override
  public Program run(Program program) {
    return Concatenation.rewrite(program, ReadParts::read);
  }

  private static Optional<Program> read(Program program, Concatenation whole) {
    List<Kernel> readers = program.readers().getOrDefault(whole.buffer().name(), List.of());
    if (readers.isEmpty() || !readers.stream().allMatch(ReadParts::isPointwise)) {
      return Optional.empty();
    }
    Map<Kernel, Kernel> replaced = new HashMap<>();
    for (Kernel reader : readers) {
      Optional<Kernel> split = split((LoopKernel) reader, whole);
      if (split.isEmpty()) {
        return Optional.empty();
      }
      replaced.put(reader, split.get());
    }
    for (Concatenation.Part part : whole.parts()) {
      Dim elements = Dim.product(part.stage().axes().stream().map(Dim.Symbol::extent).toList());
      if (!Cost.worthPulling(part.stage().body(), elements, elements.times(readers.size()))) {
        return Optional.empty();
      }
    }
    Set<Kernel> dropped = new LinkedHashSet<>();
    whole.parts().forEach(p -> dropped.add(p.kernel()));
    return Optional.of(
        program.withKernels(
            program.kernels().stream()
                .filter(k -> !dropped.contains(k))
                .map(k -> replaced.getOrDefault(k, k))
                .toList()));
  }

  private static boolean isPointwise(Kernel kernel) {
    return kernel instanceof LoopKernel loop
        && loop.stages().size() == 1
        && loop.outer().isEmpty()
        && !loop.stage().body().hasReduce();
  }

  /** The reader as a stage for each part; empty if it reads across them. */
  private static Optional<Kernel> split(LoopKernel reader, Concatenation whole) {
    Stage stage = reader.stage();
    Dim.Symbol along = null;
    for (Expr.Load load : stage.body().loads()) {
      if (load.buffer().equals(whole.buffer().name())) {
        Dim at = load.index().get(whole.dim());
        Dim.Symbol axis =
            stage.axes().stream().filter(a -> at.equals(Dim.of(a))).findFirst().orElse(null);
        if (axis == null || along != null && !along.equals(axis) || !load.bindings().isEmpty()) {
          return Optional.empty();
        }
        along = axis;
      }
    }
    if (along == null || !along.extent().equals(whole.buffer().shape().get(whole.dim()))) {
      return Optional.empty();
    }
    List<Dim.Symbol> outer = new ArrayList<>(stage.axes());
    outer.remove(along);
    List<Stage> stages = new ArrayList<>();
    Set<String> origins = new LinkedHashSet<>();
    for (Concatenation.Part part : whole.parts()) {
      stages.add(part(stage, along, whole, part, stages.size()));
      origins.addAll(part.kernel().origins());
    }
    origins.addAll(reader.origins());
    return Optional.of(new LoopKernel(reader.name(), outer, stages, List.copyOf(origins)));
  }

  private static Stage part(
      Stage reader, Dim.Symbol along, Concatenation whole, Concatenation.Part part, int number) {
    Dim.Symbol own =
        part.size().is(1) ? null : HeadSplit.axis(along.name() + "p" + number, part.size());
    Dim within = own == null ? Dim.ZERO : Dim.of(own);
    Dim place = part.offset().plus(within);
    Stage moved =
        reader.reindex(own == null ? List.of() : List.of(own), s -> s.equals(along) ? place : null);
    return moved.withBody(
        moved
            .body()
            .rewrite(
                e ->
                    e instanceof Expr.Load load && load.buffer().equals(whole.buffer().name())
                        ? element(load, whole, part, within)
                        : e));
  }

  /** What the part holds where {@code load} reads the whole. */
  private static Expr element(
      Expr.Load load, Concatenation whole, Concatenation.Part part, Dim within) {
    Map<Dim.Symbol, Dim> values = new HashMap<>();
    for (int d = 0; d < load.index().size(); d++) {
      Dim at = d == whole.dim() ? within : load.index().get(d);
      part.stage().index().get(d).symbols().stream()
          .filter(s -> s.extent() != null)
          .forEach(s -> values.put(s, at));
    }
    return part.stage().body().substitute(values::get);
  }
}
