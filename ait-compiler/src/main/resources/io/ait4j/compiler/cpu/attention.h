// Scaled dot product attention, one block of queries at a time, online softmax over blocks of keys.
//
// Everything is transposed so that queries lie along the vector lanes: S^T = K Q^T and O^T = V^T P^T. Then K and V
// are the broadcast operands and are read in place, P^T is a packed panel as it stands, and the softmax needs no
// horizontal operation.
//
// Mask: NoMask, or a functor float operator()(b, h, i, j): an additive bias, -inf hides; or one that gets the scaled
// score as well and says what becomes of it. A row that hides every key yields zeros (as PyTorch's _safe_softmax) or,
// unless hidden_is_zero, NaN (as a softmax written out); NaN propagates.
// Queries, keys and values are floats or halves; the latter are widened a block of keys at a time.
// Epilogue: as gemm.h, with b = batch * H + head, m = query row, n = value column.
#pragma once
#include <type_traits>
#include "gemm.h"

AIT_NAMESPACE_BEGIN

struct Sdpa {
  int64_t B, H, HKV, LQ, LK, D, DV;
  float scale;
  bool causal; // key j is visible to query i when j <= i
  const void *q, *k, *v;
  int64_t q_sb, q_sh, q_sl, q_sd, k_sb, k_sh, k_sl, k_sd, v_sb, v_sh, v_sl, v_sd;
  bool hidden_is_zero = true;
};

struct NoMask {};

// Whether a mask gets the score and says what becomes of it.
template <class Mask> constexpr bool rewrites_scores = std::is_invocable_v<Mask, int64_t, int64_t, int64_t, int64_t, float>;

// Any mask behind one function that takes a row of scores at a time, so that the rest is compiled once for all programs.
struct AnyMask {
  const void* mask = nullptr;
  // out[j] = what becomes of scores[j * step], or, unless `rewrites`, what to add to it, for keys [j0, j0 + keys).
  void (*row)(const void* mask, int64_t b, int64_t h, int64_t i, int64_t j0, int64_t keys, const float* scores, int64_t step, float* out) = nullptr;
  bool rewrites = false;

  AnyMask(const NoMask&) {}
  template <class Mask> AnyMask(const Mask& m) : mask(&m), rewrites(rewrites_scores<Mask>) {
    row = [](const void* p, int64_t b, int64_t h, int64_t i, int64_t j0, int64_t keys, const float* scores, int64_t step, float* out) {
      const Mask& at = *static_cast<const Mask*>(p);
#pragma omp simd
      for (int64_t j = 0; j < keys; j++) {
        if constexpr (rewrites_scores<Mask>) out[j] = at(b, h, i, j0 + j, scores[j * step]);
        else out[j] = at(b, h, i, j0 + j);
      }
    };
  }
};

// attention_impl.h defines it. X is the element of queries, keys and values.
template <class X = float> void sdpa(const Executor& ex, const Sdpa& a, const AnyMask& mask, const AnyEpilogue& epi);

AIT_NAMESPACE_END
