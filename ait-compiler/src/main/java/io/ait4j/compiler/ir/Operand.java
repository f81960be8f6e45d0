package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.List;

/**
 * What a template kernel reads at each point of {@code axes}, whose meaning and order the template
 * fixes.
 */
public record Operand(List<Dim.Symbol> axes, Expr value) {
  public Operand {
    axes = List.copyOf(axes);
  }

  public Operand withValue(Expr newValue) {
    return new Operand(axes, newValue);
  }
}
