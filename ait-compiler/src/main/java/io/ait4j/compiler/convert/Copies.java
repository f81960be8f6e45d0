package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.List;

/** Plain copies; the passes fold nearly all of them away. */
final class Copies {
  private Copies() {}

  static LoopKernel copy(String name, Buffer source, String target, List<Dim.Symbol> axes) {
    List<Dim> index = Conversion.dims(axes);
    return new LoopKernel(
        name,
        List.of(),
        List.of(
            new Stage(axes, target, index, new Expr.Load(source.name(), source.dtype(), index))),
        List.of());
  }
}
