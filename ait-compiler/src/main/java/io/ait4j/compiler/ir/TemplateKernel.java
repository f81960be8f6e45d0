package io.ait4j.compiler.ir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An instance of a hand-written kernel.
 *
 * @param operands what it reads, in the template's order; one that {@code packed} replaces keeps
 *     its expression
 * @param packed name of the buffer that holds the constant operand (weight, B) packed; empty if it
 *     is read as it is
 * @param epilogue what is done with each finished sum, which the body names {@link
 *     Expr.Accumulator}
 */
public record TemplateKernel(
    String name,
    Template template,
    List<Operand> operands,
    String packed,
    Stage epilogue,
    List<String> origins)
    implements Kernel {
  public TemplateKernel {
    operands = List.copyOf(operands);
    origins = List.copyOf(origins);
  }

  public TemplateKernel withEpilogue(Stage newEpilogue, List<String> newOrigins) {
    return new TemplateKernel(name, template, operands, packed, newEpilogue, newOrigins);
  }

  public TemplateKernel withOperands(List<Operand> newOperands) {
    return new TemplateKernel(name, template, newOperands, packed, epilogue, origins);
  }

  /** The same on another geometry, or computed otherwise. */
  public TemplateKernel withTemplate(Template other) {
    return new TemplateKernel(name, other, operands, packed, epilogue, origins);
  }

  public TemplateKernel withPacked(String buffer) {
    return new TemplateKernel(name, template, operands, buffer, epilogue, origins);
  }

  /**
   * Whether it reads any part of the buffer that it writes, which no template may: it reads its
   * operands again while results are being stored.
   */
  public boolean readsTarget() {
    return reads().contains(epilogue.target());
  }

  @Override
  public Set<String> reads() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < operands.size(); i++) {
      if (i == 1 && !packed.isEmpty()) {
        names.add(packed);
      } else {
        operands.get(i).value().loads().forEach(load -> names.add(load.buffer()));
      }
    }
    epilogue.body().loads().forEach(load -> names.add(load.buffer()));
    return names;
  }

  @Override
  public Set<String> writes() {
    return Set.of(epilogue.target());
  }
}
