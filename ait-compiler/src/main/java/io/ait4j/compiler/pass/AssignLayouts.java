package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images go channels-last: what a convolution reads or writes, and what is computed from that
 * element by element or by pooling, so that vectors run over channels and no conversion stands
 * between two convolutions. Which dimension that is, of a tensor that is permuted on its way,
 * {@link ImageOrders} finds out. Inputs and outputs keep the layout their owner chose.
 */
final class AssignLayouts implements Pass {
  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    new ImageOrders(program)
        .find()
        .forEach((name, order) -> buffers.put(name, laidOut(buffers.get(name), order)));
    keepStrided(program, buffers);
    Program laidOut = program.withBuffers(buffers);
    return laidOut.withKernels(
        laidOut.kernels().stream().map(k -> withChannelStride(laidOut, k)).toList());
  }

  /** What a template reads by strides, through a reshape, stays where those strides reach it. */
  private static void keepStrided(Program program, Map<String, Buffer> buffers) {
    Program laidOut = program.withBuffers(buffers);
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof FunctionKernel function) {
        keepStrided(program, laidOut, function, buffers);
      }
      if (!(kernel instanceof TemplateKernel template)
          || template.template() instanceof Template.Gemm) {
        continue;
      }
      int strided = template.template() instanceof Template.Conv ? 1 : 3;
      for (int i = 0; i < strided; i++) {
        Expr value = template.operands().get(i).value();
        if (!TemplateOperands.accepts(laidOut, template, i, value)) {
          value.loads().forEach(l -> buffers.put(l.buffer(), program.buffer(l.buffer())));
        }
      }
    }
  }

  private static void keepStrided(
      Program program, Program laidOut, FunctionKernel function, Map<String, Buffer> buffers) {
    for (Operand operand : function.operands()) {
      if (Strides.of(laidOut, operand).isEmpty()) {
        operand.value().loads().forEach(l -> buffers.put(l.buffer(), program.buffer(l.buffer())));
      }
    }
    for (FunctionKernel.Write result : function.results()) {
      Buffer target = laidOut.buffer(result.target());
      if (Strides.of(target, result.axes(), result.index()).isEmpty()) {
        buffers.put(target.name(), program.buffer(target.name()));
      }
    }
  }

  private static Kernel withChannelStride(Program program, Kernel kernel) {
    if (!(kernel instanceof TemplateKernel template)
        || !(template.template() instanceof Template.Conv c)) {
      return kernel;
    }
    Operand image = template.operands().getFirst();
    Expr.Load load = (Expr.Load) image.value();
    Dim address = Indices.address(load.index(), program.buffer(load.buffer()).strides());
    Dim stride = c.c().is(1) ? Dim.ONE : address.coefficient(image.axes().get(1)).orElseThrow();
    Template.Conv laidOut = c.withChannelStride(stride);
    return template.withTemplate(laidOut);
  }

  /** Without gaps, its dimensions in this order from the outermost to the innermost. */
  private static Buffer laidOut(Buffer buffer, List<Integer> order) {
    Dim[] strides = new Dim[order.size()];
    Dim step = Dim.ONE;
    for (int d : order.reversed()) {
      strides[d] = step;
      step = step.times(buffer.shape().get(d));
    }
    return buffer.withStrides(List.of(strides));
  }
}
