package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One walk along a row: the points of a stage, or what a reduction takes together. All walks of a
 * row have the same length, so that each thread has its elements, whichever walk it is.
 *
 * @param axes from the outermost to the innermost, of known extents
 * @param reduction null for the points of a stage
 */
record RowLoop(FlatStage stage, Accumulation reduction, List<Dim.Symbol> axes, Expr body) {

  static RowLoop of(FlatStage stage) {
    return new RowLoop(stage, null, stage.axes(), stage.body());
  }

  static RowLoop of(FlatStage stage, Accumulation reduction) {
    return new RowLoop(stage, reduction, reduction.axes(), reduction.body());
  }

  /** Length of the row; -1 if that depends on the run. */
  long length() {
    Dim points = Sizes.points(axes);
    return points.isConst() ? points.value() : -1;
  }

  /** An address as a function of {@code place}, which counts the row's elements in their order. */
  Dim along(Dim place, Dim address) {
    Map<Dim.Symbol, Dim> values = new HashMap<>();
    long step = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Dim at = place.floorDiv(step);
      values.put(axes.get(i), i == 0 ? at : at.mod(axes.get(i).extent()));
      step *= axes.get(i).extent().value();
    }
    return address.substitute(values::get);
  }

  /** Neighbours that a thread takes at once, {@code width} of them; null if they cannot be. */
  Strip strip(int width, boolean inMemory) {
    if (width == 1) {
      return Strip.single();
    }
    return Strip.of(
        axes,
        width,
        body,
        stage != null && reduction == null && inMemory ? Stores.target(stage) : null);
  }
}
