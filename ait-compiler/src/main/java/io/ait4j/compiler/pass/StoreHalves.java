package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a model is to be kept in half precision: what products, convolutions and attention read and
 * write is stored as halves, and what pointwise work makes of that, too. Not touched are small
 * numbers that decide much: statistics (what a reduction leaves of many), and what is computed from
 * indices and other types, such as angles of positions. For GPUs, whose tensor cores multiply
 * halves, operands that are inputs of the model or expressions are copied into halves first; CPUs
 * widen what they read, so that floats are as good.
 */
final class StoreHalves implements Pass {
  private final DType half;
  private final boolean multiplied;

  /** Whether products are of halves; else of what halves are widened to. */
  StoreHalves(DType half, boolean multiplied) {
    this.half = half;
    this.multiplied = multiplied;
  }

  @Override
  public Program run(Program program) {
    Program retyped = retyped(program, chosen(program));
    return multiplied ? materialised(retyped) : retyped;
  }

  private Set<String> chosen(Program program) {
    Set<String> chosen = new HashSet<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template && !program.isConstant(kernel)) {
        int tensors = template.template() instanceof Template.Attention ? 3 : 2;
        template.operands().stream()
            .limit(tensors)
            .flatMap(operand -> operand.value().loads().stream())
            .forEach(load -> add(program, load.buffer(), chosen));
        add(program, template.epilogue().target(), chosen);
      }
    }
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Kernel kernel : program.kernels()) {
        if (kernel instanceof LoopKernel loop && loop.reads().stream().anyMatch(chosen::contains)) {
          Set<String> statistics = statistics(program, loop);
          for (String target : loop.writes()) {
            if (!statistics.contains(target)) {
              grows |= add(program, target, chosen);
            }
          }
        }
      }
    }
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof FunctionKernel || kernel instanceof PackKernel) {
        chosen.removeAll(kernel.buffers()); // they are told the types of memory
      }
    }
    if (!multiplied) {
      keepAlike(program, chosen);
    }
    return chosen;
  }

  /**
   * Queries, keys and values of an attention are of one type: a cache of floats is read in place.
   */
  private static void keepAlike(Program program, Set<String> chosen) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Kernel kernel : program.kernels()) {
        if (kernel instanceof TemplateKernel template
            && template.template() instanceof Template.Attention) {
          Set<String> read = new HashSet<>();
          template.operands().stream()
              .limit(3)
              .forEach(o -> o.value().loads().forEach(load -> read.add(load.buffer())));
          changed |= !chosen.containsAll(read) && chosen.removeAll(read);
        }
      }
    }
  }

  /**
   * What stages leave of more numbers than that, and what others make of it alone: squares add up
   * to more than a half type holds.
   */
  private static Set<String> statistics(Program program, LoopKernel loop) {
    Set<String> statistics = new HashSet<>();
    for (Stage stage : loop.stages()) {
      List<String> read = stage.body().loads().stream().map(Expr.Load::buffer).toList();
      boolean fewer =
          read.stream().anyMatch(b -> size(program, loop, b) > size(program, loop, stage.target()));
      boolean derived =
          read.stream().anyMatch(statistics::contains)
              && read.stream()
                  .allMatch(b -> statistics.contains(b) || program.buffer(b).isConstant());
      if (stage.body().hasReduce() && fewer || derived) {
        statistics.add(stage.target());
      }
    }
    return statistics;
  }

  /** Of all iterations together, where the buffer is private to each. */
  private static long size(Program program, LoopKernel loop, String buffer) {
    boolean each = program.buffer(buffer).role() == Buffer.Role.LOCAL;
    return size(program, buffer) * (each ? LikelySizes.of(Sizes.points(loop.outer())) : 1);
  }

  private static boolean add(Program program, String name, Set<String> chosen) {
    Buffer buffer = program.buffer(name);
    return buffer.role() == Buffer.Role.TEMP && buffer.dtype() == DType.FLOAT32 && chosen.add(name);
  }

  private static long size(Program program, String buffer) {
    return LikelySizes.of(Dim.product(program.buffer(buffer).shape()));
  }

  private Program retyped(Program program, Set<String> chosen) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    chosen.forEach(
        name -> {
          Buffer b = buffers.get(name);
          buffers.put(name, new Buffer(name, half, b.shape(), b.strides(), b.role(), null));
        });
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      kernels.add(
          switch (kernel) {
            case LoopKernel loop ->
                new LoopKernel(
                    loop.name(),
                    loop.outer(),
                    loop.stages().stream().map(stage -> retyped(stage, chosen)).toList(),
                    loop.origins());
            case TemplateKernel template ->
                template
                    .withOperands(
                        template.operands().stream()
                            .map(o -> o.withValue(retyped(o.value(), chosen)))
                            .toList())
                    .withEpilogue(retyped(template.epilogue(), chosen), template.origins());
            case Kernel other -> other;
          });
    }
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  private Stage retyped(Stage stage, Set<String> chosen) {
    Expr body = retyped(stage.body(), chosen);
    return stage.withBody(chosen.contains(stage.target()) ? Expr.cast(half, body) : body);
  }

  private Expr retyped(Expr expr, Set<String> chosen) {
    return expr.rewrite(
        e ->
            e instanceof Expr.Load load && chosen.contains(load.buffer())
                ? Expr.cast(
                    DType.FLOAT32,
                    new Expr.Load(load.buffer(), half, load.index(), load.bindings()))
                : e);
  }

  private Program materialised(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template && !program.isConstant(kernel)) {
        List<Operand> operands = new ArrayList<>(template.operands());
        for (int i = 0; i < operands.size(); i++) {
          boolean isMask = template.template() instanceof Template.Attention && i == 3;
          boolean isWeight =
              i == 1
                  && !(template.template() instanceof Template.Attention)
                  && FoldScales.hasConstantWeight(program, template);
          if (!isMask
              && !isWeight
              && operands.get(i).value().dtype() == DType.FLOAT32
              && !isHalf(operands.get(i).value())) {
            operands.set(i, copy(template, i, buffers, kernels));
          }
        }
        kernels.add(template.withOperands(operands));
      } else {
        kernels.add(kernel);
      }
    }
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  private static boolean isHalf(Expr value) {
    return value instanceof Expr.Cast cast && Halves.isHalf(cast.operand().dtype());
  }

  private Operand copy(
      TemplateKernel kernel, int position, Map<String, Buffer> buffers, List<Kernel> kernels) {
    Operand operand = kernel.operands().get(position);
    List<Dim.Symbol> axes = operand.axes();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      order.add(i);
    }
    if (kernel.template() instanceof Template.Conv && position == 0) {
      order.remove(1); // channels last
      order.add(1);
    }
    List<Dim> shape = axes.stream().map(Dim.Symbol::extent).toList();
    Buffer buffer =
        new Buffer(
            kernel.name() + "_half" + position,
            half,
            shape,
            strides(shape, order),
            Buffer.Role.TEMP,
            null);
    buffers.put(buffer.name(), buffer);
    List<Dim> index = axes.stream().map(Dim::of).toList();
    Stage store =
        new Stage(
            order.stream().map(axes::get).toList(),
            buffer.name(),
            index,
            Expr.cast(half, operand.value()));
    kernels.add(new LoopKernel(buffer.name(), List.of(), List.of(store), kernel.origins()));
    return operand.withValue(Expr.cast(DType.FLOAT32, new Expr.Load(buffer.name(), half, index)));
  }

  /** Dense in this order, rows beginning at multiples of 16 bytes. */
  private static List<Dim> strides(List<Dim> shape, List<Integer> order) {
    Dim[] strides = new Dim[shape.size()];
    Dim step = Dim.ONE;
    for (int i = order.size() - 1; i >= 0; i--) {
      strides[order.get(i)] = step;
      step = step.times(shape.get(order.get(i)));
      if (i == order.size() - 1) {
        step = step.ceilDiv(Dim.of(8)).times(8);
      }
    }
    return List.of(strides);
  }
}
