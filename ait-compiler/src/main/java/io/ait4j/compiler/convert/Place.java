package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;

/** Memory that kernels write, one or several, each a part; what is written can be read. */
public record Place(String buffer, DType dtype, List<Dim> shape) {
  public Place {
    shape = List.copyOf(shape);
  }

  /** Its element at {@code index}. */
  public Expr.Load load(List<Dim> index) {
    return new Expr.Load(buffer, dtype, index);
  }
}
