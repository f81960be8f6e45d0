// The blocked loops of gemm.h. No program has a part in them: a library has one file that compiles them (products.cpp).
#pragma once
#include "gemm.h"
#include "gemm_plan.h"

AIT_NAMESPACE_BEGIN

template <class X> ABlock RowsSource<X>::block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
  const X* src = a.base + b * a.batch_stride + m0 * a.row_stride + k0;
  if constexpr (!WIDENS)
    if (!copies || mc <= 2) return {src, a.row_stride};
  int64_t rs = block_stride(kc);
  for (int64_t r = 0; r < mc; r++) copy_floats(buffer + r * rs, src + r * a.row_stride, kc);
  return {buffer, rs};
}

template <class X> ABlock StridedSource<X>::block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
  const X* src = a.base + b * a.batch_stride + m0 * a.row_stride + k0 * a.k_stride;
  if constexpr (std::is_same<X, float>::value)
    if (a.k_stride == 1 && !stride_conflicts(a.row_stride)) return {src, a.row_stride};
  int64_t rs = block_stride(kc);
  constexpr int64_t T = 16; // small tiles keep both sides of the transposition in L1
  for (int64_t r0 = 0; r0 < mc; r0 += T)
    for (int64_t k1 = 0; k1 < kc; k1 += T)
      for (int64_t r = r0; r < mc && r < r0 + T; r++)
        for (int64_t k = k1; k < kc && k < k1 + T; k++) buffer[r * rs + k] = float(src[r * a.row_stride + k * a.k_stride]);
  return {buffer, rs};
}

template struct RowsSource<float>;
template struct RowsSource<float16>;
template struct RowsSource<bfloat16>;
template struct StridedSource<float>;
template struct StridedSource<float16>;
template struct StridedSource<bfloat16>;

bool gemm_block(const AnySource& a, const AnyPacked& packed, const AnyEpilogue& epi, const GemmPlan& plan, int64_t b, int64_t m0, int64_t m1,
                int64_t p0, int64_t p1, int64_t N, int64_t K, int64_t n_base) {
  const int64_t mc = m1 - m0, tiles = ceil_div(mc, GEMM_MR), kb = plan.k_blocks;
  const int64_t kc_most = ceil_div(K, kb);
  float* a_buffer = a.copies ? scratch(SCRATCH_A, mc * block_stride(kc_most)) : nullptr;
  if (a.copies && !a_buffer) return false;
  alignas(64) float tile[GEMM_MR * GEMM_NR];
  float* sums = nullptr;
  if (kb > 1 && !(sums = scratch(SCRATCH_C, mc * (p1 - p0) * GEMM_NR))) return false;
  float *wide = nullptr, *wide_singles = nullptr;
  if (packed.widen) {
    if (!(wide = scratch(SCRATCH_PANEL, kc_most * (GEMM_NR + DOT_COLUMNS)))) return false;
    wide_singles = wide + kc_most * GEMM_NR;
  }

  for (int64_t q = 0; q < kb; q++) {
    const int64_t k0 = part_begin(K, kb, q), kc = part_begin(K, kb, q + 1) - k0;
    const ABlock block = a.block(b, m0, mc, k0, kc, a_buffer);
    for (int64_t p = p0; p < p1; p++) {
      const int64_t n = p * GEMM_NR, count = N - n < GEMM_NR ? N - n : GEMM_NR;
      const PanelSplit split = panel_split(K, count);
      const int64_t first = p * GEMM_NR * K;
      const float* panel = packed.floats(first + k0 * split.width, kc * split.width, wide);
      const int64_t singles_stride = packed.widen ? kc : K;
      const float* singles = packed.floats(first + K * split.width + k0, split.dots > 0 ? kc : 0, wide_singles);
      if (packed.widen)
        for (int c = 1; c < split.dots; c++) packed.floats(first + K * (split.width + c) + k0, kc, wide_singles + c * kc);
      const bool last = p + 1 == p1;
      const float* next = packed.widen ? panel : packed.floats((last ? p0 : p + 1) * GEMM_NR * K + (last ? k0 + kc : k0) * GEMM_NR, 0, nullptr);
      float* sums_panel = kb > 1 ? sums + (p - p0) * GEMM_NR * mc : nullptr;
      int last_rows = 0;
      MicroFn kernel = nullptr;
      for (int64_t t = 0; t < tiles; t++) {
        const int64_t r0 = part_begin(mc, tiles, t); // even tiles: no nearly empty last one
        const int rows = int(part_begin(mc, tiles, t + 1) - r0);
        const float* rows_of_a = block.data + r0 * block.rs;
        float* acc = kb > 1 ? sums_panel + r0 * GEMM_NR : tile;
        if (split.width > 0) {
          if (rows != last_rows) kernel = microkernel_for(last_rows = rows, split.width);
          // The first tile of a panel would wait for memory: tiles of the panel before it fetch it meanwhile.
          const int64_t fetched = t * kc * AHEAD;
          kernel(kc, rows_of_a, block.rs, 1, panel, acc, GEMM_NR, q > 0, tiles > 1 && !packed.widen && fetched < kc * GEMM_NR ? next + fetched : panel);
        }
        if (split.dots > 0) dot_columns(split.dots, rows, kc, rows_of_a, block.rs, singles, singles_stride, acc + split.width, GEMM_NR, q > 0);
        if (q == kb - 1) epi(b, m0 + r0, rows, n_base + n, count, acc);
      }
    }
  }
  return true;
}

// A source of A blocks times packed matrices.
void gemm_packed(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const AnyPacked& packed,
                 int64_t packed_stride, const AnyEpilogue& epi, int64_t batch_offset) {
  if (batch <= 0 || M <= 0 || N <= 0) return;
  const GemmPlan plan(batch, M, N, K, a.copies);
  const int64_t tiles = ceil_div(M, GEMM_MR);
  parallel_for(ex, batch * plan.m_blocks * plan.n_blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t nb = i % plan.n_blocks, mb = i / plan.n_blocks % plan.m_blocks, b = i / plan.n_blocks / plan.m_blocks;
      const int64_t t0 = part_begin(tiles, plan.m_blocks, mb), t1 = part_begin(tiles, plan.m_blocks, mb + 1);
      const int64_t m0 = part_begin(M, tiles, t0), m1 = part_begin(M, tiles, t1);
      const int64_t p0 = part_begin(plan.panels, plan.n_blocks, nb), p1 = part_begin(plan.panels, plan.n_blocks, nb + 1);
      if (m0 == m1 || p0 == p1) continue;
      if (!gemm_block(a, packed.from(b * packed_stride), epi, plan, b + batch_offset, m0, m1, p0, p1, N, K)) return;
    }
  });
}

// B given element by element: packed here. Many small products pack inside their task, where the panels stay in
// the core's cache; a few large ones pack in parallel first.
void gemm_packing(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const AnyPanels& b_panels, const AnyEpilogue& epi) {
  if (batch <= 0 || M <= 0 || N <= 0) return;
  const int64_t size = packed_b_size(K, N);
  if (2.0 * M * N * K <= 16e6 && size <= 65536) {
    const GemmPlan plan(1 << 20, M, N, K, a.copies); // never splits N
    const int64_t tiles = ceil_div(M, GEMM_MR), panels = ceil_div(N, GEMM_NR);
    const int64_t grain = 1 + int64_t(2e5 / (double(M) * N * K + 1));
    parallel_for(ex, batch, grain, [&](int64_t begin, int64_t end) {
      float* packed = scratch(SCRATCH_B, size);
      if (!packed) return;
      for (int64_t b = begin; b < end; b++) {
        for (int64_t p = 0; p < panels; p++) b_panels.pack(b_panels.elem, b, K, N, p, packed + p * GEMM_NR * K);
        for (int64_t i = 0; i < plan.m_blocks; i++) {
          const int64_t m0 = part_begin(M, tiles, part_begin(tiles, plan.m_blocks, i));
          const int64_t m1 = part_begin(M, tiles, part_begin(tiles, plan.m_blocks, i + 1));
          for (int64_t j = 0; j < plan.n_blocks; j++)
            if (!gemm_block(a, packed, epi, plan, b, m0, m1, part_begin(panels, plan.n_blocks, j),
                            part_begin(panels, plan.n_blocks, j + 1), N, K)) return;
        }
      }
    });
    return;
  }
  float* packed = scratch(SCRATCH_SHARED, size);
  if (!packed) return;
  for (int64_t b = 0; b < batch; b++) {
    pack_panels(ex, K, N, packed, [&](int64_t p, float* dst) { b_panels.pack(b_panels.elem, b, K, N, p, dst); });
    gemm_packed(ex, 1, M, N, K, a, packed, 0, epi, b);
  }
}

void gemm_packing(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const StridedB& b, const AnyEpilogue& epi) {
  const auto elem = [&](int64_t i, int64_t k, int64_t n) __attribute__((always_inline)) {
    return b.base[i * b.batch_stride + k * b.k_stride + n * b.n_stride]; };
  gemm_packing(ex, batch, M, N, K, a, AnyPanels(elem), epi);
}

AIT_NAMESPACE_END
