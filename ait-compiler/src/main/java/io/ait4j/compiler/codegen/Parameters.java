package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a kernel's function, named by position.
 *
 * @param order the buffers, in order
 * @param signature their declarations, the context first
 * @param names the C++ name of each, those private to the kernel included
 */
public record Parameters(List<String> order, Map<String, String> names, String signature) {

  public static Parameters of(Program program, Kernel kernel) {
    List<String> order = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();
    StringBuilder signature = new StringBuilder("const Context& cx");
    Set<String> written = kernel.writes();
    for (String name : kernel.buffers()) {
      Buffer buffer = program.buffer(name);
      if (buffer.role() == Buffer.Role.LOCAL) {
        names.put(name, "local" + names.size());
        continue;
      }
      String parameter = "p" + order.size();
      order.add(name);
      names.put(name, parameter);
      signature
          .append(", ")
          .append(written.contains(name) ? "" : "const ")
          .append(Cpp.memory(buffer.dtype()))
          .append("* __restrict ")
          .append(parameter);
    }
    return new Parameters(List.copyOf(order), names, signature.toString());
  }
}
