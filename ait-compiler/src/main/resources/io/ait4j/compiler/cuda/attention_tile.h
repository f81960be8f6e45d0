// How attention on tensor cores is cut into the shares of blocks: constants that the host and the device both read.
#pragma once

namespace ait {

// `Width` of queries, keys and values in memory, filled up with zeros to a multiple of 64; `Keys` at a time, a multiple of 16; 64
// queries for each of `Groups` warpgroups, which share keys and values in `Stages` buffers; `Blocks` fit a multiprocessor at a time.
template <int Width_, int Keys_, int Groups_, int Stages_, int Blocks_> struct AttentionTile {
  static constexpr int Width = Width_, Keys = Keys_, Groups = Groups_, Stages = Stages_, Blocks = Blocks_;
  static constexpr int Queries = 64 * Groups, Threads = 128 * Groups;
  static constexpr int Slabs = Width / 64; // of 64 columns, 128 bytes
  static constexpr int SlabBytes = Keys * 128, TileBytes = Slabs * SlabBytes;
  static constexpr int QueryBytes = Slabs * Queries * 128;
  static constexpr int SharedBytes = 1024 + QueryBytes + 2 * Stages * TileBytes + 8 * (4 * Stages + 1);
};

// By mma.sync: 16 queries for each warp, 64 keys at a time, in two buffers.
template <int Width_, int Warps_> struct AttentionMmaTile {
  static constexpr int Width = Width_, Keys = 64, Queries = 16 * Warps_, Threads = 32 * Warps_;
  static constexpr int SharedBytes = (Queries + 4 * Keys) * Width * 2;
};

// What a kernel must know of sizes.
struct AttentionSizes {
  int heads, heads_each; // of the queries, and how many of them share a head of keys and values
  int queries, keys, value_width;
  float scale;
};

} // namespace ait
