// Scaled dot-product attention by mma.sync, for GPUs without wgmma and tensors that Hopper's copy engine does not read: 16 queries a
// warp, keys and values in two buffers, one of which is filled while the other is used.
#pragma once
#include "attention_fragment.cuh"
#include "attention_problem.h"
#include "gemm_sm80.cuh"

namespace ait {

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes. Blocks: tiles of queries fastest, then heads, then batches.
// There is at least one key, the scale is positive, and rows lie in steps of eight. With `Whole`, values are as wide as the tile.
template <class T, class Tile, bool Causal, bool HiddenIsZero, bool Whole, class Score, class Epilogue>
AIT_INLINE void attention_mma(const AttentionProblem& problem, const T* __restrict q, const T* __restrict k, const T* __restrict v,
                              const Score& score, const Epilogue& epilogue) {
  constexpr int Keys = Tile::Keys, Width = Tile::Width, Queries = Tile::Queries;
  static_assert(Keys == 64);
  constexpr float Log2E = 1.4426950408889634f;
  extern __shared__ __align__(128) uint8_t raw[];
  const uint32_t qs = static_cast<uint32_t>(__cvta_generic_to_shared(raw)), ks = qs + Queries * Width * 2, vs = ks + 2 * Keys * Width * 2;
  const AttentionSizes p{int(problem.heads), int(problem.heads / problem.key_heads), int(problem.queries), int(problem.keys),
                         int(problem.value_width), problem.scale};

  const int query_tiles = (p.queries + Queries - 1) / Queries;
  const int place = blockIdx.x / query_tiles, in_head = blockIdx.x - place * query_tiles;
  const int first = (Causal ? query_tiles - 1 - in_head : in_head) * Queries; // the longest first
  const int batch = place / p.heads, head = place - batch * p.heads, key_head = head / p.heads_each;
  q += batch * problem.q_step[0] + head * problem.q_step[1] + first * problem.q_step[2];
  k += batch * problem.k_step[0] + key_head * problem.k_step[1];
  v += batch * problem.v_step[0] + key_head * problem.v_step[1];
  const int tiles = ((Causal ? min(p.keys, first + Queries) : p.keys) + Keys - 1) / Keys;

  // Rows to lines of 64 columns, one slab of them after the other.
  auto copy = [&](uint32_t to, const T* from, int64_t step, int rows, int rows_there, int columns_there) {
    for (int i = threadIdx.x; i < rows * (Width / 8); i += Tile::Threads) {
      const int piece = i % 8, line = i / 8, row = line % rows, column = line / rows * 64 + piece * 8;
      const bool there = row < rows_there && column < columns_there;
      copy_async<16>(line_address(to, line, piece), there ? from + row * step + column : from, there ? 16 : 0);
    }
  };
  auto copy_tile = [&](int t) {
    if (t < tiles) {
      const int at = t * Keys, buffer = t % 2 * Keys * Width * 2;
      copy(ks + buffer, k + at * problem.k_step[2], problem.k_step[2], Keys, p.keys - at, int(problem.width));
      copy(vs + buffer, v + at * problem.v_step[2], problem.v_step[2], Keys, p.keys - at, p.value_width);
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
  };

  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, row = first + warp * 16 + lane / 4;
  copy(qs, q, problem.q_step[2], Queries, p.queries - first, int(problem.width));
  copy_tile(0);
  uint32_t queries[Width / 16][4];
  float o[Width / 2] = {};
  RunningSoftmax<Keys> softmax;
  const float scale = Score::Any ? Log2E : p.scale * Log2E;
  for (int t = 0; t < tiles; ++t) {
    copy_tile(t + 1);
    asm volatile("cp.async.wait_group 1;" ::: "memory");
    __syncthreads();
    if (t == 0) {
#pragma unroll
      for (int i = 0; i < Width / 16; ++i) load_16x16<true>(queries[i], qs + i / 4 * Queries * 128, warp * 16, i % 4 * 16);
    }
    const uint32_t buffer = t % 2 * Keys * Width * 2;
    float s[Keys / 2] = {};
#pragma unroll
    for (int i = 0; i < Width / 16; ++i) {
#pragma unroll
      for (int j = 0; j < Keys / 16; ++j) {
        uint32_t y[4];
        load_16x16<true>(y, ks + buffer + i / 4 * Keys * 128, j * 16, i % 4 * 16);
        multiply_add<T>(s + j * 8, queries[i], y[0], y[2]);
        multiply_add<T>(s + j * 8 + 4, queries[i], y[1], y[3]);
      }
    }
    const int base = t * Keys;
    const bool ragged = base + Keys > p.keys || (Causal && base + Keys > first + warp * 16);
    place_scores<Keys, Causal>(s, score, p, batch, head, row, base + lane % 4 * 2, ragged);
    float keep[2];
    softmax.step(s, scale, keep);
    uint32_t weights[Keys / 16][4];
    pack_weights<T, Keys>(weights, s);
#pragma unroll
    for (int i = 0; i < Width / 2; ++i) o[i] *= keep[i % 4 / 2];
#pragma unroll
    for (int i = 0; i < Keys / 16; ++i) {
#pragma unroll
      for (int j = 0; j < Width / 16; ++j) {
        uint32_t y[4];
        load_16x16<false>(y, vs + buffer, j * 16, i * 16);
        multiply_add<T>(o + j * 8, weights[i], y[0], y[2]);
        multiply_add<T>(o + j * 8 + 4, weights[i], y[1], y[3]);
      }
    }
    __syncthreads(); // the buffer is filled anew
  }
  float share[2];
  shares<HiddenIsZero>(share, softmax);
#pragma unroll
  for (int i = 0; i < Width / 2; ++i) o[i] *= share[i % 4 / 2];
  finish_fragment<Width / 8, Whole>(epilogue, o, place, first + warp * 16, 0, p.queries, p.value_width);
}

} // namespace ait
