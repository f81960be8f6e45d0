package io.ait4j.compiler.codegen.cuda;

/** A way to compute a matrix product: a kernel of ours with the sizes of a block's share. */
public sealed interface GemmTile extends Tile {
  int rows();

  int columns();

  /** The struct in {@code gemm_tile.h}. */
  @Override
  String type();

  /**
   * By Hopper's tensor cores and copy engine.
   *
   * @param stages of the ring, each 128 bytes along k
   * @param split blocks that share a tile's k
   * @param bytes of an element: 2 for halves, 4 for floats that are rounded to TF32
   */
  record Wgmma(int rows, int columns, int stages, int split, int bytes) implements GemmTile {
    private static final int SHARED = 227 * 1024;
    private static final int MOST_STAGES = 12;

    /** With as many stages as shared memory holds. */
    static Wgmma of(int rows, int columns, int split, int bytes) {
      int stage = (rows + columns) * 128;
      int stages = Math.min(MOST_STAGES, (SHARED - 1024) / (stage + 16));
      return new Wgmma(rows, columns, stages, split, bytes);
    }

    /** Of a stage along k. */
    int depth() {
      return 128 / bytes;
    }

    @Override
    public String type() {
      return "ait::WgmmaTile<%d, %d, %d, %d, %d>".formatted(rows, columns, stages, split, bytes);
    }
  }

  /**
   * By the tensor cores of any GPU, of numbers anywhere in memory.
   *
   * @param warpRows of a warp's sums
   * @param warpColumns of a warp's sums
   * @param stages of the ring, each 128 bytes along k
   * @param bytes of an element, as {@link Wgmma#bytes}
   */
  record Mma(int rows, int columns, int warpRows, int warpColumns, int stages, int bytes)
      implements GemmTile {
    int warps() {
      return rows / warpRows * (columns / warpColumns);
    }

    @Override
    public String type() {
      return "ait::MmaTile<%d, %d, %d, %d, %d, %d>"
          .formatted(rows, columns, warpRows, warpColumns, stages, bytes);
    }
  }

  /**
   * By ordinary arithmetic in float32.
   *
   * @param depth of a stage along k
   * @param rowsEach of a thread's sums
   * @param columnsEach of a thread's sums
   * @param groups of threads that share a tile's k
   */
  record Simt(int rows, int columns, int depth, int rowsEach, int columnsEach, int groups)
      implements GemmTile {
    int threads() {
      return rows / rowsEach * (columns / columnsEach) * groups;
    }

    @Override
    public String type() {
      return "ait::SimtTile<%d, %d, %d, %d, %d, %d>"
          .formatted(rows, columns, depth, rowsEach, columnsEach, groups);
    }
  }

  /** A few rows by ordinary arithmetic: a warp for 4 columns. */
  record FewRows(int rows) implements GemmTile {
    @Override
    public int columns() {
      return 4;
    }

    @Override
    public String type() {
      return "ait::FewRowsTile<" + rows + ">";
    }
  }
}
