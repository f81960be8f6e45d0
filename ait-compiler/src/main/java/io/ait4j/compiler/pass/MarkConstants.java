package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Marks what depends on weights alone, not on sizes that a run brings along: it is computed once,
 * when the library is built.
 */
final class MarkConstants implements Pass {
  @Override
  public Program run(Program program) {
    Set<String> varying = new HashSet<>();
    program.buffers().values().stream()
        .filter(b -> b.role() == Buffer.Role.INPUT || b.role() == Buffer.Role.OUTPUT)
        .forEach(b -> varying.add(b.name()));
    // Kernels are in order of execution. Before concatenations are shared, which is later, a buffer
    // is read only after all of its writers: one sweep is enough.
    for (Kernel kernel : program.kernels()) {
      if (kernel.reads().stream().anyMatch(varying::contains)
          || !Sizes.symbols(program, kernel).isEmpty()) {
        varying.addAll(kernel.writes());
      }
    }
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    for (Kernel kernel : program.kernels()) {
      for (String target : kernel.writes()) {
        if (!varying.contains(target) && buffers.get(target).role() == Buffer.Role.TEMP) {
          buffers.put(target, buffers.get(target).withRole(Buffer.Role.FOLDED));
        }
      }
    }
    return program.withBuffers(buffers);
  }
}
