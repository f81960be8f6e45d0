package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tiles that may serve a product, and the choice among them where nobody measures. */
public final class GemmCandidates {
  private static final int FEW = 8;
  private static final int MOST_CASES = 3;

  private static final List<GemmTile.Simt> SIMT =
      List.of(
          new GemmTile.Simt(128, 128, 8, 8, 8, 1),
          new GemmTile.Simt(64, 64, 8, 8, 8, 4),
          new GemmTile.Simt(64, 32, 16, 8, 4, 4),
          new GemmTile.Simt(32, 32, 16, 4, 4, 4),
          new GemmTile.Simt(32, 32, 16, 4, 4, 8));

  private final Template.Gemm gemm;
  private final List<GemmTile> copied;
  private final List<GemmTile> general;

  private GemmCandidates(Template.Gemm gemm, List<GemmTile> copied, List<GemmTile> general) {
    this.gemm = gemm;
    this.copied = copied;
    this.general = general;
  }

  /** Of a kernel whose template is a product. */
  public static GemmCandidates of(Program program, TemplateKernel kernel) {
    CudaParameters parameters = new CudaParameters(program, kernel);
    return of(
        (Template.Gemm) kernel.template(),
        GemmOperand.left(program, kernel.operands().get(0), parameters),
        GemmOperand.right(program, kernel.operands().get(1), parameters));
  }

  static GemmCandidates of(Template.Gemm gemm, GemmOperand a, GemmOperand b) {
    List<GemmTile> copied = new ArrayList<>();
    int bytes = a.dtype().bytes();
    if (a.mayCopy() && b.mayCopy() && a.dtype() == b.dtype()) {
      Predicate<GemmTile> fits = t -> b.alongK() || t.columns() % 64 == 0;
      wgmma(bytes).stream().filter(fits).forEach(copied::add);
    }
    boolean isMma = a.fitsTensorCores() && b.fitsTensorCores() && a.dtype() == b.dtype();
    List<GemmTile> general = new ArrayList<>(isMma ? mma(bytes) : SIMT);
    if (a.alongK() && b.alongK() && gemm.m().max() <= FEW) {
      for (int rows = 1; rows <= FEW; rows *= 2) {
        if (gemm.m().max() <= rows) {
          general.add(new GemmTile.FewRows(rows));
          break;
        }
      }
    }
    return new GemmCandidates(gemm, copied, general);
  }

  /**
   * Tiles of the tensor cores that read any memory, the larger one first.
   *
   * @param bytes of an element
   */
  static List<GemmTile.Mma> mma(int bytes) {
    return List.of(
        new GemmTile.Mma(128, 128, 64, 32, 3, bytes), new GemmTile.Mma(64, 64, 32, 32, 4, bytes));
  }

  /**
   * All tiles of the tensor cores that the copy engine feeds.
   *
   * @param bytes of an element
   */
  static List<GemmTile.Wgmma> wgmma(int bytes) {
    List<GemmTile.Wgmma> tiles = new ArrayList<>();
    for (int columns : new int[] {32, 64, 96, 128}) {
      for (int split : new int[] {1, 2, 4, 8}) {
        tiles.add(GemmTile.Wgmma.of(64, columns, split, bytes));
      }
    }
    for (int columns : new int[] {32, 64, 96, 128}) {
      for (int split : new int[] {1, 2, 4}) {
        tiles.add(GemmTile.Wgmma.of(128, columns, split, bytes));
      }
    }
    for (int columns : new int[] {160, 192, 256}) {
      tiles.add(GemmTile.Wgmma.of(128, columns, 1, bytes));
    }
    for (int columns : new int[] {96, 128, 160, 192}) {
      tiles.add(GemmTile.Wgmma.of(192, columns, 1, bytes));
    }
    tiles.add(GemmTile.Wgmma.of(256, 96, 1, bytes));
    tiles.add(GemmTile.Wgmma.of(256, 128, 1, bytes));
    return List.copyOf(tiles);
  }

  /** Tiles for operands that the copy engine reads; none if it never can. */
  public List<GemmTile> copied() {
    return List.copyOf(copied);
  }

  /** Tiles for any operands. */
  public List<GemmTile> general() {
    return List.copyOf(general);
  }

  /**
   * The tiles among which there is a choice, that with the least cost for a shape first, with that
   * cost in microseconds.
   *
   * @param copies whether the GPU has the copy engine and its tensor cores
   */
  Map<Tile, Double> ranked(GemmShape shape, boolean copies) {
    Map<Tile, Double> ranked = new LinkedHashMap<>();
    (copies && !copied.isEmpty() ? copied : general)
        .stream()
            .filter(tile -> Double.isFinite(GemmCostModel.cost(shape, tile)))
            .sorted(Comparator.comparingDouble(tile -> GemmCostModel.cost(shape, tile)))
            .forEach(tile -> ranked.put(tile, GemmCostModel.cost(shape, tile)));
    return ranked;
  }

  /** What the cost model takes but this tile for so many rows. */
  GemmChoice with(GemmTile tile, long rows) {
    GemmChoice choice = byCost();
    return copied.contains(tile)
        ? new GemmChoice(replaced(choice.copied(), rows, tile), choice.general())
        : new GemmChoice(choice.copied(), replaced(choice.general(), rows, tile));
  }

  private static List<GemmChoice.Case> replaced(
      List<GemmChoice.Case> cases, long rows, GemmTile tile) {
    List<GemmChoice.Case> changed = new ArrayList<>(cases);
    for (int i = 0; i < changed.size(); i++) {
      if (rows <= changed.get(i).rows()) {
        changed.set(i, new GemmChoice.Case(changed.get(i).rows(), tile));
        return changed;
      }
    }
    throw new IllegalStateException("no case for " + rows + " rows");
  }

  /** What the cost model takes. */
  public GemmChoice byCost() {
    return new GemmChoice(cases(copied), cases(general));
  }

  /** Cuts the possible numbers of rows where the best tile changes, into a few. */
  private List<GemmChoice.Case> cases(List<GemmTile> tiles) {
    if (tiles.isEmpty()) {
      return List.of();
    }
    GemmShape likely = GemmShape.of(gemm);
    if (gemm.m().isConst()) {
      return GemmChoice.always(GemmCostModel.best(likely, tiles));
    }
    List<GemmChoice.Case> cases = new ArrayList<>();
    long most = gemm.m().max() == Dim.UNBOUNDED ? 1L << 16 : Math.min(gemm.m().max(), 1L << 16);
    long least = Math.max(1, gemm.m().min());
    for (long rows : new long[] {128, 1024}) {
      if (cases.size() + 1 < MOST_CASES && least <= rows && rows < most) {
        add(cases, rows, GemmCostModel.best(likely.withRows(rows), tiles));
      }
    }
    long large = Math.min(most, Math.max(4096, likely.m()));
    add(cases, Long.MAX_VALUE, GemmCostModel.best(likely.withRows(large), tiles));
    return List.copyOf(cases);
  }

  private static void add(List<GemmChoice.Case> cases, long rows, GemmTile tile) {
    if (!cases.isEmpty() && cases.getLast().tile().equals(tile)) {
      cases.removeLast();
    }
    cases.add(new GemmChoice.Case(rows, tile));
  }
}
