package io.ait4j.compiler.codegen.cuda;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The kernels that are compiled for a product, and which of them runs. An operand that turns out
 * not to be where the copy engine can read it, or another GPU, takes the general ones.
 *
 * @param copied for operands that the copy engine reads, by the number of rows; may be empty
 * @param general for the others; empty if there are none
 */
public record GemmChoice(List<Case> copied, List<Case> general) {
  /** {@code tile} serves products of up to so many rows. */
  public record Case(long rows, GemmTile tile) {}

  public GemmChoice {
    copied = List.copyOf(copied);
    general = List.copyOf(general);
  }

  /** One tile for all. */
  static List<Case> always(GemmTile tile) {
    return List.of(new Case(Long.MAX_VALUE, tile));
  }

  /** All tiles, each once. */
  List<GemmTile> tiles() {
    Set<GemmTile> tiles = new LinkedHashSet<>();
    copied.forEach(c -> tiles.add(c.tile()));
    general.forEach(c -> tiles.add(c.tile()));
    return new ArrayList<>(tiles);
  }
}
