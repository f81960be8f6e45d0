package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.List;
import java.util.function.Function;

/**
 * A store at every point of an iteration space: {@code target[index] = body} for all {@code axes}.
 * Different points store to different elements.
 */
public record Stage(List<Dim.Symbol> axes, String target, List<Dim> index, Expr body) {
  public Stage {
    axes = List.copyOf(axes);
    index = List.copyOf(index);
  }

  public Stage withBody(Expr newBody) {
    return new Stage(axes, target, index, newBody);
  }

  /**
   * The same store over other axes; {@code with} says what each old axis is in terms of the new
   * ones.
   */
  public Stage reindex(List<Dim.Symbol> newAxes, Function<Dim.Symbol, Dim> with) {
    return new Stage(
        newAxes,
        target,
        index.stream().map(d -> d.substitute(with)).toList(),
        body.substitute(with));
  }
}
