package io.ait4j.compiler.codegen.cuda;

import java.util.List;

/** How a kernel of ours cuts its problem: what is chosen by timing, or by a cost model. */
sealed interface Tile permits GemmTile, ConvTile, AttentionTile {
  /** Tells it from other tiles of the same kernel, as a type in C++. */
  String type();

  /**
   * The tile to take of these.
   *
   * @param ranked the one that the cost model takes first; at least one
   * @param wanted taken if it is among them; may be null
   */
  static <T extends Tile> T choose(List<T> ranked, Tile wanted) {
    return ranked.stream().filter(t -> t.equals(wanted)).findFirst().orElse(ranked.getFirst());
  }
}
