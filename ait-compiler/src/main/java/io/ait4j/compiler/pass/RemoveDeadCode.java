package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Drops kernels whose results nobody reads, and buffers that nobody touches. */
final class RemoveDeadCode implements Pass {
  @Override
  public Program run(Program program) {
    Set<String> live = new HashSet<>(program.outputs());
    List<Kernel> kept = new ArrayList<>();
    for (Kernel kernel : program.kernels().reversed()) {
      if (kernel.writes().stream().anyMatch(live::contains)) {
        live.addAll(kernel.buffers());
        kept.add(kernel);
      }
    }
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    program
        .buffers()
        .forEach(
            (name, buffer) -> {
              if (live.contains(name)
                  || buffer.role() == Buffer.Role.INPUT
                  || buffer.role() == Buffer.Role.LOCAL) {
                buffers.put(name, buffer);
              }
            });
    return new Program(
        buffers, kept.reversed(), program.inputs(), program.outputs(), program.symbols());
  }
}
