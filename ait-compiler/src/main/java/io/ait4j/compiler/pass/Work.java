package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a kernel must do at least, whatever its schedule: what a roofline says of it.
 *
 * @param flops slots of multiply-adds, two each: an operation of another kind takes one all the
 *     same, a function as many as {@link Cost} says
 * @param bytes read and written, each element of a buffer once, constants left out
 * @param constantBytes of constants that are read
 */
public record Work(Dim flops, Dim bytes, Dim constantBytes) {
  /** The work of a run's kernel. */
  public static Work of(Program program, Kernel kernel) {
    Count count = new Count(program);
    switch (kernel) {
      case LoopKernel loop -> loop.stages().forEach(stage -> count.stage(stage, loop.outer()));
      case TemplateKernel template -> count.template(template);
      case FunctionKernel function -> count.function(function);
      case PackKernel pack -> count.operand(pack.operand());
    }
    return count.done();
  }

  private static final class Count {
    private final Program program;
    private final Map<String, Dim> elements = new LinkedHashMap<>();
    private Dim flops = Dim.ZERO;

    Count(Program program) {
      this.program = program;
    }

    void stage(Stage stage, List<Dim.Symbol> outer) {
      List<Dim.Symbol> axes = new ArrayList<>(outer);
      axes.addAll(stage.axes());
      touch(stage.target(), Sizes.points(axes));
      body(stage.body(), axes);
    }

    void operand(Operand operand) {
      body(operand.value(), operand.axes());
    }

    void function(FunctionKernel kernel) {
      kernel.operands().forEach(this::operand);
      kernel.results().forEach(write -> touch(write.target(), Sizes.points(write.axes())));
      flops = flops.plus(kernel.flops());
    }

    void template(TemplateKernel kernel) {
      for (int i = 0; i < kernel.operands().size(); i++) {
        if (i == 1 && !kernel.packed().isEmpty()) {
          touch(kernel.packed(), Sizes.points(kernel.operands().get(i).axes()));
        } else {
          operand(kernel.operands().get(i));
        }
      }
      flops =
          flops.plus(
              switch (kernel.template()) {
                case Template.Gemm g ->
                    Dim.product(List.of(g.batch(), g.m(), g.n(), g.k())).times(2);
                case Template.Conv c ->
                    Dim.product(c.result())
                        .times(c.c())
                        .times(2 * c.taps() * c.algorithm().products())
                        .floorDiv(c.groups() * c.algorithm().insteadOf());
                case Template.Attention a -> attention(a);
              });
      stage(kernel.epilogue(), List.of());
    }

    /** Two products and a softmax; half of them under a causal mask. */
    private static Dim attention(Template.Attention a) {
      Dim scores = Dim.product(List.of(a.batch(), a.heads(), a.queryLength(), a.keyLength()));
      Dim all = scores.times(a.headDim().plus(a.valueDim()).plus(18)).times(2);
      return a.causal() ? all.floorDiv(2) : all;
    }

    private void body(Expr body, List<Dim.Symbol> axes) {
      Map<Expr, Boolean> reduced = new java.util.IdentityHashMap<>();
      double[] once = {0};
      body.forEach(
          e -> {
            if (e instanceof Expr.Reduce r) {
              List<Dim.Symbol> inner = new ArrayList<>(axes);
              inner.addAll(r.axes());
              flops = flops.plus(Sizes.points(inner).times(2)); // to combine
              body(r.body(), inner);
              r.body().forEach(part -> reduced.put(part, true));
            }
          });
      body.forEach(
          e -> {
            if (reduced.containsKey(e)) {
              return;
            }
            once[0] += Cost.arithmetic(e);
            if (e instanceof Expr.Load load) {
              touch(load.buffer(), points(load, axes));
            }
          });
      flops = flops.plus(Sizes.points(axes).times(Math.round(2 * once[0])));
    }

    /** How many elements a load sees at most: axes on which its place does not depend, once. */
    private static Dim points(Expr.Load load, List<Dim.Symbol> axes) {
      Set<Dim.Symbol> used = new LinkedHashSet<>();
      load.index().forEach(dim -> used.addAll(dim.symbols()));
      load.bindings()
          .values()
          .forEach(
              value ->
                  value.loads().forEach(l -> l.index().forEach(dim -> used.addAll(dim.symbols()))));
      return Sizes.points(axes.stream().filter(used::contains).toList());
    }

    private void touch(String buffer, Dim count) {
      elements.merge(buffer, count, Dim::plus);
    }

    Work done() {
      Dim bytes = Dim.ZERO;
      Dim constants = Dim.ZERO;
      for (Map.Entry<String, Dim> entry : elements.entrySet()) {
        Buffer buffer = program.buffer(entry.getKey());
        if (buffer.role() == Buffer.Role.LOCAL) {
          continue;
        }
        Dim most = buffer.packedFor() != null ? entry.getValue() : Dim.product(buffer.shape());
        Dim moved = entry.getValue().min(most).times(buffer.dtype().bytes());
        if (buffer.isConstant()) {
          constants = constants.plus(moved);
        } else {
          bytes = bytes.plus(moved);
        }
      }
      return new Work(flops, bytes, constants);
    }
  }
}
