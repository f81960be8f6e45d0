// What the host computes of attention before it launches a kernel.
#pragma once
#include "aligned_run.h"
#include "attention_problem.h"
#include "attention_tile.h"
#include "launch.h"

namespace ait {

// Kernels count rows and columns in 32 bits.
inline bool attention_fits(const cuda::Context& cx, const AttentionProblem& p) {
  constexpr int64_t Most = int64_t(1) << 30;
  const bool fits = p.batch * p.heads < Most && p.queries < Most && p.keys < Most && p.width < Most && p.value_width < Most;
  if (!fits) cuda::failed(cx, cudaErrorInvalidValue, "attention of a tensor that is too large");
  return fits;
}

// Whether 16 bytes of one of them can be read at once: columns side by side, all else in steps of as many.
inline bool attention_is_aligned(const void* at, const int64_t (&step)[4], int64_t rows, int64_t heads, int64_t batch) {
  const auto steps = [](int64_t stride, int64_t size) { return size <= 1 || stride % 8 == 0; };
  return uintptr_t(at) % 16 == 0 && step[3] == 1 && steps(step[2], rows) && steps(step[1], heads) && steps(step[0], batch);
}

inline bool attention_is_aligned(const AttentionProblem& p, const void* q, const void* k, const void* v) {
  return p.keys > 0 && attention_is_aligned(q, p.q_step, p.queries, p.heads, p.batch) &&
         attention_is_aligned(k, p.k_step, p.keys, p.key_heads, p.batch) &&
         attention_is_aligned(v, p.v_step, p.keys, p.key_heads, p.batch);
}

// Whether the copy engine can: it reads nothing twice and nothing backwards.
inline bool attention_copies(const void* at, const int64_t (&step)[4], int64_t rows, int64_t width, int64_t heads, int64_t batch) {
  const auto steps = [](int64_t stride, int64_t size) {
    return size <= 1 || (stride % 8 == 0 && stride > 0 && stride < int64_t(1) << 38);
  };
  return uintptr_t(at) % 16 == 0 && (step[3] == 1 || width == 1) && steps(step[2], rows) && steps(step[1], heads) && steps(step[0], batch);
}

inline bool attention_copies(const AttentionProblem& p, const void* q, const void* k, const void* v) {
  return p.keys > 0 && p.width > 0 && attention_copies(q, p.q_step, p.queries, p.width, p.heads, p.batch) &&
         attention_copies(k, p.k_step, p.keys, p.width, p.key_heads, p.batch) &&
         attention_copies(v, p.v_step, p.keys, p.value_width, p.key_heads, p.batch);
}

// By mma.sync.
template <class Tile> Launch attention_mma_launch(const AttentionProblem& p) {
  const int64_t blocks = (p.queries + Tile::Queries - 1) / Tile::Queries * p.heads * p.batch;
  return {uint32_t(blocks), 1, 1, Tile::Threads, Tile::SharedBytes};
}

// For a tile of attention_simt.cuh of so many queries and columns of the values.
inline Launch attention_simt_launch(const AttentionProblem& p, int queries, int columns) {
  constexpr int Keys = 64, Slice = 32, Resident = 128;
  const int64_t slices = p.width > Resident ? 1 : (p.width + Slice - 1) / Slice;
  const int64_t floats = slices * Slice * (queries + 4) + Slice * (Keys + 4) + Keys * (queries + 4) + Keys * columns;
  const int64_t blocks = (p.value_width + columns - 1) / columns * ((p.queries + queries - 1) / queries) * p.heads * p.batch;
  return {uint32_t(blocks), 1, 1, 256, uint32_t(floats * 4)};
}

} // namespace ait
