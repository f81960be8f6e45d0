package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Concatenation and final copies without moving anything: when an intermediate is copied whole into
 * a place of another buffer, it is computed there, and its other readers read it there.
 */
final class WriteInPlace implements Pass {
  @Override
  public Program run(Program program) {
    Program current = program;
    for (Kernel kernel : program.kernels()) {
      current = place(current, kernel.name());
    }
    return current;
  }

  private static Program place(Program program, String name) {
    Optional<Kernel> found =
        program.kernels().stream().filter(k -> k.name().equals(name)).findFirst();
    if (found.isEmpty()
        || !(found.get() instanceof LoopKernel copy)
        || copy.stages().size() != 1
        || !(copy.stage().body() instanceof Expr.Load load)
        || !load.bindings().isEmpty()) {
      return program;
    }
    Stage stage = copy.stage();
    Buffer source = program.buffer(load.buffer());
    Buffer target = program.buffer(stage.target());
    if (source.role() != Buffer.Role.TEMP
        || source.dtype() != target.dtype()
        || target.isConstant()) {
      return program;
    }
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> inverse =
        Indices.inverse(stage.axes(), load.index(), source.shape());
    if (inverse.isEmpty() || dependsOn(program, copy, source.name(), target.name())) {
      return program;
    }
    Function<List<Dim>, List<Dim>> move =
        index -> {
          Map<Dim.Symbol, Dim> values = inverse.get().apply(index);
          return stage.index().stream().map(d -> d.substitute(values::get)).toList();
        };
    List<Kernel> kernels = new ArrayList<>();
    boolean[] refused = {false};
    for (Kernel kernel : program.kernels()) {
      if (kernel == copy) {
        continue;
      }
      Kernel read =
          kernel.reads().contains(source.name()) || kernel.writes().contains(source.name())
              ? Sites.map(
                  kernel,
                  (site, expr) -> {
                    Expr moved =
                        expr.rewrite(
                            e ->
                                e instanceof Expr.Load l && l.buffer().equals(source.name())
                                    ? new Expr.Load(
                                        target.name(),
                                        l.dtype(),
                                        move.apply(l.index()),
                                        l.bindings())
                                    : e);
                    if (moved != expr
                        && site.operand() >= 0
                        && !TemplateOperands.accepts(program, kernel, site.operand(), moved)) {
                      refused[0] = true;
                    }
                    return moved;
                  })
              : kernel;
      Kernel written =
          kernel.writes().contains(source.name())
              ? retarget(read, source.name(), target.name(), move)
              : read;
      refused[0] |= !isStrided(program, written);
      kernels.add(written);
    }
    if (refused[0]) {
      return program;
    }
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    buffers.remove(source.name());
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  /** Whether a kernel other than the copy would read and write {@code target}. */
  private static boolean dependsOn(Program program, Kernel copy, String source, String target) {
    return program.kernels().stream()
        .filter(k -> k != copy)
        .anyMatch(
            k ->
                k.writes().contains(source) && k.reads().contains(target)
                    || k.reads().contains(source) && k.writes().contains(target));
  }

  /** Whether a function, which writes through strides, can write what it is to write. */
  private static boolean isStrided(Program program, Kernel kernel) {
    return !(kernel instanceof FunctionKernel function)
        || function.results().stream()
            .allMatch(w -> Strides.of(program.buffer(w.target()), w.axes(), w.index()).isPresent());
  }

  private static Kernel retarget(
      Kernel kernel, String from, String to, Function<List<Dim>, List<Dim>> move) {
    return switch (kernel) {
      case LoopKernel loop ->
          new LoopKernel(
              loop.name(),
              loop.outer(),
              loop.stages().stream().map(s -> retarget(s, from, to, move)).toList(),
              loop.origins());
      case TemplateKernel template ->
          template.withEpilogue(retarget(template.epilogue(), from, to, move), template.origins());
      case FunctionKernel function ->
          function.withArguments(
              function.arguments().stream()
                  .map(
                      a ->
                          a instanceof FunctionKernel.Write w && w.target().equals(from)
                              ? new FunctionKernel.Write(w.axes(), to, move.apply(w.index()))
                              : a)
                  .toList());
      case PackKernel pack -> pack;
    };
  }

  private static Stage retarget(
      Stage stage, String from, String to, Function<List<Dim>, List<Dim>> move) {
    return stage.target().equals(from)
        ? new Stage(stage.axes(), to, move.apply(stage.index()), stage.body())
        : stage;
  }
}
