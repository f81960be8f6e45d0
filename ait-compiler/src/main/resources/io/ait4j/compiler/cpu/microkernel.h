// The register-tiled inner product: a tile of C (rows x panel width) += A rows times a packed B panel.
#pragma once
#include "vec.h"

AIT_NAMESPACE_BEGIN

// Accumulators fill the register file but for the B vectors and one broadcast.
#if AIT_VEC_BYTES == 64
constexpr int GEMM_MR = 12, GEMM_NV = 2;
#elif AIT_VEC_BYTES == 32
constexpr int GEMM_MR = 6, GEMM_NV = 2;
#elif defined(__aarch64__)
constexpr int GEMM_MR = 6, GEMM_NV = 4;
#else
constexpr int GEMM_MR = 6, GEMM_NV = 2;
#endif
constexpr int GEMM_NR = GEMM_NV * W;

// The last panel of a matrix is as narrow as these widths allow, so that few lanes multiply zeros.
constexpr int PANEL_WIDTHS[] = {4, 8, 12, 16, 24, 32};
constexpr bool panel_width_ok(int w) { return w <= GEMM_NR && (w % W == 0 || w % W == 4 || w % W == 8) && (W != 16 || w != 12); }
constexpr int panel_width(int64_t columns) {
  for (int w : PANEL_WIDTHS)
    if (panel_width_ok(w) && columns <= w) return w;
  return GEMM_NR;
}

// WIDTH columns as full vectors plus one narrower one.
template <int WIDTH> struct PanelShape {
  static constexpr int FULL = WIDTH / W, REST = WIDTH % W;
  static constexpr int LANES = REST ? REST : 1; // REST == 0: a dummy that is never touched
};

// acc[r * ld + c] (+)= sum_k a[r * rs + k * ks] * b[k * WIDTH + c]
// SPLIT independent partial sums hide the FMA latency of tiles with few rows. On the way it asks for AHEAD floats a step from
// `ahead` on, which need not be valid: what the caller will want next from memory.
constexpr int AHEAD = 16;

template <int MR, int WIDTH, int SPLIT>
AIT_NOINLINE void microkernel(int64_t K, const float* a, int64_t rs, int64_t ks, const float* b, float* acc, int64_t ld, bool add, const float* ahead) {
  typedef PanelShape<WIDTH> P;
  constexpr int FULL = P::FULL, NV = FULL > 0 ? FULL : 1;
  typedef typename Vec<P::LANES>::type vr;
  constexpr int GROUPS = (MR + 2) / 3; // three rows per pointer: base, base + rs, base + 2 rs need no more registers

  vf sum[SPLIT][MR][NV];
  vr rest[SPLIT][MR];
#pragma GCC unroll 16
  for (int s = 0; s < SPLIT; s++)
#pragma GCC unroll 16
    for (int r = 0; r < MR; r++) {
#pragma GCC unroll 16
      for (int v = 0; v < NV; v++) sum[s][r][v] = vf{};
      rest[s][r] = vr{};
    }

  const float* p[GROUPS];
#pragma GCC unroll 16
  for (int g = 0; g < GROUPS; g++) p[g] = a + 3 * g * rs;

  auto step = [&](int s, const float* bk) __attribute__((always_inline)) {
    __builtin_prefetch(ahead, 0, 2);
    ahead += AHEAD;
    vf bv[NV];
    vr br{};
    if constexpr (FULL > 0) {
#pragma GCC unroll 16
      for (int v = 0; v < NV; v++) bv[v] = load(bk + v * W);
    }
    if constexpr (P::REST > 0) br = loadn<P::LANES>(bk + FULL * W);
#pragma GCC unroll 16
    for (int r = 0; r < MR; r++) {
      float x = p[r / 3][(r % 3) * rs];
      if constexpr (FULL > 0) {
        vf xv = broadcast(x);
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++) sum[s][r][v] += xv * bv[v];
      }
      if constexpr (P::REST > 0) rest[s][r] += splatn<P::LANES>(x) * br;
    }
#pragma GCC unroll 16
    for (int g = 0; g < GROUPS; g++) p[g] += ks;
  };

  int64_t k = 0;
  if constexpr (SPLIT > 1) {
    for (; k + SPLIT <= K; k += SPLIT) {
#pragma GCC unroll 16
      for (int s = 0; s < SPLIT; s++) step(s, b + s * WIDTH);
      b += SPLIT * WIDTH;
    }
  }
  for (; k < K; k++) {
    step(0, b);
    b += WIDTH;
  }

#pragma GCC unroll 16
  for (int r = 0; r < MR; r++) {
#pragma GCC unroll 16
    for (int s = 1; s < SPLIT; s++) {
#pragma GCC unroll 16
      for (int v = 0; v < NV; v++) sum[0][r][v] += sum[s][r][v];
      rest[0][r] += rest[s][r];
    }
    float* c = acc + r * ld;
    if constexpr (FULL > 0) {
#pragma GCC unroll 16
      for (int v = 0; v < NV; v++) store(c + v * W, add ? load(c + v * W) + sum[0][r][v] : sum[0][r][v]);
    }
    if constexpr (P::REST > 0) {
      float* d = c + FULL * W;
      storen<P::LANES>(d, add ? loadn<P::LANES>(d) + rest[0][r] : rest[0][r]);
    }
  }
}

constexpr int microkernel_split(int rows, int width) {
  int chains = rows * (width / W + (width % W ? 1 : 0));
  return chains >= 8 ? 1 : chains >= 4 ? 2 : 4;
}

typedef void (*MicroFn)(int64_t K, const float* a, int64_t rs, int64_t ks, const float* b, float* acc, int64_t ld, bool add, const float* ahead);

template <int WIDTH, int MR = GEMM_MR> inline MicroFn microkernel_rows(int rows) {
  if constexpr (MR == 0) return nullptr;
  else return rows == MR ? MicroFn(microkernel<MR, WIDTH, microkernel_split(MR, WIDTH)>) : microkernel_rows<WIDTH, MR - 1>(rows);
}

// The kernel for `rows` in 1..GEMM_MR rows and a panel of `width` columns (a value of panel_width()).
template <int I = 0> AIT_NOINLINE MicroFn microkernel_for(int rows, int width) {
  if constexpr (I == sizeof PANEL_WIDTHS / sizeof *PANEL_WIDTHS) return nullptr;
  else {
    if constexpr (panel_width_ok(PANEL_WIDTHS[I]))
      if (width == PANEL_WIDTHS[I]) return microkernel_rows<PANEL_WIDTHS[I]>(rows);
    return microkernel_for<I + 1>(rows, width);
  }
}

// ---- a few left-over columns: dot products along k, where broadcasting would use 1 to 4 lanes of a vector ----

AIT_INLINE float sum_lanes(Vec<4>::type v) { return (v[0] + v[2]) + (v[1] + v[3]); }
AIT_INLINE float sum_lanes(Vec<8>::type v) {
  return sum_lanes(__builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7));
}
AIT_INLINE float sum_lanes(Vec<16>::type v) {
  return sum_lanes(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
}

// acc[r * ld + c] (+)= sum_k a[r * rs + k] * b[c * bs + k]
template <int ROWS, int COLUMNS>
AIT_INLINE void dot_tile(int64_t K, const float* a, int64_t rs, const float* b, int64_t bs, float* acc, int64_t ld, bool add) {
  vf sum[ROWS][COLUMNS];
#pragma GCC unroll 16
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 16
    for (int c = 0; c < COLUMNS; c++) sum[r][c] = vf{};
  int64_t k = 0;
  for (; k + W <= K; k += W) {
    vf bv[COLUMNS];
#pragma GCC unroll 16
    for (int c = 0; c < COLUMNS; c++) bv[c] = load(b + c * bs + k);
#pragma GCC unroll 16
    for (int r = 0; r < ROWS; r++) {
      const vf av = load(a + r * rs + k);
#pragma GCC unroll 16
      for (int c = 0; c < COLUMNS; c++) sum[r][c] += av * bv[c];
    }
  }
  for (int r = 0; r < ROWS; r++)
    for (int c = 0; c < COLUMNS; c++) {
      float s = sum_lanes(sum[r][c]);
      for (int64_t i = k; i < K; i++) s += a[r * rs + i] * b[c * bs + i];
      acc[r * ld + c] = add ? acc[r * ld + c] + s : s;
    }
}

constexpr int DOT_COLUMNS = W == 4 ? 3 : 4; // the most that dot_columns takes

template <int COLUMNS>
void dot_rows(int rows, int64_t K, const float* a, int64_t rs, const float* b, float* acc, int64_t ld, bool add, int64_t bs) {
  constexpr int STEP = W == 16 || COLUMNS <= 2 ? 4 : 2;
  int r = 0;
  for (; r + STEP <= rows; r += STEP) dot_tile<STEP, COLUMNS>(K, a + r * rs, rs, b, bs, acc + r * ld, ld, add);
  for (; r < rows; r++) dot_tile<1, COLUMNS>(K, a + r * rs, rs, b, bs, acc + r * ld, ld, add);
}

template <int MOST = DOT_COLUMNS>
AIT_NOINLINE void dot_columns(int columns, int rows, int64_t K, const float* a, int64_t rs, const float* b, int64_t bs, float* acc, int64_t ld, bool add) {
  if (columns == 1) dot_rows<1>(rows, K, a, rs, b, acc, ld, add, bs);
  else if (columns == 2) dot_rows<2>(rows, K, a, rs, b, acc, ld, add, bs);
  else if (columns == 3) dot_rows<3>(rows, K, a, rs, b, acc, ld, add, bs);
  else if constexpr (MOST == 4) dot_rows<4>(rows, K, a, rs, b, acc, ld, add, bs);
}

// No program has a part in these: a library has one file that compiles them, the same for all, and the others declare.
#ifndef AIT_SHARED_PRODUCTS
extern
#endif
template MicroFn microkernel_for<0>(int rows, int width);
#ifndef AIT_SHARED_PRODUCTS
extern
#endif
template void dot_columns<DOT_COLUMNS>(int columns, int rows, int64_t K, const float* a, int64_t rs, const float* b, int64_t bs, float* acc, int64_t ld, bool add);

AIT_NAMESPACE_END
