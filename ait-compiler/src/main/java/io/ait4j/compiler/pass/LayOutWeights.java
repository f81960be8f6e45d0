package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For GPUs: constant operands of products and convolutions are computed once and stored in the
 * order that tiles are read in, along the sum: a product's as (batch, n, k), a convolution's as
 * (output channel, depth, height, width, input channel), or as its image lies if channels are not
 * innermost there; with the output channels innermost if each channel is a group of its own. Rows
 * begin at multiples of 16 bytes. One that lies like that already stays where it is.
 */
final class LayOutWeights implements Pass {
  /** Bytes that the copy engine wants rows to begin at multiples of. */
  private static final long ALIGNMENT = 16;

  private final DType storage;

  /**
   * @param storage of what the model says in float32
   */
  LayOutWeights(DType storage) {
    this.storage = storage;
  }

  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template
          && !(template.template() instanceof Template.Attention)
          && FoldScales.hasConstantWeight(program, template)
          && !program.isConstant(kernel)) {
        kernels.addAll(laidOut(program, template, buffers));
      } else {
        kernels.add(kernel);
      }
    }
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  private List<Kernel> laidOut(
      Program program, TemplateKernel kernel, Map<String, Buffer> buffers) {
    Operand weight = kernel.operands().get(1);
    List<Integer> order = order(program, kernel);
    DType dtype = stored(weight.value());
    List<Dim> shape = weight.axes().stream().map(Dim.Symbol::extent).toList();
    List<Dim> strides = strides(shape, order, dtype);
    if (liesSo(program, weight, dtype, strides, order)) {
      return List.of(kernel);
    }
    Buffer buffer =
        new Buffer(kernel.name() + "_weight", dtype, shape, strides, Buffer.Role.FOLDED, null);
    buffers.put(buffer.name(), buffer);
    List<Dim> index = weight.axes().stream().map(Dim::of).toList();
    List<Dim.Symbol> axes = order.stream().map(weight.axes()::get).toList();
    Expr value = weight.value();
    Stage store = new Stage(axes, buffer.name(), index, Expr.cast(dtype, value));
    Expr load = new Expr.Load(buffer.name(), dtype, index);
    List<Operand> operands = new ArrayList<>(kernel.operands());
    operands.set(1, new Operand(weight.axes(), Expr.cast(value.dtype(), load)));
    return List.of(
        new LoopKernel(kernel.name() + "_layout", List.of(), List.of(store), kernel.origins()),
        kernel.withOperands(operands));
  }

  /** Axes of the weight from the slowest to the fastest. */
  private static List<Integer> order(Program program, TemplateKernel kernel) {
    return switch (kernel.template()) {
      case Template.Gemm g -> List.of(0, 2, 1);
      case Template.Conv c when !hasChannelsInside(program, kernel) -> List.of(0, 1, 2, 3, 4);
      case Template.Conv c when c.groups() > 1 && c.c().is(c.groups()) -> List.of(1, 2, 3, 4, 0);
      case Template.Conv c -> List.of(0, 2, 3, 4, 1);
      case Template.Attention a -> throw new IllegalStateException("attention has no weight");
    };
  }

  /** Whether the image's channels lie side by side: where it was copied, not as it was told. */
  private static boolean hasChannelsInside(Program program, TemplateKernel kernel) {
    Operand image = kernel.operands().getFirst();
    Expr value = image.value() instanceof Expr.Cast cast ? cast.operand() : image.value();
    return image.axes().get(1).extent().is(1)
        || Strides.of(program, image.withValue(value))
            .filter(strides -> strides.steps().get(1).is(1))
            .isPresent();
  }

  /** What the values need: a half that is only widened is kept as a half. */
  private DType stored(Expr value) {
    return value instanceof Expr.Cast(DType dtype, Expr operand)
            && dtype.isFloating()
            && operand instanceof Expr.Load
        ? operand.dtype()
        : value.dtype() == DType.FLOAT32 ? storage : value.dtype();
  }

  private static List<Dim> strides(List<Dim> shape, List<Integer> order, DType dtype) {
    Dim[] strides = new Dim[shape.size()];
    long least = Math.max(1, ALIGNMENT / dtype.bytes());
    Dim step = Dim.ONE;
    for (int i = order.size() - 1; i >= 0; i--) {
      int axis = order.get(i);
      strides[axis] = step;
      step = step.times(shape.get(axis));
      if (step.value() > least) {
        step = Dim.of(Math.ceilDiv(step.value(), least) * least);
      }
    }
    return List.of(strides);
  }

  private static boolean liesSo(
      Program program, Operand weight, DType dtype, List<Dim> strides, List<Integer> order) {
    Expr value =
        weight.value() instanceof Expr.Cast cast && cast.operand() instanceof Expr.Load
            ? cast.operand()
            : weight.value();
    if (!(value instanceof Expr.Load load) || load.dtype() != dtype || !load.bindings().isEmpty()) {
      return false;
    }
    Buffer buffer = program.buffer(load.buffer());
    Dim address = Indices.address(load.index(), buffer.strides());
    for (int axis : order) {
      Dim.Symbol symbol = weight.axes().get(axis);
      Dim step = address.coefficient(symbol).orElse(null);
      if (step == null || !symbol.extent().is(1) && !step.equals(strides.get(axis))) {
        return false;
      }
    }
    return address.substitute(s -> weight.axes().contains(s) ? Dim.ZERO : null).is(0);
  }
}
