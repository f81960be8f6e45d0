// Blocked matrix product with generic operands and a fused epilogue: C[b,m,n] = epi(sum_k A[b,m,k] * B[b,k,n]).
//
// Epilogue: struct with
//   template <int COUNT> void full(int64_t b, int64_t m, int64_t n, const float* acc) const;  // COUNT a multiple of W
//   void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const;        // 0 < count < COUNT
// called exactly once per element, with complete sums, from any thread. COUNT is GEMM_NR or W.
//
// Scratch is thread-local (scratch.h); when there is none the output is left unwritten and out_of_memory is set.
// The order of every sum depends on the shape only, never on the thread count.
#pragma once
#include "microkernel.h"
#include "parallel.h"
#include "scratch.h"

AIT_NAMESPACE_BEGIN

// ---- packed B: panels of GEMM_NR columns, each K x GEMM_NR contiguous. The last panel is a narrower one and up to
// DOT_COLUMNS single columns after it, each K long ----

struct PanelSplit { int width, dots; }; // the panel's columns, zero-padded to `width`, and the single ones

inline PanelSplit panel_split(int64_t K, int64_t columns) {
  constexpr int UNIT = W == 4 ? 4 : 8;
  const int rest = int(columns % UNIT);
  if (rest >= 1 && rest <= DOT_COLUMNS && K >= 2 * W) return {int(columns) - rest, rest};
  return {panel_width(columns), 0};
}

inline int64_t packed_b_size(int64_t K, int64_t N) {
  const int64_t rest = N % GEMM_NR;
  const PanelSplit last = rest ? panel_split(K, rest) : PanelSplit{0, 0};
  return K * (N - rest + last.width + last.dots);
}

template <class BElem> inline void pack_b_panel(int64_t K, int64_t N, int64_t panel, const BElem& elem, float* dst) {
  const int64_t n0 = panel * GEMM_NR, columns = N - n0 < GEMM_NR ? N - n0 : GEMM_NR;
  const PanelSplit split = panel_split(K, columns);
  const int64_t count = columns - split.dots;
  for (int64_t k = 0; k < K; k++, dst += split.width) {
    for (int64_t c = 0; c < count; c++) dst[c] = elem(k, n0 + c);
    for (int64_t c = count; c < split.width; c++) dst[c] = 0;
  }
  for (int64_t c = count; c < columns; c++)
    for (int64_t k = 0; k < K; k++) *dst++ = elem(k, n0 + c);
}

template <class BElem> void pack_b(const Executor& ex, int64_t K, int64_t N, const BElem& elem, float* dst) {
  parallel_for(ex, ceil_div(N, GEMM_NR), 1 + 16384 / (K * GEMM_NR + 1), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) pack_b_panel(K, N, p, elem, dst + p * GEMM_NR * K);
  });
}

// ---- A operands ----

struct RowsA { const float* base; int64_t batch_stride, row_stride; };
struct StridedA { const float* base; int64_t batch_stride, row_stride, k_stride; };
template <class F> struct ElemA { F f; };
template <class F> ElemA(F) -> ElemA<F>;

// ---- B operands ----

struct PackedB { const float* base; int64_t batch_stride; };
struct StridedB { const float* base; int64_t batch_stride, k_stride, n_stride; };
template <class F> struct ElemB { F f; };
template <class F> ElemB(F) -> ElemB<F>;

// ---- blocks of A: block() yields rows [m0, m0+mc) x k [k0, k0+kc), in place or copied to
// `buffer`, k contiguous ----

struct ABlock { const float* data; int64_t rs; };

// Row stride of a copied block: an odd number of cache lines, so that rows never share an L1 set.
inline int64_t block_stride(int64_t kc) { return (ceil_div(kc, 16) | 1) * 16; }

// Rows this far apart fall into so few L1 sets that a tile of them evicts itself.
inline bool stride_conflicts(int64_t rs) { return rs % 512 == 0; }

inline void copy_floats(float* dst, const float* src, int64_t n) {
  int64_t i = 0;
  for (; i + W <= n; i += W) store(dst + i, load(src + i));
  if (i < n && n >= W) store(dst + n - W, load(src + n - W)); // overlaps; cheaper than a remainder loop
  else
    for (; i < n; i++) dst[i] = src[i];
}

struct RowsSource {
  RowsA a;
  bool copies;
  explicit RowsSource(const RowsA& a) : a(a), copies(stride_conflicts(a.row_stride)) {}
  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
    const float* src = a.base + b * a.batch_stride + m0 * a.row_stride + k0;
    if (!copies || mc <= 2) return {src, a.row_stride};
    int64_t rs = block_stride(kc);
    for (int64_t r = 0; r < mc; r++) copy_floats(buffer + r * rs, src + r * a.row_stride, kc);
    return {buffer, rs};
  }
};

struct StridedSource {
  StridedA a;
  static constexpr bool copies = true;
  explicit StridedSource(const StridedA& a) : a(a) {}
  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
    const float* src = a.base + b * a.batch_stride + m0 * a.row_stride + k0 * a.k_stride;
    if (a.k_stride == 1 && !stride_conflicts(a.row_stride)) return {src, a.row_stride};
    int64_t rs = block_stride(kc);
    constexpr int64_t T = 16; // small tiles keep both sides of the transposition in L1
    for (int64_t r0 = 0; r0 < mc; r0 += T)
      for (int64_t k1 = 0; k1 < kc; k1 += T)
        for (int64_t r = r0; r < mc && r < r0 + T; r++)
          for (int64_t k = k1; k < kc && k < k1 + T; k++) buffer[r * rs + k] = src[r * a.row_stride + k * a.k_stride];
    return {buffer, rs};
  }
};

template <class F> struct ElemSource {
  const F& f;
  static constexpr bool copies = true;
  explicit ElemSource(const ElemA<F>& a) : f(a.f) {}
  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
    int64_t rs = block_stride(kc);
    for (int64_t r = 0; r < mc; r++) {
      float* dst = buffer + r * rs;
      const int64_t m = m0 + r;
#pragma omp simd
      for (int64_t k = 0; k < kc; k++) dst[k] = f(b, m, k0 + k);
    }
    return {buffer, rs};
  }
};

// Any source behind one function, so that the blocked loops are compiled once per epilogue, not per source as well.
struct AnySource {
  const void* source;
  ABlock (*block_of)(const void* source, int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer);
  bool copies;
  template <class Source> explicit AnySource(const Source& s) : source(&s), copies(s.copies) {
    block_of = [](const void* p, int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) {
      return static_cast<const Source*>(p)->block(b, m0, mc, k0, kc, buffer);
    };
  }
  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
    return block_of(source, b, m0, mc, k0, kc, buffer);
  }
};

inline RowsSource a_source(const RowsA& a) { return RowsSource(a); }
inline StridedSource a_source(const StridedA& a) { return StridedSource(a); }
template <class F> ElemSource<F> a_source(const ElemA<F>& a) { return ElemSource<F>(a); }

// ---- blocking ----

constexpr int64_t GEMM_KC = 512;               // A tile and B panel slices stay in L1/L2
constexpr int64_t GEMM_MC = GEMM_MR * 8;       // rows per block
constexpr int64_t GEMM_C_FLOATS = 48 * 1024;   // partial sums kept when K is cut

// A pure function of the shape.
struct GemmPlan {
  int64_t m_blocks, n_blocks, k_blocks, panels;

  GemmPlan(int64_t batch, int64_t M, int64_t N, int64_t K, bool costly_a) {
    panels = ceil_div(N, GEMM_NR);
    int64_t tiles = ceil_div(M, GEMM_MR);
    k_blocks = K > GEMM_KC ? ceil_div(K, GEMM_KC) : 1;
    m_blocks = ceil_div(M, GEMM_MC);
    // Tasks of some 2 MFLOP or 128 KiB of B are worth a hand-over; 64 of them balance any plausible machine, 24 do
    // when more would mean copying A again and again.
    double flops = 2.0 * batch * M * N * K, bytes = 4.0 * batch * N * K;
    double by_cost = flops / 2e6 > bytes / 131072 ? flops / 2e6 : bytes / 131072;
    const double most_tasks = costly_a ? 24 : 64;
    int64_t target = by_cost < 1 ? 1 : by_cost > most_tasks ? int64_t(most_tasks) : int64_t(by_cost);
    if (batch * m_blocks < target && costly_a) { // shorter m blocks before recomputing A for several n blocks
      m_blocks = ceil_div(target, batch);
      int64_t most = ceil_div(tiles, 2);
      if (m_blocks > most) m_blocks = most;
      if (m_blocks < ceil_div(M, GEMM_MC)) m_blocks = ceil_div(M, GEMM_MC);
    }
    n_blocks = ceil_div(target, batch * m_blocks);
    if (n_blocks > panels) n_blocks = panels;
    if (k_blocks > 1) { // partial sums must fit
      int64_t rows = ceil_div(tiles, m_blocks) * GEMM_MR;
      int64_t least = ceil_div(panels * GEMM_NR * rows, GEMM_C_FLOATS);
      if (n_blocks < least) n_blocks = least < panels ? least : panels;
    }
    if (n_blocks < 1) n_blocks = 1;
  }
};

// Hands a finished tile to the epilogue row by row.
template <class Epi>
AIT_INLINE void emit_rows(const Epi& epi, int64_t b, int64_t m, int rows, int64_t n, int64_t count, const float* acc) {
  for (int r = 0; r < rows; r++, acc += GEMM_NR) {
    if (count == GEMM_NR) {
      epi.template full<GEMM_NR>(b, m + r, n, acc);
    } else {
      int64_t c = 0;
      for (; c + W <= count; c += W) epi.template full<W>(b, m + r, n + c, acc + c);
      if (c < count) epi.tail(b, m + r, n + c, count - c, acc + c);
    }
  }
}

// One task: rows [m0, m1) x panels [p0, p1) of batch b against a packed matrix; n_base is added to the epilogue's n.
template <class Epi>
bool gemm_block(const AnySource& a, const float* packed, const Epi& epi, const GemmPlan& plan, int64_t b, int64_t m0, int64_t m1,
                int64_t p0, int64_t p1, int64_t N, int64_t K, int64_t n_base = 0) {
  const int64_t mc = m1 - m0, tiles = ceil_div(mc, GEMM_MR), kb = plan.k_blocks;
  const int64_t kc_most = ceil_div(K, kb);
  float* a_buffer = a.copies ? scratch(SCRATCH_A, mc * block_stride(kc_most)) : nullptr;
  if (a.copies && !a_buffer) return false;
  alignas(64) float tile[GEMM_MR * GEMM_NR];
  float* sums = nullptr;
  if (kb > 1 && !(sums = scratch(SCRATCH_C, mc * (p1 - p0) * GEMM_NR))) return false;

  for (int64_t q = 0; q < kb; q++) {
    const int64_t k0 = part_begin(K, kb, q), kc = part_begin(K, kb, q + 1) - k0;
    const ABlock block = a.block(b, m0, mc, k0, kc, a_buffer);
    for (int64_t p = p0; p < p1; p++) {
      const int64_t n = p * GEMM_NR, count = N - n < GEMM_NR ? N - n : GEMM_NR;
      const PanelSplit split = panel_split(K, count);
      const float* panel = packed + p * GEMM_NR * K + k0 * split.width;
      const float* singles = packed + p * GEMM_NR * K + K * split.width + k0;
      const bool last = p + 1 == p1;
      const float* next = packed + (last ? p0 : p + 1) * GEMM_NR * K + (last ? k0 + kc : k0) * GEMM_NR;
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
          kernel(kc, rows_of_a, block.rs, 1, panel, acc, GEMM_NR, q > 0, tiles > 1 && fetched < kc * GEMM_NR ? next + fetched : panel);
        }
        if (split.dots > 0) dot_columns(split.dots, rows, kc, rows_of_a, block.rs, singles, K, acc + split.width, GEMM_NR, q > 0);
        if (q == kb - 1) emit_rows(epi, b, m0 + r0, rows, n_base + n, count, acc);
      }
    }
  }
  return true;
}

// A source of A blocks times packed matrices.
template <class Epi>
void gemm_packed(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const float* packed,
                 int64_t packed_stride, const Epi& epi, int64_t batch_offset = 0) {
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
      if (!gemm_block(a, packed + b * packed_stride, epi, plan, b + batch_offset, m0, m1, p0, p1, N, K)) return;
    }
  });
}

// B given element by element: packed here. Many small products pack inside their task, where the panels stay in
// the core's cache; a few large ones pack in parallel first.
template <class BElem, class Epi>
void gemm_packing(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const BElem& elem, const Epi& epi) {
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
        auto at = [&](int64_t k, int64_t n) { return elem(b, k, n); };
        for (int64_t p = 0; p < panels; p++) pack_b_panel(K, N, p, at, packed + p * GEMM_NR * K);
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
    pack_b(ex, K, N, [&](int64_t k, int64_t n) { return elem(b, k, n); }, packed);
    gemm_packed(ex, 1, M, N, K, a, packed, 0, epi, b);
  }
}

template <class Epi>
void gemm_dispatch(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const PackedB& b, const Epi& epi) {
  gemm_packed(ex, batch, M, N, K, a, b.base, b.batch_stride, epi);
}
template <class Epi>
void gemm_dispatch(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const StridedB& b, const Epi& epi) {
  gemm_packing(ex, batch, M, N, K, a, [&](int64_t i, int64_t k, int64_t n) {
    return b.base[i * b.batch_stride + k * b.k_stride + n * b.n_stride]; }, epi);
}
template <class F, class Epi>
void gemm_dispatch(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const ElemB<F>& b, const Epi& epi) {
  gemm_packing(ex, batch, M, N, K, a, b.f, epi);
}

template <class A, class B, class Epi>
void gemm(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const A& a, const B& b, const Epi& epi) {
  const auto source = a_source(a);
  gemm_dispatch(ex, batch, M, N, K, AnySource(source), b, epi);
}

AIT_NAMESPACE_END
