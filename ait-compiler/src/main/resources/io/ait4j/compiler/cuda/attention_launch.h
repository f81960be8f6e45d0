// What the host computes of attention before it launches a kernel.
#pragma once
#include "aligned_run.h"
#include "attention_problem.h"
#include "launch.h"

namespace ait {

// Kernels count rows and columns in 32 bits.
inline bool attention_fits(const cuda::Context& cx, const AttentionProblem& p) {
  constexpr int64_t Most = int64_t(1) << 30;
  const bool fits = p.batch * p.heads < Most && p.queries < Most && p.keys < Most && p.width < Most && p.value_width < Most;
  if (!fits) cuda::failed(cx, cudaErrorInvalidValue, "attention of a tensor that is too large");
  return fits;
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
