package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.LikelySizes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tile of {@code conv_simt.cuh}: rows are pixels, columns output channels.
 *
 * @param rowsEach rows of the tile that one thread computes, columns alike
 * @param parts blocks of a cluster that share the sums' terms; on a GPU without clusters there is
 *     one
 */
record ConvTile(int rows, int columns, int rowsEach, int columnsEach, int parts) implements Tile {
  /** As many groups as a grid has blocks along its last dimension. */
  static final int MOST_GROUPS = 65535;

  private static final int DEPTH = 16;

  /** Multiprocessors of the GPUs that the costs are measured on. */
  private static final int PROCESSORS = 132;

  private static final double CLOCK = 1.6e3; // cycles of a microsecond

  private static final List<ConvTile> ALL =
      Stream.concat(
              Stream.of(new ConvTile(128, 128, 8, 8, 1), new ConvTile(128, 64, 8, 4, 1)),
              Stream.of(1, 2, 4, 8)
                  .flatMap(
                      parts ->
                          Stream.of(
                              new ConvTile(64, 64, 4, 4, parts),
                              new ConvTile(32, 32, 4, 4, parts))))
          .toList();

  /** The tiles that may compute {@code conv}, the one expected to be fastest first. */
  static List<ConvTile> candidates(Template.Conv conv) {
    return ALL.stream().sorted(Comparator.comparingDouble(tile -> tile.cost(conv))).toList();
  }

  /** Without what follows from where the operands lie. */
  @Override
  public String type() {
    return "ait::ConvTile<%d, %d, %d, %d> in %d parts"
        .formatted(rows, columns, rowsEach, columnsEach, parts);
  }

  /** Expected time. */
  double micros(Template.Conv conv) {
    return cost(conv) / CLOCK;
  }

  int threads() {
    return rows / rowsEach * (columns / columnsEach);
  }

  /**
   * Expected time in cycles, fitted to what the tiles took over ResNet-50's layers on one GPU:
   * blocks go in waves over the processors, whose few blocks at a time hide each other's waiting.
   */
  private double cost(Template.Conv conv) {
    double groups = conv.groups();
    double pixels = LikelySizes.of(conv.n());
    double k = (double) conv.taps() * LikelySizes.of(conv.c()) / groups;
    for (Template.Window w : conv.window()) {
      pixels *= LikelySizes.of(w.out());
    }
    double columnTiles = Math.ceil(LikelySizes.of(conv.oc()) / groups / columns);
    double blocks = Math.ceil(pixels / rows) * columnTiles * groups * parts;
    double steps = Math.max(1, Math.ceil(Math.ceil(k / DEPTH) / parts));
    double each = Math.ceil(blocks / PROCESSORS);
    double resident = rows * columns > 128 * 64 ? 1 : 2;
    double full = Math.floor(each / resident);
    double time = steps * (full * step(resident) + step(each - full * resident));
    double ends = 8300 + (parts > 1 ? 760 * parts : 0);
    return time + ends * Math.ceil(each / resident);
  }

  /** One step along k of so many blocks of a processor. */
  private double step(double blocks) {
    double busy = rows * columns * DEPTH / 128.0 / efficiency();
    return blocks == 0 ? 0 : Math.max(busy * blocks, busy * 1.46 + 1730);
  }

  /** Relative to each other: what the tile makes of a processor's multiplications. */
  private double efficiency() {
    return columns == 128 ? 1.18 : rows == 128 ? 0.65 : columns == 64 ? 1.33 : 0.29;
  }

  /** As a type in C++. */
  String spelling(int run, boolean channelsInner) {
    return "ait::ConvTile<%d, %d, %d, %d, %d, %s>"
        .formatted(rows, columns, rowsEach, columnsEach, run, channelsInner);
  }

  /** How the kernel is started, as the members of {@code ait::Launch}. */
  String launch() {
    String blocks = "uint32_t((ait::conv_rows(problem) + %d) / %d".formatted(rows - 1, rows);
    return parts == 1
        ? "{%s), uint32_t((problem.outputs / problem.groups + %d) / %d), uint32_t(problem.groups), %d}"
            .formatted(blocks, columns - 1, columns, threads())
        : "{%s * parts), uint32_t((problem.outputs / problem.groups + %d) / %d), uint32_t(problem.groups), %d, 0, parts}"
            .formatted(blocks, columns - 1, columns, threads());
  }
}
