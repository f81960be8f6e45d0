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

// Sums of rows m to m + 16 and of 8 * Blocks columns from n on; `rows` and `columns` are the problem's. The epilogue's width
// divides the number of columns.
template <int Blocks, class Epilogue>
AIT_INLINE void finish_fragment(const Epilogue& epilogue, const float (&d)[Blocks * 4], int b, int m, int n, int rows, int columns) {
  constexpr int Width = Epilogue::Width;
  const int lane = threadIdx.x % 32, q = lane % 4;
  constexpr int Four = Width == 8 ? Blocks / 4 * 4 : 0;
  constexpr int Two = Width >= 4 ? Blocks / 2 * 2 : 0;
#pragma unroll
  for (int h = 0; h < 2; ++h) {
    const int row = m + lane / 4 + h * 8;
#pragma unroll
    for (int j = 0; j < Four; j += 4) {
      float v[4][2];
#pragma unroll
      for (int i = 0; i < 4; ++i) v[i][0] = d[(j + i) * 4 + h * 2], v[i][1] = d[(j + i) * 4 + h * 2 + 1];
      exchange_quad(v);
      finish<Width, 8>(epilogue, v[0], b, row, n + (j + q) * 8, rows, columns);
    }
#pragma unroll
    for (int j = Four; j < Two; j += 2) {
      const bool odd = q & 1;
      const float* mine = d + j * 4 + h * 2;
      const float a0 = odd ? mine[4] : mine[0], a1 = odd ? mine[5] : mine[1];
      const float g0 = __shfl_xor_sync(0xffffffffu, odd ? mine[0] : mine[4], 1);
      const float g1 = __shfl_xor_sync(0xffffffffu, odd ? mine[1] : mine[5], 1);
      const float v[4] = {odd ? g0 : a0, odd ? g1 : a1, odd ? a0 : g0, odd ? a1 : g1};
      finish<Width < 4 ? Width : 4, 4>(epilogue, v, b, row, n + (j + q % 2) * 8 + q / 2 * 4, rows, columns);
    }
#pragma unroll
    for (int j = Two; j < Blocks; ++j) {
      finish<Width < 2 ? Width : 2, 2>(epilogue, d + j * 4 + h * 2, b, row, n + j * 8 + q * 2, rows, columns);
    }
  }
}

}  // namespace ait
