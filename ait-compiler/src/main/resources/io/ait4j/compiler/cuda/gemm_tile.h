// How matrix products are cut into the shares of blocks: constants that the host and the device both read.
#pragma once

namespace ait {

// The sizes of a batch of products, and the way through their tiles.
struct GemmProblem {
  int batch, m, n, k;
  int group;           // tile rows that are walked through together, so that tiles of B stay in the L2
  int a_step, b_step;  // 0 for an operand that is the same in the whole batch, else 1
};

// wgmma: 64 rows for each consuming warpgroup; one more warpgroup copies. Elements have `Bytes`.
template <int Rows_, int Columns_, int Stages_, int Split_ = 1, int Bytes_ = 2>
struct WgmmaTile {
  static constexpr int Rows = Rows_, Columns = Columns_, Stages = Stages_;
  static constexpr int Split = Split_;  // blocks of a cluster that share a tile's k
  static constexpr int Bytes = Bytes_, Depth = 128 / Bytes;  // of a stage along k
  static constexpr int Consumers = Rows / 64;
  static constexpr int Threads = 128 * (Consumers + 1);
  static constexpr int ABytes = Rows * 128, BBytes = Columns * 128;
  static constexpr int StageBytes = ABytes + BBytes;
  static constexpr int RingBytes = StageBytes * Stages;
  static constexpr int Pitch = Columns + 4;  // floats in a row of partial sums
  static constexpr int PartialBytes = Split > 1 ? Rows * Pitch * 4 : 0;
  static constexpr int RingEnd = RingBytes > PartialBytes ? RingBytes : PartialBytes;
  static constexpr int SharedBytes = 1024 + RingEnd + 16 * Stages;
};

// mma.sync: each warp has WarpRows x WarpColumns sums. Elements have `Bytes`.
template <int Rows_, int Columns_, int WarpRows_, int WarpColumns_, int Stages_, int Bytes_ = 2>
struct MmaTile {
  static constexpr int Rows = Rows_, Columns = Columns_, Stages = Stages_;
  static constexpr int WarpRows = WarpRows_, WarpColumns = WarpColumns_;
  static constexpr int Bytes = Bytes_, Depth = 128 / Bytes;  // of a stage along k
  static constexpr int Across = Columns / WarpColumns;
  static constexpr int Threads = Rows / WarpRows * Across * 32;
  static constexpr int ABytes = Rows * 128, StageBytes = (Rows + Columns) * 128;
  static constexpr int SharedBytes = StageBytes * Stages;
};

// Ordinary arithmetic: a thread has RowsEach x ColumnsEach sums, in runs of 4; `Groups` of threads share a tile's k.
template <int Rows_, int Columns_, int Depth_, int RowsEach_, int ColumnsEach_, int Groups_>
struct SimtTile {
  static constexpr int Rows = Rows_, Columns = Columns_, Depth = Depth_;
  static constexpr int RowsEach = RowsEach_, ColumnsEach = ColumnsEach_, Groups = Groups_;
  static constexpr int Across = Columns / ColumnsEach;            // threads of a group beside each other
  static constexpr int GroupThreads = Rows / RowsEach * Across;
  static constexpr int Threads = GroupThreads * Groups;
  static constexpr int APitch = Rows + 4, BPitch = Columns + 4;   // floats in a row of k
  static constexpr int BufferFloats = Depth * (APitch + BPitch);  // two of them for each group
  static constexpr int SumFloats = Groups > 1 ? (Groups - 1) * Rows * Columns : 0;
  static constexpr int RingFloats = 2 * Groups * BufferFloats;
  static constexpr int SharedBytes = 4 * (RingFloats > SumFloats ? RingFloats : SumFloats);
};

// A few rows: a warp takes 4 columns and all of k.
template <int Rows_>
struct FewRowsTile {
  static constexpr int Rows = Rows_, Columns = 4, Warps = 4;
  static constexpr int Threads = 32 * Warps;
};

}  // namespace ait
