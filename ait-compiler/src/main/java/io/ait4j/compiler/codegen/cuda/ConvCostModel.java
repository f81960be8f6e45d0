package io.ait4j.compiler.codegen.cuda;

/**
 * How long a tile of the tensor cores takes for a convolution, in microseconds: for choosing among
 * tiles where none can be timed. The constants are fitted to what all tiles took over ResNet-50's
 * layers at batches of 1 and 64 on a GPU with 132 multiprocessors.
 */
final class ConvCostModel {
  private static final double CLOCK = 1.6e3; // cycles of a microsecond
  private static final double START = 2.0;

  private ConvCostModel() {}

  /**
   * @param s the convolution as a product: rows are pixels of all images, k counts channels in
   *     slices of 128 bytes
   */
  static double cost(GemmShape s, GemmTile.Wgmma t) {
    double area = t.rows() * t.columns();
    double steps = Math.ceilDiv(Math.ceilDiv(s.k(), t.depth()), t.split());
    double each = (double) s.tiles(t.rows(), t.columns()) / GemmCostModel.atOnce(t.split());
    boolean isSmall = t.rows() == 64 && t.columns() <= 128 && t.split() == 1;
    double together = Math.min(isSmall ? 2 : 1, Math.ceil(each));
    // Of a step: its products, its operands' way to shared memory, its barriers.
    double step =
        Math.max(
            Math.hypot(area / 32 * 1.06, (t.rows() + t.columns()) * 128 / 66.0) * together, 210);
    double finish = area / 19 + 950;
    if (t.split() > 1) {
      finish += 490 + t.split() * (120 + area / 20.5);
    }
    double busy = Math.ceil(each / together) * (steps * step + finish);
    double read =
        (double) t.bytes()
            * s.k()
            * (s.m() * Math.ceilDiv(s.n(), t.columns()) + s.n() * Math.ceilDiv(s.m(), t.rows()));
    double memory = read / 12700 + (double) t.bytes() * s.m() * s.n() / 1370;
    return START + Math.hypot(busy, memory) / CLOCK;
  }
}
