package io.ait4j.compiler.codegen.cuda;

import java.util.Comparator;
import java.util.List;

/**
 * How long a tile's kernel takes for a product, in microseconds, as measured on a GPU with 132
 * multiprocessors: for choosing among tiles where none can be timed.
 */
final class GemmCostModel {
  private static final int PROCESSORS = 132;
  private static final double CLOCK = 1.6e3; // cycles of a microsecond
  private static final double START = 2.0;

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

  private static double wgmma(GemmShape s, GemmTile.Wgmma t) {
    long tiles = s.tiles(t.rows(), t.columns());
    long steps = Math.ceilDiv(Math.ceilDiv(s.k(), 64), t.split());
    double arithmetic = t.rows() * t.columns() * 128.0 / 4096;
    double copy = (t.rows() + t.columns()) * 128.0 / 56;
    double step = Math.max(Math.max(arithmetic, copy), 100);
    double waves = Math.ceil((double) tiles * t.split() / PROCESSORS);
    double finish = t.rows() * t.columns() / 40.0 + (t.split() > 1 ? 1200 : 400);
    return START + (waves * (steps * step + finish) + 800) / CLOCK;
  }

  private static double mma(GemmShape s, GemmTile.Mma t) {
    double each = (double) t.rows() * t.columns() * s.k() * 2 / 2048 / CLOCK;
    double efficiency = t.warps() == 8 ? 0.9 : 0.5;
    double waves = Math.ceil((double) s.tiles(t.rows(), t.columns()) / PROCESSORS);
    return START + waves * each / efficiency;
  }

  private static double simt(GemmShape s, GemmTile.Simt t) {
    long tiles = s.tiles(t.rows(), t.columns());
    double each = (double) t.rows() * t.columns() * s.k() / 128 / CLOCK;
    double efficiency = Math.min(t.rowsEach(), t.columnsEach()) >= 8 ? 0.75 : 0.45;
    double places = PROCESSORS;
    return START + Math.ceil(tiles / places) * each / efficiency;
  }

  private static double fewRows(GemmShape s, GemmTile.FewRows t) {
    if (s.m() > t.rows()) {
      return Double.POSITIVE_INFINITY;
    }
    return START + s.batch() * s.n() * s.k() * 4.0 / 3e6 + 0.3 * t.rows();
  }
}
