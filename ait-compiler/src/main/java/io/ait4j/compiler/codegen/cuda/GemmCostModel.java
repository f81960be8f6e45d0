package io.ait4j.compiler.codegen.cuda;

import java.util.Comparator;
import java.util.List;

/**
 * How long a tile's kernel takes for a product, in microseconds, as fitted to measurements on an
 * H200: for choosing among tiles where none can be timed.
 */
final class GemmCostModel {
  private static final int PROCESSORS = 132;

  /** Clusters of 2, 4 and 8 that run at once: they never straddle a group of multiprocessors. */
  private static final int CLUSTERS_2 = 64;

  private static final int CLUSTERS_4 = 28;
  private static final int CLUSTERS_8 = 13;

  private static final double CLOCK = 1750; // cycles of a microsecond
  private static final double START = 1.84; // microseconds

  // Of the tensor cores' kernel, in cycles:
  private static final double ARITHMETIC = 1.225; // against the tensor cores' peak
  private static final double COPIED = 56.6; // bytes of a cycle
  private static final double LATENCY = 1960; // of a tile from memory
  private static final double FILL = 460; // until the first tile is asked for
  private static final double ISSUE = 32; // of a stage
  private static final double FINISH = 1120; // of a tile's epilogue
  private static final double STORED = 0.085; // of a result
  private static final double SPLIT = 46; // of each block that shares a tile
  private static final double JOIN = 420; // of a tile that is shared
  private static final double ADDED = 0.29; // of a result that is shared

  private GemmCostModel() {}

  static GemmTile best(GemmShape shape, List<? extends GemmTile> tiles) {
    return tiles.stream().min(Comparator.comparingDouble(t -> cost(shape, t))).orElseThrow();
  }

  static double cost(GemmShape shape, GemmTile tile) {
    return switch (tile) {
      case GemmTile.Wgmma t -> wgmma(shape, t);
      case GemmTile.Mma t -> mma(shape, t);
      case GemmTile.Simt t -> simt(shape, t);
      case GemmTile.FewRows t -> fewRows(shape, t);
    };
  }

  /**
   * Blocks fetch their first stages, then go through the steps of one tile after the other at the
   * pace of what is slowest: the tensor cores, the way from the L2, or a ring too short for the way
   * from memory.
   */
  private static double wgmma(GemmShape s, GemmTile.Wgmma t) {
    long tiles = s.tiles(t.rows(), t.columns());
    long steps = Math.ceilDiv(Math.ceilDiv(s.k(), t.depth()), t.split());
    double waves = Math.ceilDiv(tiles, atOnce(t.split()));
    double rows = Math.min(t.rows(), s.m()); // zeros beyond cost no traffic
    double columns = Math.min(t.columns(), s.n());
    double busy = Math.min(1, (double) tiles * t.split() / PROCESSORS);
    double arithmetic = t.rows() * t.columns() / 32.0 * ARITHMETIC;
    double copy = (rows + columns) * 128 / COPIED * (0.5 + 0.5 * busy);
    double step = Math.max(Math.max(arithmetic, copy), LATENCY / t.stages());
    double finish = FINISH + rows * columns * STORED / t.split();
    if (t.split() > 1) {
      finish += JOIN + t.split() * SPLIT + rows * columns * ADDED;
    }
    double fill = FILL + Math.min(steps, t.stages()) * ISSUE;
    return START + (waves * (steps * step + finish) + fill) / CLOCK;
  }

  /** Tiles under way at once if each is shared by so many blocks. */
  static int atOnce(int split) {
    return switch (split) {
      case 1 -> PROCESSORS;
      case 2 -> CLUSTERS_2;
      case 4 -> CLUSTERS_4;
      default -> CLUSTERS_8;
    };
  }

  private static double mma(GemmShape s, GemmTile.Mma t) {
    double each = (double) t.rows() * t.columns() * s.k() * t.bytes() / 2048 / CLOCK;
    double efficiency = t.warps() == 8 ? 0.6 : 0.43;
    return 2 * START + waves(s, t) * each / efficiency;
  }

  private static double simt(GemmShape s, GemmTile.Simt t) {
    double each = (double) t.rows() * t.columns() * s.k() / 128 / CLOCK;
    int sums = t.rowsEach() * t.columnsEach();
    double efficiency = sums < 32 ? 0.38 : sums < 64 ? 0.5 : t.groups() > 1 ? 0.6 : 0.73;
    double waves = waves(s, t);
    boolean alone = waves == 1 && t.threads() <= 256; // nothing runs while it waits
    return START + waves * each / (alone ? 0.55 * efficiency : efficiency);
  }

  private static double waves(GemmShape s, GemmTile t) {
    return Math.ceilDiv(s.tiles(t.rows(), t.columns()), PROCESSORS);
  }

  private static double fewRows(GemmShape s, GemmTile.FewRows t) {
    if (s.m() > t.rows()) {
      return Double.POSITIVE_INFINITY;
    }
    double waves = Math.ceilDiv(s.batch() * Math.ceilDiv(s.n(), 16), PROCESSORS * 4L);
    return START + waves * s.k() / 128.0 * (0.2 + 0.07 * t.rows());
  }
}
