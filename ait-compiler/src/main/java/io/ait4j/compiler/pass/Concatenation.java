package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * An intermediate whose parts are computed one beside the other along one dimension.
 *
 * @param parts from the first to the last
 */
record Concatenation(Buffer buffer, int dim, List<Part> parts) {
  /**
   * What fills {@code [offset, offset + size)}, element by element and whole.
   *
   * @param stage its axes in the order of the buffer's dimensions; those of size 1 have none
   */
  record Part(LoopKernel kernel, Stage stage, Dim offset, Dim size) {
    /** The axis that runs along the dimension of the concatenation; null for a single place. */
    Dim.Symbol axis(int dim) {
      return stage.index().get(dim).symbols().stream()
          .filter(s -> s.extent() != null)
          .findFirst()
          .orElse(null);
    }
  }

  /** What each part holds, its axes named by the dimensions that they run along. */
  List<Expr> contents() {
    return parts.stream().map(this::content).toList();
  }

  private Expr content(Part part) {
    Map<Dim.Symbol, Dim> names = new HashMap<>();
    for (int d = 0; d < buffer.shape().size(); d++) {
      for (Dim.Symbol axis : part.stage.index().get(d).symbols()) {
        if (axis.extent() != null) {
          names.put(axis, Dim.index("d" + d, axis.extent()));
        }
      }
    }
    return part.stage.body().substitute(names::get);
  }

  /** All of a program. */
  static List<Concatenation> all(Program program) {
    Map<String, List<Kernel>> writers = program.writers();
    return program.buffers().keySet().stream()
        .flatMap(buffer -> of(program, buffer, writers.getOrDefault(buffer, List.of())).stream())
        .toList();
  }

  /** The program after {@code step} at each concatenation for which it has something better. */
  static Program rewrite(
      Program program, BiFunction<Program, Concatenation, Optional<Program>> step) {
    Map<String, List<Kernel>> writers = program.writers(); // no step adds one to another buffer
    Program current = program;
    for (String buffer : program.buffers().keySet()) {
      if (writers.getOrDefault(buffer, List.of()).size() > 1) {
        Program before = current;
        current =
            of(before, buffer, before.writers().getOrDefault(buffer, List.of()))
                .flatMap(whole -> step.apply(before, whole))
                .orElse(before);
      }
    }
    return current;
  }

  /** What {@code buffer} is put together from; empty if it is written in any other way. */
  private static Optional<Concatenation> of(Program program, String buffer, List<Kernel> writers) {
    Buffer target = program.buffer(buffer);
    if (target.role() != Buffer.Role.TEMP || writers.size() < 2) {
      return Optional.empty();
    }
    for (int dim = 0; dim < target.shape().size(); dim++) {
      Optional<Concatenation> along = along(target, dim, writers);
      if (along.isPresent()) {
        return along;
      }
    }
    return Optional.empty();
  }

  private static Optional<Concatenation> along(Buffer target, int dim, List<Kernel> writers) {
    List<Part> open = new ArrayList<>();
    for (Kernel writer : writers) {
      Optional<Part> part = part(target, dim, writer);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      open.add(part.get());
    }
    List<Part> parts = new ArrayList<>();
    Dim end = Dim.ZERO;
    while (!open.isEmpty()) {
      Dim at = end;
      Optional<Part> next = open.stream().filter(p -> p.offset.equals(at)).findFirst();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      parts.add(next.get());
      open.remove(next.get());
      end = end.plus(next.get().size);
    }
    return end.equals(target.shape().get(dim))
        ? Optional.of(new Concatenation(target, dim, parts))
        : Optional.empty();
  }

  private static Optional<Part> part(Buffer target, int dim, Kernel writer) {
    if (!(writer instanceof LoopKernel loop)
        || loop.stages().size() != 1
        || !loop.outer().isEmpty()
        || loop.stage().body().hasReduce()) {
      return Optional.empty();
    }
    Stage stage = withoutUnits(loop.stage());
    List<Dim.Symbol> open = new ArrayList<>(stage.axes());
    Dim offset = Dim.ZERO;
    Dim size = Dim.ONE;
    for (int d = 0; d < target.shape().size(); d++) {
      Dim index = stage.index().get(d);
      List<Dim.Symbol> mentioned =
          index.symbols().stream().filter(s -> s.extent() != null).toList();
      if (mentioned.size() > 1) {
        return Optional.empty();
      }
      Dim start = index;
      Dim extent = Dim.ONE;
      if (!mentioned.isEmpty()) {
        Dim.Symbol axis = mentioned.getFirst();
        start = index.minus(Dim.of(axis));
        extent = axis.extent();
        if (start.symbols().contains(axis) || !open.remove(axis)) {
          return Optional.empty();
        }
      }
      if (d == dim) {
        offset = start;
        size = extent;
      } else if (!start.is(0) || !extent.equals(target.shape().get(d))) {
        return Optional.empty();
      }
    }
    return open.isEmpty() ? Optional.of(new Part(loop, stage, offset, size)) : Optional.empty();
  }

  private static Stage withoutUnits(Stage stage) {
    List<Dim.Symbol> kept = stage.axes().stream().filter(a -> !a.extent().is(1)).toList();
    return stage.reindex(
        kept, s -> stage.axes().contains(s) && !kept.contains(s) ? Dim.ZERO : null);
  }
}
