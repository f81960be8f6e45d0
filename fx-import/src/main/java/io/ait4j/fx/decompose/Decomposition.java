package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import java.util.List;

/** How one operator is said in terms of simpler ones. */
@FunctionalInterface
public interface Decomposition {
  /**
   * Emits the replacement.
   *
   * @param b where to emit; {@link FxGraphBuilder#keep} adds the operator itself, undecomposed
   * @param args complete, in schema order; every value among them is a tensor of known shape
   * @param source where the user wrote the operator
   * @return what stands for the operator's results
   */
  List<Arg> apply(FxGraphBuilder b, List<Arg> args, String source);
}
