// From the tensor cores' registers to an epilogue. A warp's sums of 16 rows: the lane has rows lane / 4 and lane / 4 + 8, and of
// each 8 columns the two from lane % 4 * 2 on.
#pragma once
#include "device.cuh"

namespace ait {

// Lane q of four gets what the four have at place q, in their order.
AIT_INLINE void exchange_quad(float (&v)[4][2]) {
  const int q = threadIdx.x % 4;
#pragma unroll
  for (int s = 1; s < 4; s *= 2) {
    const bool upper = q & s;
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      if (i & s) continue;
#pragma unroll
      for (int c = 0; c < 2; ++c) {
        const float got = __shfl_xor_sync(0xffffffffu, upper ? v[i][c] : v[i + s][c], s);
        (upper ? v[i][c] : v[i + s][c]) = got;
      }
    }
  }
}

// Hands `Count` columns of a row over, `Width` at a time, as far as they exist.
template <int Width, int Count, class Epilogue>
AIT_INLINE void finish(const Epilogue& epilogue, const float* sums, int b, int m, int n, int rows, int columns) {
  static_assert(Count % Width == 0);
#pragma unroll
  for (int i = 0; i < Count; i += Width) {
    if (m < rows && n + i < columns) epilogue.template run<Width>(b, m, n + i, sums + i);
  }
}

// Puts neighbouring columns of a row into one lane, as wide as the epilogue takes them, in place: of each four blocks of 8 columns
// the lane then has all 8 of one, or of each two blocks 4 of one.
template <int Width, int Blocks>
AIT_INLINE void gather_columns(float (&d)[Blocks * 4]) {
  constexpr int Four = Width == 8 ? Blocks / 4 * 4 : 0, Two = Width >= 4 ? Blocks / 2 * 2 : 0;
#pragma unroll
  for (int h = 0; h < 2; ++h) {
#pragma unroll
    for (int j = 0; j < Four; j += 4) {
      float v[4][2];
#pragma unroll
      for (int i = 0; i < 4; ++i) v[i][0] = d[(j + i) * 4 + h * 2], v[i][1] = d[(j + i) * 4 + h * 2 + 1];
      exchange_quad(v);
#pragma unroll
      for (int i = 0; i < 4; ++i) d[(j + i) * 4 + h * 2] = v[i][0], d[(j + i) * 4 + h * 2 + 1] = v[i][1];
    }
#pragma unroll
    for (int j = Four; j < Two; j += 2) {
      const bool odd = threadIdx.x & 1;
      float* v = d + j * 4 + h * 2;
#pragma unroll
      for (int c = 0; c < 2; ++c) {
        const float got = __shfl_xor_sync(0xffffffffu, odd ? v[c] : v[4 + c], 1);
        (odd ? v[c] : v[4 + c]) = got;
      }
    }
  }
}

// A row's part of what `gather_columns` left; `All`: every column exists.
template <int Blocks, bool All, class Epilogue>
AIT_INLINE void finish_row(const Epilogue& epilogue, const float (&d)[Blocks * 4], int h, int b, int row, int n, int columns) {
  constexpr int Width = Epilogue::Width;
  constexpr int Four = Width == 8 ? Blocks / 4 * 4 : 0, Two = Width >= 4 ? Blocks / 2 * 2 : 0;
  const int q = threadIdx.x % 4;
#pragma unroll
  for (int j = 0; j < Four; j += 4) {
    float v[8];
#pragma unroll
    for (int i = 0; i < 8; ++i) v[i] = d[(j + i / 2) * 4 + h * 2 + i % 2];
    const int c = n + (j + q) * 8;
    if (All || c < columns) epilogue.template run<Width>(b, row, c, v);
  }
#pragma unroll
  for (int j = Four; j < Two; j += 2) {
    constexpr int Wide = Width < 4 ? Width : 4;
    const float v[4] = {d[j * 4 + h * 2], d[j * 4 + h * 2 + 1], d[j * 4 + 4 + h * 2], d[j * 4 + 5 + h * 2]};
    const int c = n + (j + q % 2) * 8 + q / 2 * 4;
    if (All || c < columns) epilogue.template run<Wide>(b, row, c, v);
  }
#pragma unroll
  for (int j = Two; j < Blocks; ++j) {
    constexpr int Wide = Width < 2 ? Width : 2;
#pragma unroll
    for (int i = 0; i < 2; i += Wide) {
      const int c = n + j * 8 + q * 2 + i;
      if (All || c < columns) epilogue.template run<Wide>(b, row, c, d + j * 4 + h * 2 + i);
    }
  }
}

// Sums of rows m to m + 16 and of 8 * Blocks columns from n on; `rows` and `columns` are the problem's. The epilogue's width
// divides the number of columns. Where all of them exist, as they always do if `Whole`, nothing is asked in between, so that loads
// run ahead.
template <int Blocks, bool Whole, class Epilogue>
AIT_INLINE void finish_fragment(const Epilogue& epilogue, float (&d)[Blocks * 4], int b, int m, int n, int rows, int columns) {
  gather_columns<Epilogue::Width, Blocks>(d);
  const bool all = Whole || n + Blocks * 8 <= columns;
#pragma unroll
  for (int h = 0; h < 2; ++h) {
    const int row = m + threadIdx.x % 32 / 4 + h * 8;
    if (row >= rows) continue;
    if (all) {
      finish_row<Blocks, true>(epilogue, d, h, b, row, n, columns);
    } else {
      finish_row<Blocks, false>(epilogue, d, h, b, row, n, columns);
    }
  }
}

}  // namespace ait
