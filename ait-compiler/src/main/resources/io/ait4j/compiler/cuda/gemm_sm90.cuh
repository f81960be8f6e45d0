// Matrix products on Hopper: the copy engine fills a ring of tiles, warpgroups multiply, the epilogue runs on their registers.
// Blocks stay and take one tile after the other; where tiles are few, the blocks of a cluster share one's k instead.
#pragma once
#include "fragment.cuh"
#include "gemm_tile.h"
#include "hopper.cuh"

namespace ait {

// Where tile `index` begins: tile row and column, and the product of the batch.
template <class Tile>
AIT_INLINE void tile_place(const GemmProblem& p, int index, int& m, int& n, int& z) {
  const int rows = (p.m + Tile::Rows - 1) / Tile::Rows, columns = (p.n + Tile::Columns - 1) / Tile::Columns;
  const int per = rows * columns;
  z = index / per;
  index -= z * per;
  const int width = p.group * columns;
  const int first = index / width * p.group;
  const int height = min(p.group, rows - first);
  index %= width;
  m = (first + index % height) * Tile::Rows;
  n = index / height * Tile::Columns;
}

// Two matrices: a is m x k in memory (k x m if `AColumns`), b is n x k (k x n unless `BColumns`).
template <bool AColumns_, bool BColumns_>
struct Matrices {
  static constexpr bool AColumns = AColumns_, BColumns = BColumns_;
  const TensorMap& a_map;
  const TensorMap& b_map;

  AIT_INLINE void prefetch() const {
    tensor_prefetch(&a_map);
    tensor_prefetch(&b_map);
  }

  template <class Tile>
  AIT_INLINE void load_a(uint8_t* to, uint64_t* full, const GemmProblem& p, int m, int z, int step) const {
    const int k = step * Tile::Depth;
    if constexpr (AColumns) {
      for (int i = 0; i < Tile::Rows / 64; ++i) tensor_load(to + i * 8192, &a_map, full, m + i * 64, k, z * p.a_step);
    } else {
      tensor_load(to, &a_map, full, k, m, z * p.a_step);
    }
  }

  template <class Tile>
  AIT_INLINE void load_b(uint8_t* to, uint64_t* full, const GemmProblem& p, int n, int z, int step) const {
    const int k = step * Tile::Depth;
    if constexpr (BColumns) {
      tensor_load(to, &b_map, full, k, n, z * p.b_step);
    } else {
      for (int i = 0; i < Tile::Columns / 64; ++i) tensor_load(to + i * 8192, &b_map, full, n + i * 64, k, z * p.b_step);
    }
  }
};

// The copying thread: tiles of each product into the ring, from step `from` to step `to` along k. With `Weights`, b was written
// long before: its first tiles are fetched while the launch before still runs.
template <class Tile, bool Weights, class Operands>
AIT_INLINE void copy_tiles(const Operands& operands, const GemmProblem& p, uint8_t* ring, uint64_t* full, uint64_t* empty, int first,
                           int stride, int tiles, int from, int to) {
  int ahead = 0, m, n, z;
  if (Weights && first < tiles) {
    tile_place<Tile>(p, first, m, n, z);
    for (; ahead < Tile::Stages && ahead < to - from; ++ahead) {
      barrier_expect(full + ahead, Tile::StageBytes);
      operands.template load_b<Tile>(ring + ahead * Tile::StageBytes + Tile::ABytes, full + ahead, p, n, z, from + ahead);
    }
  }
  wait_for_previous();
  int stage = 0, phase = 0;
  for (int t = first; t < tiles; t += stride) {
    tile_place<Tile>(p, t, m, n, z);
    for (int s = from; s < to; ++s) {
      uint8_t* a = ring + stage * Tile::StageBytes;
      if (ahead > 0) {
        --ahead;
      } else {
        barrier_wait(empty + stage, phase ^ 1);
        barrier_expect(full + stage, Tile::StageBytes);
        operands.template load_b<Tile>(a + Tile::ABytes, full + stage, p, n, z, s);
      }
      operands.template load_a<Tile>(a, full + stage, p, m, z, s);
      if (++stage == Tile::Stages) stage = 0, phase ^= 1;
    }
  }
}

// A warpgroup's 64 rows of a tile: d = the sum over its steps.
template <class T, class Tile, class Operands>
AIT_INLINE void multiply_tiles(float (&d)[Tile::Columns / 2], uint8_t* ring, uint64_t* full, uint64_t* empty, int consumer, int steps,
                               int& stage, int& phase) {
  constexpr bool AColumns = Operands::AColumns, BColumns = Operands::BColumns;
  const bool leader = threadIdx.x % 128 == 0;
  int before = -1;
  for (int s = 0; s < steps; ++s) {
    barrier_wait(full + stage, phase);
    uint8_t* a = ring + stage * Tile::StageBytes + consumer * 8192;
    uint8_t* b = ring + stage * Tile::StageBytes + Tile::ABytes;
    // Along k: 8 rows of 128 bytes repeat. Across: 64 of the other dimension by 64 steps of k, 8 of them at a time.
    const uint64_t da = AColumns ? tile_descriptor(a, 8192, 1024) : tile_descriptor(a, 16, 1024);
    const uint64_t db = BColumns ? tile_descriptor(b, 16, 1024) : tile_descriptor(b, 8192, 1024);
    product_fence();
#pragma unroll
    for (int k = 0; k < 4; ++k) {  // of 32 bytes
      product<T, Tile::Columns, AColumns ? 1 : 0, BColumns ? 0 : 1>(d, da + k * (AColumns ? 128 : 2), db + k * (BColumns ? 2 : 128),
                                                                   s > 0 || k > 0);
    }
    product_commit();
    if (before >= 0) {
      product_wait<1>();
      if (leader) barrier_arrive(empty + before);
    }
    before = stage;
    if (++stage == Tile::Stages) stage = 0, phase ^= 1;
  }
  product_wait<0>();
  if (leader && before >= 0) barrier_arrive(empty + before);
}

// Each block of the cluster has sums over its part of k: they are added up, a share of the rows by each block.
template <class Tile, class Epilogue>
AIT_INLINE void finish_split(const Epilogue& epilogue, const float* sums, const GemmProblem& p, int m, int n, int z, int rank) {
  constexpr int Share = Tile::Rows / Tile::Split, Count = Epilogue::Width > 4 ? Epilogue::Width : 4, Runs = Tile::Columns / Count;
  const uint32_t base = shared_address(sums);
  for (int i = threadIdx.x; i < Share * Runs; i += Tile::Threads) {
    const int r = rank * Share + i / Runs, c = i % Runs * Count;
    if (m + r >= p.m || n + c >= p.n) continue;
    float v[Count] = {};
#pragma unroll
    for (int b = 0; b < Tile::Split; ++b) {
#pragma unroll
      for (int j = 0; j < Count; j += 4) {
        const float4 q = cluster_load(cluster_map(base + (r * Tile::Pitch + c + j) * 4, b));
        v[j] += q.x, v[j + 1] += q.y, v[j + 2] += q.z, v[j + 3] += q.w;
      }
    }
    finish<Epilogue::Width, Count>(epilogue, v, z, m + r, n + c, p.m, p.n);
  }
}

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes; blocks are as many as there are tiles, or, unless k is
// split, fewer. k is at least 1. With `Whole`, tiles end where columns do. Floats lie along k; the copy engine rounds them to TF32.
template <class T, class Tile, bool Weights, bool Whole, class Operands, class Epilogue>
AIT_INLINE void gemm_wgmma(const Operands& operands, const GemmProblem& p, const Epilogue& epilogue) {
  extern __shared__ uint8_t raw[];
  uint8_t* ring = raw + (-shared_address(raw) & 1023);
  uint64_t* full = reinterpret_cast<uint64_t*>(ring + Tile::RingEnd);
  uint64_t* empty = full + Tile::Stages;

  const int group = threadIdx.x / 128;
  const int rank = Tile::Split > 1 ? cluster_rank() : 0;
  if (threadIdx.x == 0) {
    operands.prefetch();
    for (int s = 0; s < Tile::Stages; ++s) {
      barrier_init(full + s, 1);
      barrier_init(empty + s, Tile::Consumers);
    }
    barrier_init_fence();
  }
  __syncthreads();
  let_next_begin();

  const int rows = (p.m + Tile::Rows - 1) / Tile::Rows, columns = (p.n + Tile::Columns - 1) / Tile::Columns;
  const int tiles = rows * columns * p.batch;
  const int steps = (p.k + Tile::Depth - 1) / Tile::Depth;
  const int from = steps * rank / Tile::Split, to = steps * (rank + 1) / Tile::Split;
  const int first = blockIdx.x / Tile::Split, stride = gridDim.x / Tile::Split;

  if (group == 0) {
    if constexpr (Tile::Consumers > 1 && Tile::Split == 1) registers_shrink<Tile::Consumers == 2 ? 40 : 24>();
    if (threadIdx.x == 0) copy_tiles<Tile, Weights>(operands, p, ring, full, empty, first, stride, tiles, from, to);
    if constexpr (Tile::Split == 1) return;
  } else if constexpr (Tile::Consumers > 1 && Tile::Split == 1) {
    registers_grow<Tile::Consumers == 2 ? 232 : Tile::Consumers == 3 ? 160 : 112>();
  }

  const int consumer = group - 1, warp = threadIdx.x % 128 / 32;
  int stage = 0, phase = 0, m, n, z;
  if constexpr (Tile::Split == 1) {
    wait_for_previous();
    for (int t = first; t < tiles; t += stride) {
      tile_place<Tile>(p, t, m, n, z);
      float d[Tile::Columns / 2];
      multiply_tiles<T, Tile, Operands>(d, ring, full, empty, consumer, to - from, stage, phase);
      finish_fragment<Tile::Columns / 8, Whole>(epilogue, d, z, m + consumer * 64 + warp * 16, n, p.m, p.n);
    }
  } else {
    tile_place<Tile>(p, first, m, n, z);
    float* sums = reinterpret_cast<float*>(ring);
    if (group > 0) {
      float d[Tile::Columns / 2];
      multiply_tiles<T, Tile, Operands>(d, ring, full, empty, consumer, to - from, stage, phase);
      asm volatile("bar.sync 1, %0;" ::"n"(Tile::Consumers * 128) : "memory");
      const int lane = threadIdx.x % 32;
      float* to_row = sums + (consumer * 64 + warp * 16 + lane / 4) * Tile::Pitch + lane % 4 * 2;
#pragma unroll
      for (int h = 0; h < 2; ++h) {
#pragma unroll
        for (int j = 0; j < Tile::Columns / 8; ++j) {
          *reinterpret_cast<float2*>(to_row + h * 8 * Tile::Pitch + j * 8) =
              from < to ? make_float2(d[j * 4 + h * 2], d[j * 4 + h * 2 + 1]) : make_float2(0, 0);
        }
      }
    }
    wait_for_previous();
    __syncwarp();  // the copying thread comes later than the others of its warp
    cluster_arrive();
    cluster_wait();
    finish_split<Tile>(epilogue, sums, p, m, n, z, rank);
    cluster_arrive();  // no block ends while another still reads its sums
    cluster_wait();
  }
}

}  // namespace ait
