package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Constant operands of products and convolutions are packed once, into the order of the
 * micro-kernel; equal ones share a buffer. A convolution's weights that are data are packed in each
 * run.
 */
final class PackConstants implements Pass {
  /** No micro-kernel has more columns. */
  private static final long WIDEST_PANEL = 64;

  private final DType storage;

  PackConstants(DType storage) {
    this.storage = storage;
  }

  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    Map<Object, String> known = new HashMap<>();
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (!(kernel instanceof TemplateKernel template)
          || template.template() instanceof Template.Attention
          || !template.packed().isEmpty()
          || template.template() instanceof Template.Gemm g && !g.batch().is(1)) {
        kernels.add(kernel);
        continue;
      }
      if (!FoldScales.hasConstantWeight(program, template)) {
        if (template.template() instanceof Template.Conv conv) {
          Buffer packed =
              Buffer.temp(template.name() + "_packed", DType.FLOAT32, List.of(most(conv)));
          buffers.put(packed.name(), packed);
          kernels.add(pack(template, packed.name()));
          kernels.add(template.withPacked(packed.name()));
        } else {
          kernels.add(kernel); // products pack what is no constant on the way
        }
        continue;
      }
      Operand weight = template.operands().get(1);
      Object key = List.of(shapeOf(template.template()), canonical(weight));
      String name = known.get(key);
      if (name == null) {
        name = template.name() + "_packed";
        known.put(key, name);
        buffers.put(
            name,
            new Buffer(
                name,
                widens(template.template()) ? storage : DType.FLOAT32,
                List.of(),
                List.of(),
                Buffer.Role.FOLDED,
                template.template()));
        kernels.add(pack(template, name));
      }
      kernels.add(template.withPacked(name));
    }
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  /** Whether the kernel widens packed halves; Precision says why the others keep floats. */
  private static boolean widens(Template template) {
    return !(template instanceof Template.Conv conv)
        || conv.algorithm() == Template.Algorithm.DIRECT && !conv.isDepthwise();
  }

  private static PackKernel pack(TemplateKernel kernel, String target) {
    return new PackKernel(
        kernel.name() + "_pack",
        kernel.template(),
        kernel.operands().get(1),
        target,
        kernel.origins());
  }

  /** At least as many elements as any target's packed operand: columns are padded to panels. */
  static Dim most(Template template) {
    return switch (template) {
      case Template.Gemm g -> g.k().times(g.n().plus(WIDEST_PANEL - 1));
      case Template.Conv c -> {
        Dim inputs = c.c().floorDiv(c.groups());
        Dim outputs = c.oc().floorDiv(c.groups());
        long each = c.algorithm() == Template.Algorithm.DIRECT ? c.taps() : transformed(c);
        yield inputs.times(outputs.plus(WIDEST_PANEL - 1)).times(c.groups() * each);
      }
      case Template.Attention a -> throw new IllegalStateException("attention packs nothing");
    };
  }

  /** Numbers that Winograd's algorithm makes of a kernel of 3 x 3 at each depth. */
  private static long transformed(Template.Conv conv) {
    return conv.taps() / 9 * conv.algorithm().products();
  }

  /** What of the geometry the packed form depends on. */
  private static Object shapeOf(Template template) {
    return switch (template) {
      case Template.Gemm g -> List.of("gemm", g.k(), g.n());
      case Template.Conv c -> c;
      case Template.Attention a -> a;
    };
  }

  /** The operand with its axes renamed by position, for comparison. */
  private static Object canonical(Operand operand) {
    List<Dim.Symbol> axes = operand.axes();
    return operand
        .value()
        .substitute(
            s -> {
              int at = axes.indexOf(s);
              return at < 0 ? null : Dim.index("axis" + at, s.extent());
            });
  }
}
