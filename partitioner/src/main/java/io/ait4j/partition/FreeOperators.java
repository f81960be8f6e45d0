package io.ait4j.partition;

import io.ait4j.fx.FxNode;
import java.util.Set;

/** Operators that cost nothing to repeat: views, and constants that fill memory. */
final class FreeOperators {
  private static final Set<String> VIEWS =
      Set.of(
          "aten::view",
          "aten::permute",
          "aten::t",
          "aten::transpose.int",
          "aten::expand",
          "aten::squeeze",
          "aten::squeeze.dim",
          "aten::squeeze.dims",
          "aten::unsqueeze",
          "aten::slice.Tensor",
          "aten::select.int",
          "aten::narrow",
          "aten::diagonal",
          "aten::unfold",
          "aten::alias",
          "aten::detach");

  private static final Set<String> CONSTRUCTORS =
      Set.of(
          "aten::full",
          "aten::zeros",
          "aten::ones",
          "aten::scalar_tensor",
          "aten::arange",
          "aten::arange.start",
          "aten::arange.start_step");

  /** Moves elements and computes nothing; not free, but no work worth a border either. */
  private static final Set<String> MOVES = Set.of("aten::reshape", "aten::clone");

  private FreeOperators() {}

  /**
   * True for a node that every reader may repeat: it shares its input's memory, or depends on
   * nothing.
   */
  static boolean isFree(FxNode node) {
    String target = node.target().toString();
    return node.results().size() == 1
        && (VIEWS.contains(target) || (CONSTRUCTORS.contains(target) && node.inputs().isEmpty()));
  }

  /** True for a node that counts towards the minimum size of a partition. */
  static boolean isWork(FxNode node) {
    return !isFree(node) && !MOVES.contains(node.target().toString());
  }
}
