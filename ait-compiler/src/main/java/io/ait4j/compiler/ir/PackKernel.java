package io.ait4j.compiler.ir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings a template's constant operand into the order its micro-kernel reads; runs once, in the
 * fold program.
 */
public record PackKernel(
    String name, Template template, Operand operand, String target, List<String> origins)
    implements Kernel {
  @Override
  public Set<String> reads() {
    Set<String> names = new LinkedHashSet<>();
    operand.value().loads().forEach(load -> names.add(load.buffer()));
    return names;
  }

  @Override
  public Set<String> writes() {
    return Set.of(target);
  }
}
