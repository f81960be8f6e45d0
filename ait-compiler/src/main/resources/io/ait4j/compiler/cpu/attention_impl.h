// The attention of attention.h, the same for all programs.
#pragma once
#include "attention.h"
#include "float_math.h"

AIT_NAMESPACE_BEGIN

constexpr int64_t SDPA_KEYS = 256; // keys per block: the scores of a query block stay in L1/L2

typedef Vec<4>::type v4;

// Four rows become four columns.
AIT_INLINE void transpose(v4 (&v)[4]) {
  const v4 a = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5), b = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
  const v4 c = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5), d = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5), v[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  v[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5), v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

// lanes[n * stride + r] = f(row r's element n, what was there) for four rows of n contiguous floats.
template <class F> AIT_INLINE void rows_to_lanes(const float* const (&rows)[4], int64_t n, float* lanes, int64_t stride, const F& f) {
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    v4 v[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) v[r] = loadn<4>(rows[r] + i);
    transpose(v);
#pragma GCC unroll 4
    for (int c = 0; c < 4; c++) storen<4>(lanes + (i + c) * stride, f(v[c], loadn<4>(lanes + (i + c) * stride)));
  }
  for (; i < n; i++) storen<4>(lanes + i * stride, f(v4{rows[0][i], rows[1][i], rows[2][i], rows[3][i]}, loadn<4>(lanes + i * stride)));
}

// The way back: four rows of n floats, `row_stride` apart, each lane times its factor.
AIT_INLINE void lanes_to_rows(const float* lanes, int64_t stride, int64_t n, const float* factors, float* rows, int64_t row_stride) {
  const v4 factor = loadn<4>(factors);
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    v4 v[4];
#pragma GCC unroll 4
    for (int c = 0; c < 4; c++) v[c] = loadn<4>(lanes + (i + c) * stride) * factor;
    transpose(v);
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) storen<4>(rows + r * row_stride + i, v[r]);
  }
  for (; i < n; i++)
    for (int r = 0; r < 4; r++) rows[r * row_stride + i] = lanes[i * stride + r] * factors[r];
}

// acc (rows x WIDTH) (+)= A (rows x K) * panel (K x WIDTH)
template <int WIDTH>
void sdpa_product(int64_t rows, int64_t K, const float* a, int64_t rs, int64_t ks, const float* panel, float* acc, bool add) {
  const int64_t tiles = ceil_div(rows, GEMM_MR);
  for (int64_t t = 0; t < tiles; t++) {
    const int64_t r0 = part_begin(rows, tiles, t);
    microkernel_rows<WIDTH>(int(part_begin(rows, tiles, t + 1) - r0))(K, a + r0 * rs, rs, ks, panel, acc + r0 * WIDTH, WIDTH, add, panel);
  }
}

// Folds a block of scores into the running maximum and sum; scores become probabilities (up to the final division).
template <int WIDTH>
void sdpa_softmax(float* s, int64_t keys, float* top, float* sum, float* out, int64_t DV, bool first) {
  alignas(64) float now[WIDTH], base[WIDTH], total[WIDTH];
  for (int i = 0; i < WIDTH; i++) now[i] = top[i];
  for (int64_t j = 0; j < keys; j++) {
#pragma omp simd
    for (int i = 0; i < WIDTH; i++) now[i] = s[j * WIDTH + i] > now[i] ? s[j * WIDTH + i] : now[i];
  }
#pragma omp simd
  for (int i = 0; i < WIDTH; i++) {
    base[i] = now[i] == -__builtin_inff() ? 0 : now[i]; // nothing visible yet: avoid inf - inf
    total[i] = 0;
  }
  for (int64_t j = 0; j < keys; j++) {
#pragma omp simd
    for (int i = 0; i < WIDTH; i++) {
      float p = exp(s[j * WIDTH + i] - base[i]);
      s[j * WIDTH + i] = p;
      total[i] += p;
    }
  }
  if (!first) {
    alignas(64) float shrink[WIDTH];
    bool changed = false;
    for (int i = 0; i < WIDTH; i++) {
      shrink[i] = exp(top[i] - base[i]);
      sum[i] *= shrink[i];
      changed |= !(shrink[i] == 1);
    }
    if (changed)
      for (int64_t d = 0; d < DV; d++) {
#pragma omp simd
        for (int i = 0; i < WIDTH; i++) out[d * WIDTH + i] *= shrink[i];
      }
  }
#pragma omp simd
  for (int i = 0; i < WIDTH; i++) {
    sum[i] = first ? total[i] : sum[i] + total[i];
    top[i] = now[i];
  }
}

// Rows of keys or values as floats, `to_stride` apart.
template <class X> inline void sdpa_rows(int64_t keys, int64_t n, const X* from, int64_t stride, int64_t step, float* to, int64_t to_stride) {
  for (int64_t j = 0; j < keys; j++, from += stride, to += to_stride)
    if (step == 1) copy_floats(to, from, n);
    else for (int64_t i = 0; i < n; i++) to[i] = float(from[i * step]);
}

// Lanes r0 .. r0 + rows of key head g of batch b. The query heads of a key head are interleaved, lane = i * heads + h,
// so that decoding (LQ == 1) with grouped queries reads K and V once for all of them.
template <int WIDTH, class X>
bool sdpa_block(const Sdpa& a, const AnyMask& mask, const AnyEpilogue& epi, int64_t b, int64_t g, int64_t r0, int64_t rows) {
  const int64_t heads = a.H / a.HKV;
  const X* k = static_cast<const X*>(a.k) + b * a.k_sb + g * a.k_sh;
  const X* v = static_cast<const X*>(a.v) + b * a.v_sb + g * a.v_sh;
  constexpr bool WIDENS = !std::is_same_v<X, float>;
  const bool copy_k = WIDENS || stride_conflicts(a.k_sl);
  const int64_t k_stride = block_stride(a.D), v_stride = block_stride(a.DV);
  int64_t query[WIDTH], head[WIDTH];
  for (int64_t r = 0; r < rows; r++) query[r] = (r0 + r) / heads, head[r] = g * heads + (r0 + r) % heads;
  const int64_t last = query[rows - 1], visible = a.causal && last + 1 < a.LK ? last + 1 : a.LK;
  const int64_t blocks = ceil_div(visible, SDPA_KEYS), most = blocks ? ceil_div(visible, blocks) : 0;

  const bool copy_q = WIDENS || a.q_sd != 1;
  const int64_t row_size = round_up(a.DV, 16) + GEMM_NR, q_size = copy_q ? 4 * a.D : 0;
  float* qt = scratch(SCRATCH_B, (a.D + most + a.DV) * WIDTH + 4 * row_size + q_size);
  float* k_copy = copy_k ? scratch(SCRATCH_A, most * (k_stride + (WIDENS ? v_stride : 0))) : nullptr;
  if (!qt || (copy_k && !k_copy)) return false;
  float *s = qt + a.D * WIDTH, *out = s + most * WIDTH, *row = out + a.DV * WIDTH;
  alignas(64) float top[WIDTH], sum[WIDTH];
  for (int i = 0; i < WIDTH; i++) top[i] = -__builtin_inff(), sum[i] = 0;

  for (int64_t r = 0; r < WIDTH; r += 4) { // lanes beyond the last query repeat it
    const float* from[4];
    for (int i = 0; i < 4; i++) {
      const int64_t lane = r + i < rows ? r + i : rows - 1;
      const X* q = static_cast<const X*>(a.q) + b * a.q_sb + head[lane] * a.q_sh + query[lane] * a.q_sl;
      if constexpr (!WIDENS) from[i] = q;
      if (!copy_q) continue;
      float* copy = row + 4 * row_size + i * a.D;
      sdpa_rows(1, a.D, q, 0, a.q_sd, copy, 0);
      from[i] = copy;
    }
    rows_to_lanes(from, a.D, qt + r, WIDTH, [&](v4 q, v4) __attribute__((always_inline)) { return q * a.scale; });
  }
  if (blocks == 0)
    for (int64_t n = 0; n < a.DV * WIDTH; n++) out[n] = 0;

  for (int64_t block = 0; block < blocks; block++) {
    const int64_t j0 = part_begin(visible, blocks, block), keys = part_begin(visible, blocks, block + 1) - j0;
    const X* kb = k + j0 * a.k_sl;
    if (copy_k) {
      sdpa_rows(keys, a.D, kb, a.k_sl, a.k_sd, k_copy, k_stride);
      sdpa_product<WIDTH>(keys, a.D, k_copy, k_stride, 1, qt, s, false);
    } else if constexpr (!WIDENS) {
      sdpa_product<WIDTH>(keys, a.D, kb, a.k_sl, a.k_sd, qt, s, false);
    }
    if (mask.row) {
      alignas(64) float bias[4][SDPA_KEYS];
      const float* const from[4] = {bias[0], bias[1], bias[2], bias[3]};
      for (int64_t r = 0; r < rows; r += 4) {
        for (int64_t i = 0; i < 4; i++) {
          const int64_t lane = r + i < rows ? r + i : rows - 1;
          mask.row(mask.mask, b, head[lane], query[lane], j0, keys, s + r + i, WIDTH, bias[i]);
        }
        if (mask.rewrites) rows_to_lanes(from, keys, s + r, WIDTH, [](v4 x, v4) __attribute__((always_inline)) { return x; });
        else rows_to_lanes(from, keys, s + r, WIDTH, [](v4 x, v4 score) __attribute__((always_inline)) { return score + x; });
      }
    }
    if (a.causal)
      for (int64_t j = keys - 1; j >= 0 && j0 + j > query[0]; j--)
        for (int64_t r = 0; r < rows && query[r] < j0 + j; r++) s[j * WIDTH + r] = -__builtin_inff();
    sdpa_softmax<WIDTH>(s, keys, top, sum, out, a.DV, block == 0);
    if constexpr (WIDENS) {
      float* v_copy = k_copy + most * k_stride;
      sdpa_rows(keys, a.DV, v + j0 * a.v_sl, a.v_sl, a.v_sd, v_copy, v_stride);
      sdpa_product<WIDTH>(a.DV, keys, v_copy, 1, v_stride, s, out, block > 0);
    } else {
      sdpa_product<WIDTH>(a.DV, keys, v + j0 * a.v_sl, a.v_sd, a.v_sl, s, out, block > 0);
    }
  }

  for (int i = 0; i < WIDTH; i++) sum[i] = sum[i] == 0 && (a.hidden_is_zero || blocks == 0) ? 0 : 1 / sum[i];
  for (int64_t r = 0; r < rows; r += 4) {
    lanes_to_rows(out + r, WIDTH, a.DV, sum + r, row, row_size);
    const int64_t count = rows - r < 4 ? rows - r : 4, step = heads == 1 ? count : 1; // rows of one head lie together
    for (int64_t i = 0; i < count; i += step)
      for (int64_t n = 0; n < a.DV; n += GEMM_NR)
        epi(b * a.H + head[r + i], query[r + i], step, n, a.DV - n < GEMM_NR ? a.DV - n : GEMM_NR, row + i * row_size + n, row_size);
  }
  return true;
}

// ---- few queries, as in decoding: every key and value is read for little work, so vectors run along them in memory ----

constexpr int64_t SDPA_FEW = 4;

inline bool sdpa_is_few(const Sdpa& a) {
  return a.LQ * (a.H / a.HKV) <= SDPA_FEW && a.k_sd == 1 && a.v_sd == 1 && a.D >= W && a.DV % W == 0;
}

// out[n] += sum_j p[j] * v[j * stride + n] for NV vectors
template <int NV> inline void sdpa_weigh(int64_t keys, const float* p, const float* v, int64_t stride, float* out) {
  vf even[NV], odd[NV];
#pragma GCC unroll 4
  for (int i = 0; i < NV; i++) even[i] = load(out + i * W), odd[i] = vf{};
  int64_t j = 0;
  for (; j + 2 <= keys; j += 2, v += 2 * stride) {
    const vf p0 = broadcast(p[j]), p1 = broadcast(p[j + 1]);
#pragma GCC unroll 4
    for (int i = 0; i < NV; i++) even[i] += p0 * load(v + i * W), odd[i] += p1 * load(v + stride + i * W);
  }
  if (j < keys) {
#pragma GCC unroll 4
    for (int i = 0; i < NV; i++) even[i] += broadcast(p[j]) * load(v + i * W);
  }
#pragma GCC unroll 4
  for (int i = 0; i < NV; i++) store(out + i * W, even[i] + odd[i]);
}

// Folds a row of scores into the running maximum and sum, as sdpa_softmax does.
inline void sdpa_softmax_row(float* s, int64_t keys, float& top, float& sum, float* out, int64_t DV) {
  float now = top, total = 0;
#pragma omp simd reduction(max : now)
  for (int64_t j = 0; j < keys; j++) now = s[j] > now ? s[j] : now;
  const float base = now == -__builtin_inff() ? 0 : now, shrink = exp(top - base);
#pragma omp simd reduction(+ : total)
  for (int64_t j = 0; j < keys; j++) total += s[j] = exp(s[j] - base);
  if (!(shrink == 1))
    for (int64_t n = 0; n < DV; n++) out[n] *= shrink;
  sum = sum * shrink + total;
  top = now;
}

template <class X> bool sdpa_few(const Sdpa& a, const AnyMask& mask, const AnyEpilogue& epi, int64_t b, int64_t g) {
  const int64_t heads = a.H / a.HKV, rows = a.LQ * heads, row_size = round_up(a.D, 16) + a.DV + SDPA_KEYS;
  float* const rows_of = scratch(SCRATCH_B, rows * row_size + GEMM_NR);
  if (!rows_of) return false;
  constexpr bool WIDENS = !std::is_same_v<X, float>;
  const int64_t most = a.LK < SDPA_KEYS ? a.LK : SDPA_KEYS;
  float* const wide = WIDENS ? scratch(SCRATCH_A, most * (a.D + a.DV)) : nullptr;
  if (WIDENS && !wide) return false;
  const X* k = static_cast<const X*>(a.k) + b * a.k_sb + g * a.k_sh;
  const X* v = static_cast<const X*>(a.v) + b * a.v_sb + g * a.v_sh;
  float top[SDPA_FEW], sum[SDPA_FEW];
  for (int64_t r = 0; r < rows; r++) {
    const X* from = static_cast<const X*>(a.q) + b * a.q_sb + (g * heads + r % heads) * a.q_sh + r / heads * a.q_sl;
    float *q = rows_of + r * row_size, *out = q + round_up(a.D, 16);
    for (int64_t d = 0; d < a.D; d++) q[d] = float(from[d * a.q_sd]) * a.scale;
    for (int64_t n = 0; n < a.DV; n++) out[n] = 0;
    top[r] = -__builtin_inff(), sum[r] = 0;
  }
  for (int64_t j0 = 0; j0 < a.LK; j0 += SDPA_KEYS) {
    const float *keys_at, *values_at;
    int64_t k_stride = a.k_sl, v_stride = a.v_sl;
    if constexpr (WIDENS) {
      const int64_t keys = a.LK - j0 < SDPA_KEYS ? a.LK - j0 : SDPA_KEYS;
      keys_at = wide, values_at = wide + most * a.D, k_stride = a.D, v_stride = a.DV;
      sdpa_rows(keys, a.D, k + j0 * a.k_sl, a.k_sl, 1, wide, a.D);
      sdpa_rows(keys, a.DV, v + j0 * a.v_sl, a.v_sl, 1, wide + most * a.D, a.DV);
    } else {
      keys_at = k + j0 * a.k_sl, values_at = v + j0 * a.v_sl;
    }
    for (int64_t r = 0; r < rows; r++) {
      const int64_t query = r / heads, head = g * heads + r % heads;
      int64_t keys = a.LK - j0 < SDPA_KEYS ? a.LK - j0 : SDPA_KEYS;
      if (a.causal && query + 1 - j0 < keys) keys = query + 1 - j0;
      if (keys <= 0) continue;
      float *q = rows_of + r * row_size, *out = q + round_up(a.D, 16), *s = out + a.DV;
      dot_columns(1, int(keys), a.D, keys_at, k_stride, q, 0, s, 1, false);
      if (mask.row) {
        alignas(64) float bias[SDPA_KEYS];
        mask.row(mask.mask, b, head, query, j0, keys, s, 1, bias);
        for (int64_t j = 0; j < keys; j++) s[j] = mask.rewrites ? bias[j] : s[j] + bias[j];
      }
      sdpa_softmax_row(s, keys, top[r], sum[r], out, a.DV);
      int64_t n = 0;
      for (; n + 4 * W <= a.DV; n += 4 * W) sdpa_weigh<4>(keys, s, values_at + n, v_stride, out + n);
      for (; n < a.DV; n += W) sdpa_weigh<1>(keys, s, values_at + n, v_stride, out + n);
    }
  }
  for (int64_t r = 0; r < rows; r++) {
    float* out = rows_of + r * row_size + round_up(a.D, 16);
    const float share = sum[r] == 0 && (a.hidden_is_zero || a.LK == 0) ? 0 : 1 / sum[r];
    for (int64_t n = 0; n < a.DV; n++) out[n] *= share;
    for (int64_t n = 0; n < a.DV; n += GEMM_NR)
      epi(b * a.H + g * heads + r % heads, r / heads, 1, n, a.DV - n < GEMM_NR ? a.DV - n : GEMM_NR, out + n);
  }
  return true;
}

template <class X, int I>
bool sdpa_block_of(int width, const Sdpa& a, const AnyMask& mask, const AnyEpilogue& epi, int64_t b, int64_t g, int64_t r0, int64_t rows) {
  if constexpr (I == sizeof PANEL_WIDTHS / sizeof *PANEL_WIDTHS) return false;
  else {
    if constexpr (panel_width_ok(PANEL_WIDTHS[I]))
      if (width == PANEL_WIDTHS[I]) return sdpa_block<PANEL_WIDTHS[I], X>(a, mask, epi, b, g, r0, rows);
    return sdpa_block_of<X, I + 1>(width, a, mask, epi, b, g, r0, rows);
  }
}

template <class X> void sdpa(const Executor& ex, const Sdpa& a, const AnyMask& mask, const AnyEpilogue& epi) {
  if (a.B <= 0 || a.H <= 0 || a.LQ <= 0 || a.DV <= 0) return;
  if (sdpa_is_few(a)) {
    const double row = 2.0 * a.LK * (a.D + a.DV);
    parallel_for(ex, a.B * a.HKV, 1 + int64_t(5e4 / (row + 1)), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; t++)
        if (!sdpa_few<X>(a, mask, epi, t / a.HKV, t % a.HKV)) return;
    });
    return;
  }
  const int64_t lanes = a.LQ * (a.H / a.HKV), blocks = ceil_div(lanes, GEMM_NR);
  const double cost = 2.0 * GEMM_NR * a.LK * (a.D + a.DV);
  parallel_for(ex, a.B * a.HKV * blocks, 1 + int64_t(2e5 / (cost + 1)), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; t++) {
      // Longest first under a causal mask, so that the last tasks are the short ones.
      const int64_t block = blocks - 1 - t % blocks, g = t / blocks % a.HKV, b = t / blocks / a.HKV;
      const int64_t r0 = block * GEMM_NR, rows = lanes - r0 < GEMM_NR ? lanes - r0 : GEMM_NR;
      if (!sdpa_block_of<X, 0>(panel_width(rows), a, mask, epi, b, g, r0, rows)) return;
    }
  });
}

AIT_NAMESPACE_END
