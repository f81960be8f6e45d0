// What attention on tensor cores shares: a warp's scores of 16 queries, which become weights where they are. Of each 8 keys the lane
// has the two from lane % 4 * 2 on, of rows lane / 4 and lane / 4 + 8.
#pragma once
#include "attention_score.cuh"
#include "attention_tile.h"
#include "device.cuh"

namespace ait {

AIT_INLINE float power_of_2(float x) {
  float r;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
  return r;
}

template <class T> AIT_INLINE uint32_t pack_halves(float low, float high) {
  uint32_t r;
  if constexpr (__is_same(T, float16)) asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
  else asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
  return r;
}

// The running softmax of a warp's 16 queries, in powers of two: a lane has rows lane / 4 and lane / 4 + 8.
template <int Keys> struct RunningSoftmax {
  float top[2] = {-__builtin_huge_valf(), -__builtin_huge_valf()}, sum[2] = {0, 0};

  // Scores become weights; `keep` is what is left of the earlier ones.
  AIT_INLINE void step(float (&s)[Keys / 2], float scale, float (&keep)[2]) {
#pragma unroll
    for (int h = 0; h < 2; ++h) {
      float high = top[h];
#pragma unroll
      for (int j = 0; j < Keys / 8; ++j) high = fmaxf(high, fmaxf(s[j * 4 + h * 2], s[j * 4 + h * 2 + 1]));
      high = fmaxf(high, __shfl_xor_sync(~0u, high, 1));
      high = fmaxf(high, __shfl_xor_sync(~0u, high, 2));
      const float shift = high == -__builtin_huge_valf() ? 0 : high * scale; // nothing seen yet: no inf - inf
      keep[h] = power_of_2(top[h] * scale - shift);
      top[h] = high;
      float part = 0;
#pragma unroll
      for (int j = 0; j < Keys / 8; ++j) {
#pragma unroll
        for (int e = 0; e < 2; ++e) {
          float& x = s[j * 4 + h * 2 + e];
          x = power_of_2(x * scale - shift);
          part += x;
        }
      }
      sum[h] = sum[h] * keep[h] + part;
    }
  }
};

// Scores of the lane's rows from `row` on and columns from `first` on become what the functor says, or -inf if they do not exist;
// `ragged` where some may not.
template <int Keys, bool Causal, class Score>
AIT_INLINE void place_scores(float (&s)[Keys / 2], const Score& score, const AttentionSizes& p, int batch, int head, int row, int first,
                             bool ragged) {
  if constexpr (Score::Any) {
#pragma unroll
    for (int i = 0; i < Keys / 2; ++i) {
      // Beyond the sizes the last score is computed anew: nothing is read that is not there.
      const int r = min(row + i % 4 / 2 * 8, p.queries - 1), c = min(first + i / 4 * 8 + i % 2, p.keys - 1);
      s[i] = score(batch, head, r, c, s[i] * p.scale);
    }
  }
  if (ragged) {
#pragma unroll
    for (int i = 0; i < Keys / 2; ++i) {
      const int r = row + i % 4 / 2 * 8, c = first + i / 4 * 8 + i % 2;
      if (c >= p.keys || (Causal && c > r)) s[i] = -__builtin_huge_valf();
    }
  }
}

// As operands of the next product.
template <class T, int Keys> AIT_INLINE void pack_weights(uint32_t (&weights)[Keys / 16][4], const float (&s)[Keys / 2]) {
#pragma unroll
  for (int k = 0; k < Keys / 16; ++k) {
#pragma unroll
    for (int i = 0; i < 4; ++i) weights[k][i] = pack_halves<T>(s[k * 8 + i * 2], s[k * 8 + i * 2 + 1]);
  }
}

// What the lane's rows of weighed values are multiplied by at last.
template <bool HiddenIsZero, int Keys> AIT_INLINE void shares(float (&share)[2], const RunningSoftmax<Keys>& softmax) {
#pragma unroll
  for (int h = 0; h < 2; ++h) {
    float sum = softmax.sum[h];
    sum += __shfl_xor_sync(~0u, sum, 1);
    sum += __shfl_xor_sync(~0u, sum, 2);
    share[h] = HiddenIsZero && sum == 0 ? 0 : 1 / sum;
  }
}

} // namespace ait
