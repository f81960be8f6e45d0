package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The kernels that may compute a convolution: which, and with which constants. */
final class ConvVariants {
  /** Outputs of a group that are too few for a tile, which would multiply mostly zeros. */
  private static final int FEW_OUTPUTS = 16;

  private static final int PROCESSORS = 132;
  private static final int STEM_ROWS = 128; // as StemPatch in conv_windows.h
  private static final int STEM_LINES = 8; // as StemRows there
  private static final int STEP_BYTES = 16; // by which the copy engine steps
  private static final int STEP_HALVES = 8;

  /** Results that kernels count in 32 bits, with room for a tile. */
  private static final long MOST = 1L << 30;

  /** One of them. */
  sealed interface Variant {}

  /**
   * Tensor cores fed by the copy engine.
   *
   * @param isCertain whether every run can take it
   */
  record Copied(GemmTile.Wgmma tile, boolean isCertain) implements Variant {}

  /**
   * The same for an image of eight channels in which nothing beyond the edges is read.
   *
   * @param isCertain whether every run can take it
   */
  record Stem(GemmTile.Wgmma tile, boolean isCertain) implements Variant {}

  /**
   * Tensor cores as all GPUs since Ampere have them.
   *
   * @param run neighbouring channels that one access takes
   */
  record Mma(GemmTile.Mma tile, int run) implements Variant {}

  /**
   * Tiles on the ordinary units.
   *
   * @param run neighbouring channels that one access takes
   */
  record Tiled(ConvTile tile, int run) implements Variant {}

  /** A thread for each result. */
  record Direct(int run) implements Variant {}

  /**
   * Each channel is a group.
   *
   * @param across neighbouring results that a thread computes
   * @param weightsInner whether the weights of neighbouring channels lie side by side
   */
  record Depthwise(int run, int across, boolean weightsInner) implements Variant {}

  private final Template.Conv conv;
  private final StridedOperand image;
  private final StridedOperand weight;
  private final Tile wanted;
  private final List<Variant> variants = new ArrayList<>();

  private ConvVariants(
      Template.Conv conv, StridedOperand image, StridedOperand weight, Tile wanted) {
    this.conv = conv;
    this.image = image;
    this.weight = weight;
    this.wanted = wanted;
  }

  /**
   * @param wanted the tile that the variants it fits take; null for what the cost model takes
   */
  static ConvVariants of(
      Template.Conv conv,
      StridedOperand image,
      StridedOperand weight,
      CudaTarget target,
      Tile wanted) {
    ConvVariants all = new ConvVariants(conv, image, weight, wanted);
    boolean hopper = target.architectures().equals(List.of("sm_90a"));
    if (target.hasWgmma() && all.isStem()) {
      boolean certain = hopper && all.isCertainStem();
      all.variants.add(new Stem(all.stemTile(), certain));
      if (certain) {
        return all;
      }
    }
    if (target.hasWgmma() && all.mayCopy()) {
      GemmTile.Wgmma tile = Tile.choose(all.copiedTiles(), wanted);
      boolean certain = hopper && all.copies();
      all.variants.add(new Copied(tile, certain));
      if (certain) {
        return all;
      }
    }
    all.general();
    return all;
  }

  /** In the order in which the host asks for them; the last one takes everything. */
  List<Variant> inOrder() {
    return List.copyOf(variants);
  }

  /** As {@code stem_copies} in {@code conv_sm90_launch.h}, but for where memory begins. */
  private boolean isStem() {
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    return Halves.isHalf(image.dtype())
        && image.dtype() == weight.dtype()
        && conv.groups() == 1
        && (conv.c().is(4) || conv.c().is(8))
        && conv.window().getFirst().equals(Template.Window.NONE)
        && image.step(1).is(1)
        && weight.step(1).is(1)
        && image.step(4).equals(conv.c())
        && w.stride() * conv.c().value() % STEP_HALVES == 0
        && isStep(image.step(3), h.in())
        && isStep(image.step(0), conv.n())
        && (w.kernel() == 1 || weight.step(4).equals(conv.c()))
        && isStep(weight.step(3), Dim.of(h.kernel()))
        && isStep(weight.step(0), conv.oc())
        && w.kernel() <= 8
        && stemSteps() <= 8
        && Stream.of(h, w)
            .allMatch(
                d ->
                    d.pad() == 0
                        && d.dilation() == 1
                        && d.out().minus(1).times(d.stride()).plus(d.kernel()).max()
                            <= d.in().min());
  }

  private boolean isCertainStem() {
    return !image.isBorder()
        && !weight.isBorder()
        && conv.result().stream().allMatch(d -> d.isConst() && d.value() > 0)
        && stemPatches() < MOST / STEM_ROWS
        && ColumnAccess.isMultiple(image.strides().offset(), step())
        && ColumnAccess.isMultiple(weight.strides().offset(), step());
  }

  /** Of all images, of which no block of rows holds two. */
  private long stemPatches() {
    long lines = Math.ceilDiv(conv.window().get(1).out().value(), STEM_LINES);
    return conv.n().value()
        * lines
        * Math.ceilDiv(conv.window().get(2).out().value(), STEM_ROWS / STEM_LINES);
  }

  /** Of 64 along k: some lines of the window. */
  private int stemSteps() {
    return (int) Math.ceilDiv(conv.window().get(1).kernel(), STEP_HALVES / conv.c().value());
  }

  /** With stages for all steps, several times if there is room. */
  private GemmTile.Wgmma stemTile() {
    long outputs = LikelySizes.of(conv.oc());
    int columns = outputs <= 32 ? 32 : outputs % 96 == 0 ? 96 : 64;
    int steps = stemSteps();
    return new GemmTile.Wgmma(STEM_ROWS, columns, Math.max(1, 8 / steps) * steps, 1, 2);
  }

  /**
   * The tiles among which there is a choice, the one expected to be fastest first, with the times
   * expected.
   *
   * @param copies whether the GPU has the copy engine and its tensor cores
   */
  Map<Tile, Double> ranked(boolean copies) {
    Map<Tile, Double> ranked = new LinkedHashMap<>();
    for (Variant variant : variants) {
      switch (variant) {
        case Copied c when copies ->
            copiedTiles().forEach(t -> ranked.put(t, ConvCostModel.cost(shape(), t)));
        case Tiled t -> ConvTile.candidates(conv).forEach(c -> ranked.put(c, c.micros(conv)));
        default -> {}
      }
      boolean isTaken = copies || !(variant instanceof Copied || variant instanceof Stem);
      if (isTaken) { // the first is what runs take unless memory begins oddly
        return ranked;
      }
    }
    return ranked;
  }

  /** Tiles for the tensor cores, the one expected to be fastest first. */
  List<GemmTile.Wgmma> copiedTiles() {
    return GemmCandidates.wgmma(image.dtype().bytes()).stream()
        .sorted(Comparator.comparingDouble(t -> ConvCostModel.cost(shape(), t)))
        .toList();
  }

  /** As a matrix product. */
  private GemmShape shape() {
    long rows = LikelySizes.of(Dim.product(conv.result())) / Math.max(1, LikelySizes.of(conv.oc()));
    long depth = 128 / image.dtype().bytes();
    long slices = Math.ceilDiv(LikelySizes.of(conv.c()), depth);
    return new GemmShape(1, rows, LikelySizes.of(conv.oc()), conv.taps() * slices * depth);
  }

  /** Whether the copy engine may gather the windows in some runs. */
  private boolean mayCopy() {
    return fitsTensorCores()
        && conv.groups() == 1
        && conv.c().min() > 0
        && conv.window().getFirst().kernel() == 1
        && (image.step(1).is(1) || conv.c().is(1))
        && (weight.step(1).is(1) || conv.c().is(1))
        && isStep(image.step(4), conv.window().get(2).in())
        && isStep(weight.step(0), conv.oc());
  }

  private boolean fitsTensorCores() {
    return image.fitsTensorCores() && weight.fitsTensorCores() && image.dtype() == weight.dtype();
  }

  private boolean isStep(Dim step, Dim size) {
    return size.is(1) || ColumnAccess.isMultiple(step, step());
  }

  /** Elements of 16 bytes. */
  private int step() {
    return STEP_BYTES / image.dtype().bytes();
  }

  /** As {@code conv_copies} in {@code conv_sm90_launch.h}, where all sizes are known. */
  private boolean copies() {
    if (image.isBorder() || weight.isBorder()) {
      return false;
    }
    boolean fits =
        conv.result().stream().allMatch(d -> d.isConst() && d.value() > 0)
            && Dim.product(conv.result()).value() < MOST
            && conv.c().isConst()
            && conv.window().getFirst().equals(Template.Window.NONE)
            && ColumnAccess.isMultiple(image.strides().offset(), step())
            && ColumnAccess.isMultiple(weight.strides().offset(), step())
            && isPositive(image.step(0), conv.n())
            && isPositive(weight.step(0), conv.oc());
    for (int i = 1; fits && i < 3; i++) {
      Template.Window w = conv.window().get(i);
      long last = (w.out().value() - 1) * w.stride() + 1 - w.pad() - w.in().value();
      fits =
          w.in().isConst()
              && w.in().value() > 0
              && isPositive(image.step(2 + i), w.in())
              && isPositive(weight.step(2 + i), Dim.of(w.kernel()))
              && w.stride() <= 8
              && isNear(-w.pad())
              && isNear(last)
              && (w.kernel() - 1) * w.dilation() <= 255;
    }
    Template.Window w = conv.window().get(2);
    return fits
        && (conv.window().get(1).kernel() == 1
            || w.kernel() == 1
            || weight.step(3).equals(weight.step(4).times(w.kernel())));
  }

  private boolean isPositive(Dim step, Dim size) {
    return size.is(1) || step.isConst() && step.value() > 0 && step.value() % step() == 0;
  }

  private static boolean isNear(long corner) {
    return corner >= -128 && corner <= 127;
  }

  private void general() {
    for (int run : new int[] {8, 4, 1}) {
      Variant variant = null;
      if (image.hasRuns(1, ofGroup(), run)) {
        if (isDepthwise(run)) {
          boolean inner = weight.hasRuns(0, conv.oc(), run) && !weight.isBorder();
          variant = new Depthwise(run, run == 8 ? 2 : 4, inner);
        } else if (weight.hasRuns(1, ofGroup(), run) && run * image.dtype().bytes() <= 16) {
          variant = isSparse() ? new Direct(run) : isMma(run) ? mma(run) : tiled(run);
        }
      }
      if (variant != null) {
        variants.add(variant);
        if (run == 1 || !image.isBorder() && !weight.isBorder()) {
          return; // nothing is left that it does not take
        }
      }
    }
  }

  /** Null where runs are longer than those tiles read. */
  private Variant tiled(int run) {
    return run == 8 ? null : new Tiled(Tile.choose(ConvTile.candidates(conv), wanted), run);
  }

  private boolean isMma(int run) {
    return fitsTensorCores() && run == step();
  }

  private Variant mma(int run) {
    long rows = LikelySizes.of(Dim.product(conv.result())) / Math.max(1, LikelySizes.of(conv.oc()));
    long columns = LikelySizes.of(conv.oc()) / conv.groups();
    long blocks = Math.ceilDiv(rows, 128) * Math.ceilDiv(columns, 128) * conv.groups();
    boolean many = blocks * 2 >= PROCESSORS && columns > 64;
    List<GemmTile.Mma> tiles = GemmCandidates.mma(image.dtype().bytes());
    return new Mma(many ? tiles.getFirst() : tiles.getLast(), run);
  }

  /** Channels that a run may not go beyond. */
  private Dim ofGroup() {
    return conv.c().is(conv.groups()) ? conv.c() : conv.c().floorDiv(conv.groups());
  }

  private boolean isSparse() {
    return conv.groups() > 1
        && (conv.oc().max() / conv.groups() < FEW_OUTPUTS || conv.groups() > ConvTile.MOST_GROUPS);
  }

  private boolean isDepthwise(int run) {
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    long most = run == 8 ? 3 : 7; // registers
    return run > 1
        && run * image.dtype().bytes() <= 16
        && conv.c().is(conv.groups())
        && conv.oc().equals(conv.c())
        && conv.window().getFirst().equals(Template.Window.NONE)
        && h.dilation() == 1
        && w.dilation() == 1
        && w.stride() <= 2
        && h.kernel() <= most
        && w.kernel() <= most;
  }
}
