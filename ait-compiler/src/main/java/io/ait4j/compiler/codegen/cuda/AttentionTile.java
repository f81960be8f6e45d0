package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A tile of {@code attention_sm90.cuh}.
 *
 * @param width of queries, keys and values in shared memory, a multiple of 64
 * @param keys at a time
 * @param groups of 64 queries, a warpgroup for each
 * @param stages buffers for keys and values
 * @param blocks that a processor has registers and memory for
 */
record AttentionTile(int width, int keys, int groups, int stages, int blocks) implements Tile {
  private static final int PROCESSORS = 132;
  private static final int WIDEST = 256;
  private static final int TILE_COST = 12; // in keys
  private static final double START = 2.4; // microseconds
  private static final double KEY = 0.005; // for 64 queries, 64 wide, on one processor

  private static final List<AttentionTile> ALL =
      List.of(
          new AttentionTile(64, 64, 1, 2, 4),
          new AttentionTile(64, 64, 2, 2, 2),
          new AttentionTile(64, 112, 1, 2, 3),
          new AttentionTile(128, 128, 2, 2, 1),
          new AttentionTile(128, 64, 1, 2, 2),
          new AttentionTile(256, 32, 1, 2, 2));

  /**
   * The tiles that may compute {@code attention}, the one expected to be fastest first; none if it
   * is too wide.
   */
  static List<AttentionTile> candidates(Template.Attention attention) {
    if (!attention.headDim().isConst() || !attention.valueDim().isConst()) {
      return List.of();
    }
    long widest = Math.max(attention.headDim().value(), attention.valueDim().value());
    int width = widest <= 64 ? 64 : widest <= 128 ? 128 : WIDEST;
    List<AttentionTile> tiles = new ArrayList<>(ALL);
    tiles.removeIf(tile -> tile.width != width || widest > WIDEST);
    tiles.sort(Comparator.comparingDouble(tile -> tile.micros(attention)));
    return List.copyOf(tiles);
  }

  /**
   * Expected time: keys beyond the last are looked at too, each tile of them has a cost of its own,
   * and queries that share a block share its processor.
   */
  double micros(Template.Attention a) {
    double heads = (double) LikelySizes.of(a.batch()) * LikelySizes.of(a.heads());
    double blocks = heads * Math.ceil(LikelySizes.of(a.queryLength()) / (64.0 * groups));
    double each = Math.ceil((double) LikelySizes.of(a.keyLength()) / keys) * (keys + TILE_COST);
    double share = groups * Math.max(1, blocks / PROCESSORS);
    return START + share * each * KEY * width / 64;
  }

  @Override
  public String type() {
    return "ait::AttentionTile<%d, %d, %d, %d, %d>".formatted(width, keys, groups, stages, blocks);
  }
}
