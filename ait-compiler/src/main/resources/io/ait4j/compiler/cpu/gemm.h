// Blocked matrix product with generic operands and a fused epilogue: C[b,m,n] = epi(sum_k A[b,m,k] * B[b,k,n]).
//
// Epilogue: struct with
//   template <int COUNT> void full(int64_t b, int64_t m, int64_t n, const float* acc) const;  // COUNT a multiple of W
//   void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const;        // 0 < count < COUNT
// called exactly once per element, with complete sums, from any thread. COUNT is GEMM_NR or W.
//
// Scratch is thread-local (scratch.h); when there is none the output is left unwritten and it counts as a shortage.
// The order of every sum depends on the shape only, never on the thread count.
#pragma once
#include "microkernel.h"
#include "parallel.h"
#include "scratch.h"
#include "stored.h"

AIT_NAMESPACE_BEGIN

// ---- packed B: panels of GEMM_NR columns, each K x GEMM_NR contiguous. The last panel is a narrower one and up to
// DOT_COLUMNS single columns after it, each K long. Elements are floats or halves ----

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

template <class BElem, class T> inline void pack_b_panel(int64_t K, int64_t N, int64_t panel, const BElem& elem, T* dst) {
  const int64_t n0 = panel * GEMM_NR, columns = N - n0 < GEMM_NR ? N - n0 : GEMM_NR;
  const PanelSplit split = panel_split(K, columns);
  const int64_t count = columns - split.dots;
  for (int64_t k = 0; k < K; k++, dst += split.width) {
    for (int64_t c = 0; c < count; c++) dst[c] = T(elem(k, n0 + c));
    for (int64_t c = count; c < split.width; c++) dst[c] = T(0);
  }
  for (int64_t c = count; c < columns; c++)
    for (int64_t k = 0; k < K; k++) *dst++ = T(elem(k, n0 + c));
}

// pack(panel, where) for each panel
template <class Pack, class T> void pack_panels(const Executor& ex, int64_t K, int64_t N, T* dst, const Pack& pack) {
  parallel_for(ex, ceil_div(N, GEMM_NR), 1 + 16384 / (K * GEMM_NR + 1), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) pack(p, dst + p * GEMM_NR * K);
  });
}

template <class BElem, class T> void pack_b(const Executor& ex, int64_t K, int64_t N, const BElem& elem, T* dst) {
  pack_panels(ex, K, N, dst, [&](int64_t p, T* panel) { pack_b_panel(K, N, p, elem, panel); });
}

// ---- A operands ----

template <class T> struct RowsA { const T* base; int64_t batch_stride, row_stride; };
template <class T> RowsA(const T*, int64_t, int64_t) -> RowsA<T>;
template <class T> struct StridedA { const T* base; int64_t batch_stride, row_stride, k_stride; };
template <class T> StridedA(const T*, int64_t, int64_t, int64_t) -> StridedA<T>;
template <class F> struct ElemA { F f; };
template <class F> ElemA(F) -> ElemA<F>;

// ---- B operands ----

template <class T> struct PackedB { const T* base; int64_t batch_stride; };
template <class T> PackedB(const T*, int64_t) -> PackedB<T>;
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

template <class T> struct RowsSource {
  static constexpr bool WIDENS = !std::is_same<T, float>::value;
  RowsA<T> a;
  bool copies;
  explicit RowsSource(const RowsA<T>& a) : a(a), copies(WIDENS || stride_conflicts(a.row_stride)) {}
  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const;
};

template <class T> struct StridedSource {
  StridedA<T> a;
  static constexpr bool copies = true;
  explicit StridedSource(const StridedA<T>& a) : a(a) {}
  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const;
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

// Any source behind one function, so that the blocked loops are compiled once, not for each source.
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

template <class T> RowsSource<T> a_source(const RowsA<T>& a) { return RowsSource<T>(a); }
template <class T> StridedSource<T> a_source(const StridedA<T>& a) { return StridedSource<T>(a); }
template <class F> ElemSource<F> a_source(const ElemA<F>& a) { return ElemSource<F>(a); }

// ---- the epilogue ----

// Hands rows of finished sums, `ld` apart, to the epilogue.
template <class Epi>
AIT_INLINE void emit_rows(const Epi& epi, int64_t b, int64_t m, int64_t rows, int64_t n, int64_t count, const float* acc, int64_t ld) {
  if (count == GEMM_NR) {
    for (int64_t r = 0; r < rows; r++) epi.template full<GEMM_NR>(b, m + r, n, acc + r * ld);
    return;
  }
  int64_t c = 0;
  for (; c + W <= count; c += W)
    for (int64_t r = 0; r < rows; r++) epi.template full<W>(b, m + r, n + c, acc + r * ld + c);
  if (count - c == 4) // a vector still, which a compiler sees only if it is said
    for (int64_t r = 0; r < rows; r++) epi.tail(b, m + r, n + c, 4, acc + r * ld + c);
  else if (c < count)
    for (int64_t r = 0; r < rows; r++) epi.tail(b, m + r, n + c, count - c, acc + r * ld + c);
}

// Any epilogue behind one function that takes a tile at a time, so that what computes the sums is compiled once for all
// programs and a kernel of a program is little more than its epilogue.
struct AnyEpilogue {
  const void* epilogue;
  void (*emit)(const void* epilogue, int64_t b, int64_t m, int64_t rows, int64_t n, int64_t count, const float* acc, int64_t ld);
  template <class Epi> AnyEpilogue(const Epi& e) : epilogue(&e) {
    emit = [](const void* p, int64_t b, int64_t m, int64_t rows, int64_t n, int64_t count, const float* acc, int64_t ld) {
      emit_rows(*static_cast<const Epi*>(p), b, m, rows, n, count, acc, ld);
    };
  }
  // Rows [m, m + rows) x columns [n, n + count), count at most GEMM_NR; acc[r * ld + c] are the sums.
  void operator()(int64_t b, int64_t m, int64_t rows, int64_t n, int64_t count, const float* acc, int64_t ld = GEMM_NR) const {
    emit(epilogue, b, m, rows, n, count, acc, ld);
  }
};

// Packed matrices, whatever their elements are: floats, read in place, or halves, widened a panel at a time.
struct AnyPacked {
  const void* base;
  void (*widen)(const void* base, int64_t from, int64_t count, float* to) = nullptr;
  int64_t offset = 0;
  AnyPacked(const float* p) : base(p) {}
  template <class T> AnyPacked(const T* p) : base(p) {
    widen = [](const void* base, int64_t from, int64_t count, float* to) { copy_floats(to, static_cast<const T*>(base) + from, count); };
  }
  AnyPacked from(int64_t element) const {
    AnyPacked moved = *this;
    moved.offset += element;
    return moved;
  }
  // `count` elements from `element` on, in `to` if they are halves.
  const float* floats(int64_t element, int64_t count, float* to) const {
    if (!widen) return static_cast<const float*>(base) + offset + element;
    widen(base, offset + element, count, to);
    return to;
  }
};

// Any matrix given element by element, as what packs a panel of batch b of it.
struct AnyPanels {
  const void* elem;
  void (*pack)(const void* elem, int64_t b, int64_t K, int64_t N, int64_t panel, float* dst);
  template <class BElem> explicit AnyPanels(const BElem& e) : elem(&e) {
    pack = [](const void* p, int64_t b, int64_t K, int64_t N, int64_t panel, float* dst) {
      const BElem& at = *static_cast<const BElem*>(p);
      pack_b_panel(K, N, panel, [&](int64_t k, int64_t n) __attribute__((always_inline)) { return at(b, k, n); }, dst);
    };
  }
};

// ---- what gemm_impl.h defines ----

// A source of A blocks times packed matrices.
void gemm_packed(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const AnyPacked& packed,
                 int64_t packed_stride, const AnyEpilogue& epi, int64_t batch_offset = 0);

// B given element by element: packed here.
void gemm_packing(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const AnyPanels& b, const AnyEpilogue& epi);

// B anywhere in memory: packed too.
void gemm_packing(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const StridedB& b, const AnyEpilogue& epi);

// ---- the product ----

template <class T>
void gemm_dispatch(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const PackedB<T>& b, const AnyEpilogue& epi) {
  gemm_packed(ex, batch, M, N, K, a, b.base, b.batch_stride, epi);
}
inline void gemm_dispatch(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const StridedB& b, const AnyEpilogue& epi) {
  gemm_packing(ex, batch, M, N, K, a, b, epi);
}
template <class F>
void gemm_dispatch(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const AnySource& a, const ElemB<F>& b, const AnyEpilogue& epi) {
  gemm_packing(ex, batch, M, N, K, a, AnyPanels(b.f), epi);
}

template <class A, class B>
void gemm(const Executor& ex, int64_t batch, int64_t M, int64_t N, int64_t K, const A& a, const B& b, const AnyEpilogue& epi) {
  const auto source = a_source(a);
  gemm_dispatch(ex, batch, M, N, K, AnySource(source), b, epi);
}

AIT_NAMESPACE_END
