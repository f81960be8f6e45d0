// Scaled dot-product attention on the ordinary units: keys come in tiles, the softmax goes along with a running maximum and sum.
// Any strides, widths and lengths, any type in memory; everything is computed in float.
#pragma once
#include "attention_problem.h"
#include "attention_score.cuh"
#include "device.cuh"
#include "tile_memory.cuh"

namespace ait {

// `RowsEach`: queries of a thread; 16 x as many of a block. `Columns`: of the values, that a block takes. `Run`: neighbouring
// columns that one access takes.
template <int RowsEach_, int Columns_, int Run_> struct AttentionSimtTile {
  static constexpr int RowsEach = RowsEach_, Columns = Columns_, Run = Run_;
  static constexpr int Queries = 16 * RowsEach, Keys = 64, Threads = 256;
  static constexpr int Slice = 32;      // of the width, at a time
  static constexpr int Resident = 128;  // queries so wide stay in shared memory
  static constexpr int QPitch = Queries + 4, KPitch = Keys + 4;
  static constexpr int ValuesEach = Columns / 16;
};

template <int Run, class T, class Place>
AIT_INLINE void load_rows(const T* from, int64_t row_step, int64_t column_step, int rows, int columns, int rows_there,
                                 int columns_there, const Place& place) {
  const int runs = columns / Run;
  for (int i = threadIdx.x; i < rows * runs; i += blockDim.x) {
    const int r = i / runs, c = i % runs * Run;
    float v[Run];
    load_floats<Run>(v, from + r * row_step + c * column_step, r < rows_there && c < columns_there);
#pragma unroll
    for (int j = 0; j < Run; ++j) *place(r, c + j) = v[j];
  }
}

// Blocks along x: columns of the values fastest, then tiles of queries, heads, batches.
template <class Q, class K, class V, class Tile, class Score, class Epilogue>
AIT_INLINE void attention_simt(const AttentionProblem& p, const Q* __restrict q, const K* __restrict k, const V* __restrict v,
                                      const Score& score, const Epilogue& epilogue) {
  constexpr int R = Tile::RowsEach, Keys = Tile::Keys, Slice = Tile::Slice, Run = Tile::Run;
  constexpr float Infinity = __builtin_huge_valf();
  extern __shared__ __align__(16) float shared[];
  const int width = int(p.width), slices = (width + Slice - 1) / Slice;
  const bool resident = width <= Tile::Resident;
  float* qs = shared;                                                    // [width][query]
  float* ks = qs + (resident ? slices : 1) * Slice * Tile::QPitch;       // [slice of the width][key]
  float* ps = ks + Slice * Tile::KPitch;                                 // [key][query]
  float* vs = ps + Keys * Tile::QPitch;                                  // [key][column]

  const int column_tiles = int((p.value_width + Tile::Columns - 1) / Tile::Columns);
  const int query_tiles = int((p.queries + Tile::Queries - 1) / Tile::Queries);
  int64_t block = blockIdx.x;
  const int column0 = int(block % column_tiles) * Tile::Columns;
  block /= column_tiles;
  const int first = (query_tiles - 1 - int(block % query_tiles)) * Tile::Queries; // causal ones: the longest first
  block /= query_tiles;
  const int head = int(block % p.heads), batch = int(block / p.heads);
  const int key_head = int(head / (p.heads / p.key_heads));
  q += batch * p.q_step[0] + head * p.q_step[1] + first * p.q_step[2];
  k += batch * p.k_step[0] + key_head * p.k_step[1];
  v += batch * p.v_step[0] + key_head * p.v_step[1] + column0 * p.v_step[3];
  const int queries = int(p.queries) - first, columns = int(p.value_width) - column0;
  const int keys = p.causal ? min(int(p.keys), first + Tile::Queries) : int(p.keys);

  const int x = threadIdx.x % 16, y = threadIdx.x / 16;
  float sums[R][Tile::ValuesEach] = {}, top[R], total[R];
#pragma unroll
  for (int i = 0; i < R; ++i) top[i] = -Infinity, total[i] = 0;
  auto read_queries = [&](int from, int count) {
    load_rows<Run>(q + from * p.q_step[3], p.q_step[2], p.q_step[3], Tile::Queries, count, queries, width - from,
                   [&](int r, int c) { return qs + c * Tile::QPitch + r; });
  };
  if (resident) read_queries(0, slices * Slice);

  for (int base = 0; base < keys; base += Keys) {
    float s[R][4] = {};
    for (int slice = 0; slice < slices; ++slice) {
      __syncthreads();
      if (!resident) read_queries(slice * Slice, Slice);
      load_rows<Run>(k + base * p.k_step[2] + slice * Slice * p.k_step[3], p.k_step[2], p.k_step[3], Keys, Slice, int(p.keys) - base,
                     width - slice * Slice, [&](int r, int c) { return ks + c * Tile::KPitch + r; });
      if (slice == 0) {
        load_rows<Run>(v + base * p.v_step[2], p.v_step[2], p.v_step[3], Keys, Tile::Columns, int(p.keys) - base, columns,
                       [&](int r, int c) { return vs + r * Tile::Columns + c; });
      }
      __syncthreads();
      const float* qd = qs + (resident ? slice * Slice : 0) * Tile::QPitch + y * R;
#pragma unroll 8
      for (int d = 0; d < Slice; ++d) {
        const float4 b = *reinterpret_cast<const float4*>(ks + d * Tile::KPitch + x * 4);
#pragma unroll
        for (int i = 0; i < R; ++i) {
          const float a = qd[d * Tile::QPitch + i];
          s[i][0] += a * b.x, s[i][1] += a * b.y, s[i][2] += a * b.z, s[i][3] += a * b.w;
        }
      }
    }
#pragma unroll
    for (int i = 0; i < R; ++i) {
      const int row = first + y * R + i;
      float high = top[i];
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const int key = base + x * 4 + j;
        float value = s[i][j] * p.scale;
        if (key >= p.keys || (p.causal && key > row)) value = -Infinity;
        else if (Score::Any && row < p.queries) value = score(batch, head, row, key, value);
        s[i][j] = value;
        high = value > high ? value : high;
      }
#pragma unroll
      for (int lane = 8; lane > 0; lane /= 2) high = fmaxf(high, __shfl_xor_sync(~0u, high, lane));
      const float shift = high == -Infinity ? 0 : high; // nothing seen yet: no inf - inf
      const float shrink = expf(top[i] - shift);
      top[i] = high;
      float part = 0;
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const float weight = expf(s[i][j] - shift);
        part += weight;
        ps[(x * 4 + j) * Tile::QPitch + y * R + i] = weight;
      }
#pragma unroll
      for (int lane = 8; lane > 0; lane /= 2) part += __shfl_xor_sync(~0u, part, lane);
      total[i] = total[i] * shrink + part;
#pragma unroll
      for (int j = 0; j < Tile::ValuesEach; ++j) sums[i][j] *= shrink;
    }
    __syncwarp(); // the weights of a query are written and read by the same half of a warp
#pragma unroll 4
    for (int key = 0; key < Keys; ++key) {
#pragma unroll
      for (int j = 0; j < Tile::ValuesEach; j += 4) {
        const float4 b = *reinterpret_cast<const float4*>(vs + key * Tile::Columns + j * 16 + x * 4);
#pragma unroll
        for (int i = 0; i < R; ++i) {
          const float a = ps[key * Tile::QPitch + y * R + i];
          sums[i][j] += a * b.x, sums[i][j + 1] += a * b.y, sums[i][j + 2] += a * b.z, sums[i][j + 3] += a * b.w;
        }
      }
    }
  }
#pragma unroll
  for (int i = 0; i < R; ++i) {
    const int row = first + y * R + i;
    if (row >= p.queries) continue;
    const float share = total[i] == 0 && (p.hidden_is_zero || p.keys == 0) ? 0 : 1 / total[i];
#pragma unroll
    for (int j = 0; j < Tile::ValuesEach; ++j) sums[i][j] *= share;
#pragma unroll
    for (int j = 0; j < Tile::ValuesEach; j += 4) {
      finish_columns<4>(epilogue, int(batch * p.heads) + head, row, 0, column0 + j * 16 + x * 4, int(p.value_width), sums[i] + j);
    }
  }
}

} // namespace ait
