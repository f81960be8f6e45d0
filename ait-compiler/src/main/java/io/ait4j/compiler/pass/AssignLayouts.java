package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Images go channels-last: what a convolution reads or writes, and what is computed from that element by element or by pooling, so that
 * vectors run over channels and no conversion stands between two convolutions. Inputs and outputs keep the layout their owner chose.
 */
final class AssignLayouts implements Pass {
  @Override
  public Program run(Program program) {
    Set<String> images = new HashSet<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template && template.template() instanceof Template.Conv2d) {
        template.operands().getFirst().value().loads().forEach(l -> images.add(l.buffer()));
        images.add(template.epilogue().target());
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Kernel kernel : program.kernels()) {
        boolean touches = kernel.buffers().stream().anyMatch(images::contains);
        if (touches) {
          changed |= kernel.buffers().stream().filter(b -> isImage(program, b)).map(images::add).reduce(false, Boolean::logicalOr);
        }
      }
    }
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    images.stream().filter(name -> isImage(program, name)).forEach(name -> buffers.put(name, channelsLast(buffers.get(name))));
    return program.withBuffers(buffers);
  }

  private static boolean isImage(Program program, String name) {
    Buffer buffer = program.buffer(name);
    return buffer.role() == Buffer.Role.TEMP && buffer.shape().size() == 4;
  }

  private static Buffer channelsLast(Buffer buffer) {
    List<Dim> s = buffer.shape();
    Dim row = s.get(1).times(s.get(3));
    return buffer.withStrides(List.of(row.times(s.get(2)), Dim.ONE, row, s.get(1)));
  }
}
