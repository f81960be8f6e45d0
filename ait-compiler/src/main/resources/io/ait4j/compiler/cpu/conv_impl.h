// The convolution of conv.h as an implicit GEMM, the same for all programs.
#pragma once
#include "conv.h"
#include "gemm_plan.h"

AIT_NAMESPACE_BEGIN

// A run of n floats as FULL vectors and a last one that overlaps them; FULL == n / L is at least 1.
template <int L, int FULL, class T> AIT_INLINE void copy_run_of(float* dst, const T* src, int64_t n) {
  typename Vec<L>::type v[FULL], last = loadn<L>(src + n - L);
#pragma GCC unroll 8
  for (int i = 0; i < FULL; i++) v[i] = loadn<L>(src + i * L);
#pragma GCC unroll 8
  for (int i = 0; i < FULL; i++) storen<L>(dst + i * L, v[i]);
  storen<L>(dst + n - L, last);
}

// Copies `count` runs of n floats. The runs are a few floats (the stem) to a few hundred: the length is looked at once.
// `room`: a float after each run may be overwritten.
template <class T> inline void copy_runs(float* dst, int64_t dst_step, const T* src, int64_t src_step, int64_t count, int64_t n, bool room = false) {
  if (n == 3 && room) // but not the last: there may be nothing to read after it
    for (; count > 1; count--, dst += dst_step, src += src_step) storen<4>(dst, loadn<4>(src));
#define AIT_RUNS(statement) for (int64_t i = 0; i < count; i++, dst += dst_step, src += src_step) { statement; }
  if (n < 4) AIT_RUNS(for (int64_t j = 0; j < n; j++) dst[j] = float(src[j]))
  else if (n < 8) AIT_RUNS((copy_run_of<4, 1>(dst, src, n)))
  else if (n < 16) AIT_RUNS((copy_run_of<8, 1>(dst, src, n)))
  else if (n < 2 * W && W >= 16) AIT_RUNS((copy_run_of<W, 1>(dst, src, n)))
  else if (n < 3 * W && n >= 2 * W) AIT_RUNS((copy_run_of<W, 2>(dst, src, n)))
  else AIT_RUNS(copy_floats(dst, src, n))
#undef AIT_RUNS
}

inline void zero_runs(float* dst, int64_t dst_step, int64_t count, int64_t n) {
  for (int64_t i = 0; i < count; i++, dst += dst_step)
    for (int64_t j = 0; j < n; j++) dst[j] = 0;
}

// Copies the receptive fields of a block of output pixels, one run of contiguous input floats at a time.
template <class T> struct ConvSource {
  const Conv& c;
  int64_t channel0, channels; // the group's input channels
  static constexpr bool copies = true;

  // Neighbouring pixels of one output row, with the input position of tap (0, 0) of the first, possibly outside.
  struct Span { const T* x; int64_t row, count, id, ih, iw; };

  ABlock block(int64_t b, int64_t m0, int64_t mc, int64_t k0, int64_t kc, float* buffer) const {
    Span spans[GEMM_MC];
    const int64_t rs = block_stride(kc);
    int64_t line = m0 / c.OW, ow = m0 % c.OW, n = 0;
    for (int64_t r = 0; r < mc; n++, line++, ow = 0) {
      const int64_t od = line / c.OH, oh = line % c.OH, id = od * c.SD - c.PD;
      const int64_t ih = oh * c.SH - c.PH, iw = ow * c.SW - c.PW, count = c.OW - ow < mc - r ? c.OW - ow : mc - r;
      spans[n] = {static_cast<const T*>(c.x) + b * c.xs_n + id * c.xs_d + ih * c.xs_h + iw * c.xs_w + channel0 * c.xs_c, r, count, id, ih, iw};
      r += count;
    }
    if (c.channels_first) channels_first(spans, n, k0, kc, buffer, rs);
    else channels_last(spans, n, k0, kc, buffer, rs);
    return {buffer, rs};
  }

  bool outside(const Span& s, int64_t dd, int64_t dh) const {
    return (uint64_t(s.id + dd) >= uint64_t(c.D)) | (uint64_t(s.ih + dh) >= uint64_t(c.H));
  }

  // Pixels [lo, hi) of the span have columns first .. last (of pixel 0) inside the image.
  void inside(const Span& s, int64_t first, int64_t last, int64_t& lo, int64_t& hi) const {
    lo = first < 0 ? ceil_div(-first, c.SW) : 0;
    hi = last < c.W ? ceil_div(c.W - last, c.SW) : 0;
    if (hi > s.count) hi = s.count;
    if (lo > hi) lo = hi;
  }

  void channels_last(const Span* spans, int64_t n, int64_t k0, int64_t kc, float* buffer, int64_t rs) const {
    const int64_t line = c.KW * channels;                // k of one kernel row
    const bool merged = c.DW == 1 && c.xs_w == channels; // the whole kernel row is one run
    const int64_t step = c.SW * c.xs_w;
    for (int64_t k = k0, end; k < k0 + kc; k = end) {
      const int64_t kd = k / line / c.KH, kh = k / line % c.KH, in_line = k % line, kw = in_line / channels, ch = in_line % channels;
      end = merged ? k - in_line + line : k - ch + channels;
      if (end > k0 + kc) end = k0 + kc;
      const int64_t len = end - k, kw_last = (in_line + len - 1) / channels;
      const int64_t dd = kd * c.DD, dh = kh * c.DH, dw = kw * c.DW, dw_last = kw_last * c.DW;
      const int64_t offset = dd * c.xs_d + dh * c.xs_h + dw * c.xs_w + ch;
      for (const Span* s = spans; s < spans + n; s++) {
        float* dst = buffer + s->row * rs + (k - k0);
        if (outside(*s, dd, dh)) {
          zero_runs(dst, rs, s->count, len);
          continue;
        }
        int64_t lo, hi;
        inside(*s, s->iw + dw, s->iw + dw_last, lo, hi);
        copy_runs(dst + lo * rs, rs, s->x + offset + lo * step, step, hi - lo, len);
        auto border = [&](int64_t r) { clipped(dst + r * rs, s->x + offset + r * step, s->iw + r * c.SW + dw, ch, len, merged); };
        for (int64_t r = 0; r < lo; r++) border(r);
        for (int64_t r = hi; r < s->count; r++) border(r);
      }
    }
  }

  // A run that starts in channel ch of column `first` and reaches outside on the left or right.
  void clipped(float* dst, const T* src, int64_t first, int64_t ch, int64_t len, bool merged) const {
    int64_t lo = first < 0 ? -first * channels - ch : 0, hi = (c.W - first) * channels - ch;
    if (hi > len) hi = len;
    if (!merged || hi <= lo) lo = hi = 0; // a single column is wholly outside
    zero_runs(dst, 0, 1, lo);
    copy_runs(dst + lo, 0, src + lo, 0, 1, hi - lo);
    zero_runs(dst + hi, 0, 1, len - hi);
  }

  void channels_first(const Span* spans, int64_t n, int64_t k0, int64_t kc, float* buffer, int64_t rs) const {
    const int64_t taps = conv_taps(c), tap_step = c.DW * c.xs_w, step = c.SW * c.xs_w;
    for (int64_t k = k0, end; k < k0 + kc; k = end) {
      const int64_t ch = k / taps, kd = k % taps / (c.KH * c.KW), kh = k / c.KW % c.KH, kw = k % c.KW;
      end = k - kw + c.KW < k0 + kc ? k - kw + c.KW : k0 + kc;
      const int64_t len = end - k, dd = kd * c.DD, dh = kh * c.DH, dw = kw * c.DW;
      const int64_t offset = ch * c.xs_c + dd * c.xs_d + dh * c.xs_h + dw * c.xs_w;
      for (const Span* s = spans; s < spans + n; s++) {
        float* dst = buffer + s->row * rs + (k - k0);
        if (outside(*s, dd, dh)) {
          zero_runs(dst, rs, s->count, len);
          continue;
        }
        int64_t lo = 0, hi = 0;
        if (tap_step == 1) {
          inside(*s, s->iw + dw, s->iw + dw + len - 1, lo, hi);
          copy_runs(dst + lo * rs, rs, s->x + offset + lo * step, step, hi - lo, len, k - k0 + 4 <= rs); // what follows is yet to come
        }
        auto one_by_one = [&](int64_t r) {
          for (int64_t i = 0; i < len; i++) {
            const bool in = uint64_t(s->iw + r * c.SW + dw + i * c.DW) < uint64_t(c.W);
            dst[r * rs + i] = in ? float(s->x[offset + r * step + i * tap_step]) : 0;
          }
        };
        for (int64_t r = 0; r < lo; r++) one_by_one(r);
        for (int64_t r = hi; r < s->count; r++) one_by_one(r);
      }
    }
  }
};

template <class T> void dense_conv(const Executor& ex, const Conv& c, const AnyPacked& w, const AnyEpilogue& epi) {
  if (c.N <= 0 || c.OD <= 0 || c.OH <= 0 || c.OW <= 0 || c.OC <= 0) return;
  const int64_t C = c.C / c.G, OC = c.OC / c.G, K = conv_taps(c) * C, M = c.OD * c.OH * c.OW;
  if (c.G == 1) {
    // A phase of a transposed convolution may have more outputs than the image has pixels.
    const bool plain = conv_taps(c) == 1 && (c.PD | c.PH | c.PW) == 0 && c.SD * c.SH * c.SW == 1 && c.xs_c == 1 &&
                       c.OD == c.D && c.OH == c.H && c.OW == c.W &&
                       (c.OH == 1 || c.xs_h == c.W * c.xs_w) && (c.OD == 1 || c.xs_d == c.H * c.W * c.xs_w);
    const RowsSource<T> rows(RowsA<T>{static_cast<const T*>(c.x), c.xs_n, c.xs_w});
    const ConvSource<T> fields{c, 0, C};
    gemm_packed(ex, c.N, M, OC, K, plain ? AnySource(rows) : AnySource(fields), w, 0, epi);
    return;
  }
  // Groups are many and small: parallel over (image, group), rows inside.
  const int64_t size = packed_b_size(K, OC), tiles = ceil_div(M, GEMM_MR), panels = ceil_div(OC, GEMM_NR);
  const GemmPlan whole(1 << 20, M, OC, K, true); // never splits N for parallelism
  const int64_t m_blocks = whole.m_blocks;
  parallel_for(ex, c.N * c.G * m_blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t g = i % c.G, mb = i / c.G % m_blocks, b = i / c.G / m_blocks;
      const int64_t m0 = part_begin(M, tiles, part_begin(tiles, m_blocks, mb)), m1 = part_begin(M, tiles, part_begin(tiles, m_blocks, mb + 1));
      const ConvSource<T> source{c, g * C, C};
      for (int64_t j = 0; j < whole.n_blocks; j++)
        if (!gemm_block(AnySource(source), w.from(g * size), epi, whole, b, m0, m1, part_begin(panels, whole.n_blocks, j),
                        part_begin(panels, whole.n_blocks, j + 1), OC, K, g * OC)) return;
    }
  });
}

AIT_NAMESPACE_END
