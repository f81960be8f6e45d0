// Matrix products by ordinary arithmetic in float32, of any operands and any sizes.
#pragma once
#include "fragment.cuh"
#include "gemm_tile.h"
#include "operand.cuh"

namespace ait {

// A tile of one operand on its way to shared memory, where it lies by k and then by row (`Pitch` floats).
template <class Operand, int Rows, int Depth, int Threads, int Pitch>
struct TileCopy {
  static constexpr int Runs = Rows * Depth / 4 / Threads;
  static_assert(Runs * 4 * Threads == Rows * Depth);
  static constexpr int PerRow = Operand::AlongK ? Depth / 4 : Rows / 4;
  float v[Runs][4];

  template <bool Whole>
  AIT_INLINE void load(const Operand& from, int thread, int b, int r0, int k0, int rows, int depth) {
#pragma unroll
    for (int i = 0; i < Runs; ++i) {
      const int at = thread + i * Threads, along = at % PerRow * 4, across = at / PerRow;
      if constexpr (Operand::AlongK) {
        from.template run4<Whole>(v[i], b, r0 + across, k0 + along, rows, depth);
      } else {
        from.template run4<Whole>(v[i], b, r0 + along, k0 + across, rows, depth);
      }
    }
  }

  AIT_INLINE void store(float* tile, int thread) const {
#pragma unroll
    for (int i = 0; i < Runs; ++i) {
      const int at = thread + i * Threads, along = at % PerRow * 4, across = at / PerRow;
      if constexpr (Operand::AlongK) {
#pragma unroll
        for (int j = 0; j < 4; ++j) tile[(along + j) * Pitch + across] = v[i][j];
      } else {
        *reinterpret_cast<float4*>(tile + across * Pitch + along) = make_float4(v[i][0], v[i][1], v[i][2], v[i][3]);
      }
    }
  }
};

template <class Tile, bool Whole, class A, class B, class Epilogue>
AIT_INLINE void gemm_simt_tile(const A& a, const B& b, const GemmProblem& p, const Epilogue& epilogue) {
  extern __shared__ __align__(16) float shared[];
  constexpr int RowRuns = Tile::RowsEach / 4, ColumnRuns = Tile::ColumnsEach / 4;
  constexpr int RowStep = Tile::Rows / RowRuns, ColumnStep = Tile::Columns / ColumnRuns;
  const int group = threadIdx.x / Tile::GroupThreads, thread = threadIdx.x % Tile::GroupThreads;
  const int ty = thread / Tile::Across * 4, tx = thread % Tile::Across * 4;
  const int rows = (p.m + Tile::Rows - 1) / Tile::Rows, columns = (p.n + Tile::Columns - 1) / Tile::Columns;
  const int z = blockIdx.x / (rows * columns), place = blockIdx.x % (rows * columns);
  const int m = place % rows * Tile::Rows, n = place / rows * Tile::Columns;
  float* mine = shared + group * 2 * Tile::BufferFloats;

  float d[Tile::RowsEach][Tile::ColumnsEach] = {};
  TileCopy<A, Tile::Rows, Tile::Depth, Tile::GroupThreads, Tile::APitch> a_copy;
  TileCopy<B, Tile::Columns, Tile::Depth, Tile::GroupThreads, Tile::BPitch> b_copy;
  constexpr int Stride = Tile::Depth * Tile::Groups;
  const int steps = (p.k + Stride - 1) / Stride;
  auto load = [&](int s) {
    const int k = s * Stride + group * Tile::Depth;
    a_copy.template load<Whole>(a, thread, z, m, k, p.m, p.k);
    b_copy.template load<Whole>(b, thread, z, n, k, p.n, p.k);
  };
  auto store = [&](int s) {
    float* to = mine + s % 2 * Tile::BufferFloats;
    a_copy.store(to, thread);
    b_copy.store(to + Tile::Depth * Tile::APitch, thread);
  };
  if (steps > 0) {
    load(0);
    store(0);
  }
  __syncthreads();
  for (int s = 0; s < steps; ++s) {
    if (s + 1 < steps) load(s + 1);
    const float* a_tile = mine + s % 2 * Tile::BufferFloats;
    const float* b_tile = a_tile + Tile::Depth * Tile::APitch;
#pragma unroll
    for (int k = 0; k < Tile::Depth; ++k) {
      float x[Tile::RowsEach], y[Tile::ColumnsEach];
#pragma unroll
      for (int i = 0; i < RowRuns; ++i) {
        const float4 q = *reinterpret_cast<const float4*>(a_tile + k * Tile::APitch + i * RowStep + ty);
        x[i * 4] = q.x, x[i * 4 + 1] = q.y, x[i * 4 + 2] = q.z, x[i * 4 + 3] = q.w;
      }
#pragma unroll
      for (int j = 0; j < ColumnRuns; ++j) {
        const float4 q = *reinterpret_cast<const float4*>(b_tile + k * Tile::BPitch + j * ColumnStep + tx);
        y[j * 4] = q.x, y[j * 4 + 1] = q.y, y[j * 4 + 2] = q.z, y[j * 4 + 3] = q.w;
      }
#pragma unroll
      for (int i = 0; i < Tile::RowsEach; ++i) {
#pragma unroll
        for (int j = 0; j < Tile::ColumnsEach; ++j) d[i][j] += x[i] * y[j];
      }
    }
    if (s + 1 < steps) store(s + 1);
    __syncthreads();
  }
  if constexpr (Tile::Groups > 1) {  // the first group adds up what all have
    constexpr int Sums = Tile::Rows * Tile::Columns;
#pragma unroll
    for (int i = 0; i < Tile::RowsEach; ++i) {
#pragma unroll
      for (int j = 0; j < Tile::ColumnsEach; ++j) {
        if (group > 0) shared[(group - 1) * Sums + (i * Tile::ColumnsEach + j) * Tile::GroupThreads + thread] = d[i][j];
      }
    }
    __syncthreads();
    if (group > 0) return;
#pragma unroll
    for (int i = 0; i < Tile::RowsEach; ++i) {
#pragma unroll
      for (int j = 0; j < Tile::ColumnsEach; ++j) {
#pragma unroll
        for (int g = 0; g < Tile::Groups - 1; ++g) {
          d[i][j] += shared[g * Sums + (i * Tile::ColumnsEach + j) * Tile::GroupThreads + thread];
        }
      }
    }
  }
#pragma unroll
  for (int i = 0; i < Tile::RowsEach; ++i) {
    const int row = m + i / 4 * RowStep + ty + i % 4;
#pragma unroll
    for (int j = 0; j < ColumnRuns; ++j) {
      finish<(Epilogue::Width < 4 ? Epilogue::Width : 4), 4>(epilogue, d[i] + j * 4, z, row, n + j * ColumnStep + tx, p.m, p.n);
    }
  }
}

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes; a block for each tile.
template <class Tile, class A, class B, class Epilogue>
AIT_INLINE void gemm_simt(const A& a, const B& b, const GemmProblem& p, const Epilogue& epilogue) {
  let_next_begin();
  wait_for_previous();
  if (a.whole(p.m, p.k) && b.whole(p.n, p.k)) {
    gemm_simt_tile<Tile, true>(a, b, p, epilogue);
  } else {
    gemm_simt_tile<Tile, false>(a, b, p, epilogue);
  }
}

template <class Tile, bool Whole, class A, class B, class Epilogue>
AIT_INLINE void gemm_few_rows_tile(const A& a, const B& b, const GemmProblem& p, const Epilogue& epilogue) {
  constexpr int BlockColumns = Tile::Warps * Tile::Columns;
  const int lane = threadIdx.x % 32, blocks = (p.n + BlockColumns - 1) / BlockColumns;
  const int z = blockIdx.x / blocks, n = blockIdx.x % blocks * BlockColumns + threadIdx.x / 32 * Tile::Columns;
  if (n >= p.n) return;
  float d[Tile::Rows][Tile::Columns] = {};
#pragma unroll(Tile::Rows == 1 ? 4 : 2)
  for (int k = lane * 4; k < p.k; k += 128) {
    float y[Tile::Columns][4];
#pragma unroll
    for (int c = 0; c < Tile::Columns; ++c) b.template run4<Whole>(y[c], z, n + c, k, p.n, p.k);
#pragma unroll
    for (int r = 0; r < Tile::Rows; ++r) {
      float x[4];
      a.template run4<Whole>(x, z, r, k, p.m, p.k);
#pragma unroll
      for (int c = 0; c < Tile::Columns; ++c) {
#pragma unroll
        for (int i = 0; i < 4; ++i) d[r][c] += x[i] * y[c][i];
      }
    }
  }
#pragma unroll
  for (int r = 0; r < Tile::Rows; ++r) {
#pragma unroll
    for (int c = 0; c < Tile::Columns; ++c) {
#pragma unroll
      for (int s = 16; s > 0; s /= 2) d[r][c] += __shfl_xor_sync(0xffffffffu, d[r][c], s);
    }
    if (lane == r) {
      finish<(Epilogue::Width < 4 ? Epilogue::Width : 4), Tile::Columns>(epilogue, d[r], z, r, n, p.m, p.n);
    }
  }
}

// A few rows times a matrix whose columns lie along k: 4 columns each warp.
template <class Tile, class A, class B, class Epilogue>
AIT_INLINE void gemm_few_rows(const A& a, const B& b, const GemmProblem& p, const Epilogue& epilogue) {
  let_next_begin();
  wait_for_previous();
  if (a.whole(p.m, p.k) && b.whole(p.n, p.k)) {
    gemm_few_rows_tile<Tile, true>(a, b, p, epilogue);
  } else {
    gemm_few_rows_tile<Tile, false>(a, b, p, epilogue);
  }
}

}  // namespace ait
