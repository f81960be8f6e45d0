// What a product reads, as floats: element k of row r of A, or of column r of B, in product b of the batch. Operands have
//   static constexpr bool AlongK;                     whether neighbours along k lie side by side, rather than along r
//   bool whole(rows, depth)                           whether `run4<true>` may be used: runs of 4 are aligned, and none is partial
//   void run4<Whole>(float (&v)[4], b, r, k, rows, depth)   4 neighbours, zeros beyond the sizes
#pragma once
#include "columns.cuh"

namespace ait {

// In memory, by strides: the one along k is 1 if `AlongK_`, else the one along r is 1, or any if `Vectors` is false.
template <class T, bool AlongK_, bool Vectors = true>
struct StridedOperand {
  static constexpr bool AlongK = AlongK_;
  const T* base;
  int64_t batch, row, k;

  AIT_INLINE StridedOperand(const T* base, int64_t batch, int64_t row, int64_t k) : base(base), batch(batch), row(row), k(k) {}

  AIT_INLINE bool whole(int rows, int depth) const {
    const int64_t steps = (batch | (AlongK ? row : k)) * int64_t(sizeof(T)) | reinterpret_cast<intptr_t>(base);
    return Vectors && (steps & (4 * sizeof(T) - 1)) == 0 && (AlongK ? depth : rows) % 4 == 0;
  }

  template <bool Whole>
  AIT_INLINE void run4(float (&v)[4], int b, int r, int at, int rows, int depth) const {
    const T* from = base + b * batch + r * row + at * k;
    Columns<T, 4> run;
    __builtin_memset(&run, 0, sizeof run);
    if constexpr (Whole) {
      if (r < rows && at < depth) load_together<4>(from, run);
    } else {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        if (AlongK ? r < rows && at + i < depth : r + i < rows && at < depth) run.at[i] = from[i * (AlongK ? k : row)];
      }
    }
#pragma unroll
    for (int i = 0; i < 4; ++i) v[i] = widened(run.at[i]);
  }
};

// Computed by `element(b, r, k)`.
template <bool AlongK_, class F>
struct ComputedOperand {
  static constexpr bool AlongK = AlongK_;
  F element;

  AIT_INLINE bool whole(int, int) const { return true; }

  template <bool>
  AIT_INLINE void run4(float (&v)[4], int b, int r, int at, int rows, int depth) const {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int rr = AlongK ? r : r + i, kk = AlongK ? at + i : at;
      v[i] = rr < rows && kk < depth ? element(b, rr, kk) : 0.0f;
    }
  }
};

}  // namespace ait
