package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A concatenation whose parts stand side by side in a longer one is read there: the lists of a
 * dense block, each one part longer than the last, lie in one buffer, and each part is stored once.
 */
final class ShareConcatenations implements Pass {
  @Override
  public Program run(Program program) {
    List<Concatenation> open = new ArrayList<>(Concatenation.all(program));
    open.sort(Comparator.comparingInt((Concatenation c) -> c.parts().size()).reversed());
    Program current = program;
    Set<String> shared = new HashSet<>();
    for (int i = 0; i < open.size(); i++) {
      Concatenation whole = open.get(i);
      for (Concatenation part : open.subList(i + 1, open.size())) {
        if (!shared.contains(whole.buffer().name()) && !shared.contains(part.buffer().name())) {
          Optional<Program> next = share(current, whole, part);
          if (next.isPresent()) {
            shared.add(part.buffer().name());
            current = next.get();
          }
        }
      }
    }
    return current;
  }

  private static Optional<Program> share(Program program, Concatenation whole, Concatenation part) {
    OptionalInt first = place(whole, part);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> twins = new HashMap<>();
    for (int i = 0; i < part.parts().size(); i++) {
      twins.put(
          part.parts().get(i).kernel().name(),
          whole.parts().get(first.getAsInt() + i).kernel().name());
    }
    Reading reading =
        new Reading(
            part.buffer(),
            whole.buffer(),
            whole.dim(),
            whole.parts().get(first.getAsInt()).offset());
    Map<String, Kernel> byName = new HashMap<>();
    program.kernels().forEach(k -> byName.put(k.name(), k));
    Set<String> stored = new HashSet<>();
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      String twin = twins.getOrDefault(kernel.name(), kernel.name());
      if (twins.containsKey(kernel.name()) || twins.containsValue(kernel.name())) {
        if (stored.add(twin)) { // where the first of the two stood
          kernels.add(Sites.withOrigins(byName.get(twin), kernel.origins()));
        }
        continue;
      }
      Optional<Kernel> moved = reading.moved(program, kernel);
      if (moved.isEmpty()) {
        return Optional.empty();
      }
      kernels.add(moved.get());
    }
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    buffers.remove(part.buffer().name());
    return Optional.of(
        new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols()));
  }

  /** From which part of {@code whole} on its parts are those of {@code part}. */
  private static OptionalInt place(Concatenation whole, Concatenation part) {
    Buffer large = whole.buffer();
    Buffer small = part.buffer();
    if (whole.dim() != part.dim()
        || large.dtype() != small.dtype()
        || large.shape().size() != small.shape().size()) {
      return OptionalInt.empty();
    }
    for (int d = 0; d < large.shape().size(); d++) {
      if (d != whole.dim() && !large.shape().get(d).equals(small.shape().get(d))) {
        return OptionalInt.empty();
      }
    }
    List<Content> all = contents(whole);
    List<Content> sought = contents(part);
    for (int at = 0; at + sought.size() <= all.size(); at++) {
      if (all.subList(at, at + sought.size()).equals(sought)) {
        return OptionalInt.of(at);
      }
    }
    return OptionalInt.empty();
  }

  /** A part that repeats one element along the dimension is the same at every size. */
  private record Content(Dim size, Expr value) {}

  private static List<Content> contents(Concatenation list) {
    List<Expr> values = list.contents();
    List<Content> contents = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      contents.add(new Content(list.parts().get(i).size(), values.get(i)));
    }
    return contents;
  }

  /** Reads of one buffer become reads of a place in another. */
  private record Reading(Buffer from, Buffer to, int dim, Dim offset) {

    /** The kernel that reads there; empty if it cannot, or only with divisions for addresses. */
    Optional<Kernel> moved(Program program, Kernel kernel) {
      if (!kernel.reads().contains(from.name())) {
        return Optional.of(kernel);
      }
      boolean[] refused = {false};
      Kernel result =
          Sites.map(
              kernel,
              (site, expr) -> {
                Expr moved = expr.rewrite(e -> e instanceof Expr.Load l ? load(l, refused) : e);
                refused[0] |=
                    moved != expr
                        && site.operand() >= 0
                        && !TemplateOperands.accepts(program, kernel, site.operand(), moved);
                return moved;
              });
      return refused[0] ? Optional.empty() : Optional.of(result);
    }

    private Expr load(Expr.Load load, boolean[] refused) {
      if (!load.buffer().equals(from.name())) {
        return load;
      }
      refused[0] |= !load.bindings().isEmpty() || !load.index().stream().allMatch(Reading::isPlain);
      List<Dim> index = new ArrayList<>(load.index());
      index.set(dim, index.get(dim).plus(offset));
      return new Expr.Load(to.name(), load.dtype(), index, load.bindings());
    }

    private static boolean isPlain(Dim index) {
      return index.symbols().stream().allMatch(s -> index.coefficient(s).isPresent());
    }
  }
}
