// The convolutions of dwconv.h, the same for all programs.
#pragma once
#include <utility>
#include "conv.h"

AIT_NAMESPACE_BEGIN

constexpr int DW_TILE = W == 16 ? 8 : 4; // output pixels per register tile

alignas(64) inline const float dw_zeros[16] = {}; // halves too

// What the row kernels need to know of one output row and one block of L channels.
template <class X> struct DwRow {
  const X* x;                // channel block at (ih of tap 0, column 0) of plane 0; rows kh_lo..kh_hi are in the image
  const float* w;            // channel block of plane 0, tap (0, 0)
  int64_t xs_h, xs_w;        // xs_h includes the dilation
  int64_t ws;                // floats from tap to tap
  int64_t kh_lo, kh_hi;
  int64_t planes, xs_plane, ws_plane;
};

// T neighbouring outputs; KW and SW known, dilation 1: inputs are shared in registers. With CLIP, columns outside
// [0, columns) read zeros.
template <int L, int T, int KW, int SW, bool CLIP, class X> AIT_INLINE void dw_tile(const DwRow<X>& r, int64_t iw, int64_t columns, float* acc) {
  typedef typename Vec<L>::type v;
  constexpr int IN = (T - 1) * SW + KW;
  bool inside[IN];
  if constexpr (CLIP)
    for (int i = 0; i < IN; i++) inside[i] = uint64_t(iw + i) < uint64_t(columns);
  v sum[T];
#pragma GCC unroll 16
  for (int t = 0; t < T; t++) sum[t] = v{};
  for (int64_t plane = 0; plane < r.planes; plane++)
    for (int64_t kh = r.kh_lo; kh < r.kh_hi; kh++) {
      const float* w = r.w + plane * r.ws_plane + kh * KW * r.ws;
      const X* x = r.x + plane * r.xs_plane + kh * r.xs_h + iw * r.xs_w;
      v wv[KW];
#pragma GCC unroll 16
      for (int k = 0; k < KW; k++) wv[k] = loadn<L>(w + k * r.ws);
#pragma GCC unroll 32
      for (int i = 0; i < IN; i++) {
        const X* p = x + i * r.xs_w;
        if constexpr (CLIP) p = inside[i] ? p : reinterpret_cast<const X*>(dw_zeros);
        v xv = loadn<L>(p);
#pragma GCC unroll 16
        for (int t = 0; t < T; t++)
          if (i >= t * SW && i < t * SW + KW) sum[t] += xv * wv[i - t * SW];
      }
    }
#pragma GCC unroll 16
  for (int t = 0; t < T; t++) storen<L>(acc + t * L, sum[t]);
}

// Lane l of the result is lane (l / CG) * CG + J: input channel J of every lane's group.
template <int L, int CG, int J, int... I>
AIT_INLINE typename Vec<L>::type dw_spread(typename Vec<L>::type v, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(v, v, (I / CG * CG + J)...);
}

// One input channel of the groups for dw_group_tile.
template <int L, int T, int KW, int SW, int CG, int J, class X> AIT_INLINE void dw_group_plane(const DwRow<X>& r, int64_t kh, const X* const* x, typename Vec<L>::type* sum) {
  typedef typename Vec<L>::type v;
  const float* w = r.w + J * r.ws_plane + kh * KW * r.ws;
  v wv[KW];
#pragma GCC unroll 16
  for (int k = 0; k < KW; k++) wv[k] = loadn<L>(w + k * r.ws);
#pragma GCC unroll 32
  for (int i = 0; i < (T - 1) * SW + KW; i++) {
    const v xv = dw_spread<L, CG, J>(loadn<L>(x[i]), std::make_integer_sequence<int, L>());
#pragma GCC unroll 16
    for (int t = 0; t < T; t++)
      if (i >= t * SW && i < t * SW + KW) sum[t] += xv * wv[i - t * SW];
  }
}

// As dw_tile, for groups of CG channels in and out: each lane gets the channels of its group by shuffles.
template <int L, int T, int KW, int SW, int CG, bool CLIP, class X, int... J>
AIT_INLINE void dw_group_tile(const DwRow<X>& r, int64_t iw, int64_t columns, float* acc, std::integer_sequence<int, J...>) {
  typedef typename Vec<L>::type v;
  constexpr int IN = (T - 1) * SW + KW;
  v sum[T];
#pragma GCC unroll 16
  for (int t = 0; t < T; t++) sum[t] = v{};
  for (int64_t kh = r.kh_lo; kh < r.kh_hi; kh++) {
    const X* x[IN];
#pragma GCC unroll 32
    for (int i = 0; i < IN; i++) {
      x[i] = r.x + kh * r.xs_h + (iw + i) * r.xs_w;
      if constexpr (CLIP) x[i] = uint64_t(iw + i) < uint64_t(columns) ? x[i] : reinterpret_cast<const X*>(dw_zeros);
    }
    (dw_group_plane<L, T, KW, SW, CG, J>(r, kh, x, sum), ...);
  }
#pragma GCC unroll 16
  for (int t = 0; t < T; t++) storen<L>(acc + t * L, sum[t]);
}

// Any kernel, stride and dilation; taps [kw_lo, kw_hi).
template <int L, int T, class X>
AIT_INLINE void dw_tile_any(const DwRow<X>& r, int64_t iw, int64_t kw_count, int64_t kw_lo, int64_t kw_hi, int64_t sw, int64_t dw, float* acc) {
  typedef typename Vec<L>::type v;
  v sum[T];
#pragma GCC unroll 16
  for (int t = 0; t < T; t++) sum[t] = v{};
  for (int64_t plane = 0; plane < r.planes; plane++)
    for (int64_t kh = r.kh_lo; kh < r.kh_hi; kh++)
      for (int64_t kw = kw_lo; kw < kw_hi; kw++) {
        const v wv = loadn<L>(r.w + plane * r.ws_plane + (kh * kw_count + kw) * r.ws);
        const X* x = r.x + plane * r.xs_plane + kh * r.xs_h + (iw + kw * dw) * r.xs_w;
#pragma GCC unroll 16
        for (int t = 0; t < T; t++) sum[t] += loadn<L>(x + t * sw * r.xs_w) * wv;
      }
#pragma GCC unroll 16
  for (int t = 0; t < T; t++) storen<L>(acc + t * L, sum[t]);
}

constexpr int64_t DW_SEGMENT = 64; // outputs computed at once, before the epilogue sees them: stays in L1

// Outputs [ow, end) of a row into acc, which has room for DW_SEGMENT + DW_TILE.
template <class X> using DwSegmentFn = void (*)(const Conv& c, const DwRow<X>& r, int64_t ow, int64_t end, float* acc);

template <int L, int T, int KW, int SW, int CG, class X> AIT_INLINE void dw_tile_at(const Conv& c, const DwRow<X>& r, int64_t iw, float* acc) {
  const bool inside = iw >= 0 && iw + (T - 1) * SW + KW <= c.W;
  constexpr std::make_integer_sequence<int, CG> planes{};
  if constexpr (CG == 1) {
    if (inside) dw_tile<L, T, KW, SW, false>(r, iw, c.W, acc);
    else dw_tile<L, T, KW, SW, true>(r, iw, c.W, acc);
  } else {
    if (inside) dw_group_tile<L, T, KW, SW, CG, false>(r, iw, c.W, acc, planes);
    else dw_group_tile<L, T, KW, SW, CG, true>(r, iw, c.W, acc, planes);
  }
}

template <int L, class X, int KW, int SW, int CG = 1> void dw_segment(const Conv& c, const DwRow<X>& r, int64_t ow, int64_t end, float* acc) {
  constexpr int T = DW_TILE, HALF = DW_TILE / 2;
  for (; ow < end; ow += T, acc += T * L) {
    if (end - ow <= HALF) return dw_tile_at<L, HALF, KW, SW, CG>(c, r, ow * SW - c.PW, acc);
    dw_tile_at<L, T, KW, SW, CG>(c, r, ow * SW - c.PW, acc);
  }
}

template <int L, class X> void dw_segment_any(const Conv& c, const DwRow<X>& r, int64_t ow, int64_t end, float* acc) {
  while (ow < end) {
    const int64_t iw = ow * c.SW - c.PW, last = iw + (DW_TILE - 1) * c.SW + (c.KW - 1) * c.DW;
    int64_t done = 1;
    if (iw >= 0 && last < c.W && ow + DW_TILE <= end) {
      dw_tile_any<L, DW_TILE>(r, iw, c.KW, 0, c.KW, c.SW, c.DW, acc);
      done = DW_TILE;
    } else {
      const int64_t lo = iw < 0 ? ceil_div(-iw, c.DW) : 0, hi = c.W > iw ? ceil_div(c.W - iw, c.DW) : 0;
      dw_tile_any<L, 1>(r, iw, c.KW, lo, hi < c.KW ? hi : c.KW, c.SW, c.DW, acc);
    }
    ow += done;
    acc += done * L;
  }
}

template <int L, int CG, class X> inline DwSegmentFn<X> dw_kernel(const Conv& c) {
  if constexpr (CG > 1) return c.SW == 1 ? dw_segment<L, X, 3, 1, CG> : dw_segment<L, X, 3, 2, CG>;
  if constexpr (L >= 8 || L == W) {
    if (c.DW == 1 && c.KW == 3 && c.SW == 1) return dw_segment<L, X, 3, 1>;
    if (c.DW == 1 && c.KW == 3 && c.SW == 2) return dw_segment<L, X, 3, 2>;
    if (c.DW == 1 && c.KW == 5 && c.SW == 1) return dw_segment<L, X, 5, 1>;
    if (c.DW == 1 && c.KW == 5 && c.SW == 2) return dw_segment<L, X, 5, 2>;
    if (c.DW == 1 && c.KW == 7 && c.SW == 1) return dw_segment<L, X, 7, 1>;
  }
  return dw_segment_any<L, X>;
}

// What is added up besides rows and columns: the input channels of the group, or the kernel's depths inside the image.
struct DwPlanes { int64_t first, count, step; };

// Output rows [oh0, oh1) of channels [n, n + L) at depth od; x is plane 0.
template <int L, int CG, class X>
void dw_block(const Conv& c, const AnyEpilogue& epi, int64_t b, int64_t od, int64_t oh0, int64_t oh1, int64_t n, const X* x, int64_t xs_h, int64_t xs_w, const DwPlanes& planes) {
  alignas(64) float acc[(DW_SEGMENT + DW_TILE) * L];
  const DwSegmentFn<X> kernel = dw_kernel<L, CG, X>(c);
  for (int64_t oh = oh0; oh < oh1; oh++) {
    const int64_t ih = oh * c.SH - c.PH;
    const int64_t ws_plane = c.KH * c.KW * c.OC;
    DwRow<X> r{x + planes.first * planes.step + ih * xs_h, c.w + planes.first * ws_plane + n, c.DH * xs_h, xs_w, c.OC, 0, c.KH,
            planes.count, planes.step, ws_plane};
    if (ih < 0) r.kh_lo = ceil_div(-ih, c.DH);
    if (ih + (c.KH - 1) * c.DH >= c.H) r.kh_hi = c.H > ih ? ceil_div(c.H - ih, c.DH) : 0;
    for (int64_t ow = 0; ow < c.OW; ow += DW_SEGMENT) {
      const int64_t end = ow + DW_SEGMENT < c.OW ? ow + DW_SEGMENT : c.OW;
      kernel(c, r, ow, end, acc);
      epi(b, (od * c.OH + oh) * c.OW + ow, end - ow, n, L, acc, L);
    }
  }
}

template <int L, int CG, class X, int... J>
AIT_INLINE void dw_expand_pixel(const X* src, float* dst, int64_t xs_plane, std::integer_sequence<int, J...>) {
  const typename Vec<L>::type v = loadn<L>(src);
  (storen<L>(dst + J * xs_plane, dw_spread<L, CG, J>(v, std::make_integer_sequence<int, L>())), ...);
}

// Writes plane j of pixel iw as the input channel j of each of the L output channels' groups.
template <int L, int CG, class X>
void dw_expand_row(const Conv& c, const X* row, int64_t n, float* dst, int64_t xs_plane) {
  const int64_t cg = c.C / c.G, ocg = c.OC / c.G;
  if constexpr (CG > 1 && L % CG == 0 && L > 1) {
    for (int64_t iw = 0; iw < c.W; iw++, dst += L)
      dw_expand_pixel<L, CG>(row + iw * c.xs_w + n, dst, xs_plane, std::make_integer_sequence<int, CG>());
  } else {
    int64_t from[L];
    for (int l = 0; l < L; l++) from[l] = (n + l) / ocg * cg;
    for (int64_t iw = 0; iw < c.W; iw++, dst += L)
      for (int64_t j = 0; j < cg; j++)
        for (int l = 0; l < L; l++) dst[j * xs_plane + l] = float(row[iw * c.xs_w + from[l] + j]);
  }
}

// Spreads the input rows that output rows [oh0, oh1) of channels [n, n + L) need into scratch. Returns the address of
// (row 0, column 0), which may lie outside the buffer, or nullptr.
template <int L, class X> const float* dw_expand(const Conv& c, const X* image, int64_t oh0, int64_t oh1, int64_t n, int64_t& xs_plane) {
  int64_t ih0 = oh0 * c.SH - c.PH, ih1 = (oh1 - 1) * c.SH - c.PH + (c.KH - 1) * c.DH + 1;
  if (ih0 < 0) ih0 = 0;
  if (ih1 > c.H) ih1 = c.H;
  const int64_t cg = c.C / c.G, wide_h = c.W * L;
  xs_plane = (ih1 > ih0 ? ih1 - ih0 : 0) * wide_h;
  float* wide = scratch(SCRATCH_A, cg * xs_plane + 16);
  if (!wide) return nullptr;
  const bool square = c.OC == c.C && n % cg == 0; // output lanes lie over their own input channels
  for (int64_t ih = ih0; ih < ih1; ih++) {
    const X* row = image + ih * c.xs_h;
    float* dst = wide + (ih - ih0) * wide_h;
    if (square && cg == 2) dw_expand_row<L, 2>(c, row, n, dst, xs_plane);
    else if (square && cg == 4) dw_expand_row<L, 4>(c, row, n, dst, xs_plane);
    else if (square && cg == 8) dw_expand_row<L, 8>(c, row, n, dst, xs_plane);
    else dw_expand_row<L, 1>(c, row, n, dst, xs_plane);
  }
  return wide - ih0 * wide_h;
}

// Channels [n, n + L): in place when depthwise or by groups in registers, else spread into scratch first.
template <int L, int CG, class X> bool dw_channels(const Conv& c, const AnyEpilogue& epi, int64_t b, int64_t od, int64_t oh0, int64_t oh1, int64_t n) {
  const int64_t id = od * c.SD - c.PD;
  const X *x = static_cast<const X*>(c.x), *image = x + b * c.xs_n + id * c.xs_d;
  if (c.C == c.G && c.OC == c.C) {
    const int64_t lo = id < 0 ? ceil_div(-id, c.DD) : 0, inside = c.D > id ? ceil_div(c.D - id, c.DD) : 0;
    const int64_t hi = inside < c.KD ? inside : c.KD;
    dw_block<L, 1>(c, epi, b, od, oh0, oh1, n, image + n, c.xs_h, c.xs_w, {lo, hi > lo ? hi - lo : 0, c.DD * c.xs_d});
    return true;
  }
  if (uint64_t(id) >= uint64_t(c.D)) { // of a transposed convolution that has more outputs than inputs
    dw_block<L, 1>(c, epi, b, od, oh0, oh1, n, x, c.xs_h, c.xs_w, {0, 0, 0});
    return true;
  }
  if constexpr (CG > 1 && L % CG == 0) {
    dw_block<L, CG>(c, epi, b, od, oh0, oh1, n, image + n, c.xs_h, c.xs_w, {0, CG, 0});
    return true;
  }
  int64_t xs_plane;
  const float* wide = dw_expand<L>(c, image, oh0, oh1, n, xs_plane);
  if (wide) dw_block<L, 1>(c, epi, b, od, oh0, oh1, n, wide, c.W * L, L, {0, c.C / c.G, xs_plane});
  return wide != nullptr;
}

// CG is dw_group(c), or 1; X is the image's element.
template <int CG, class X> void dwconv(const Executor& ex, const Conv& c, const AnyEpilogue& epi) {
  if (c.N <= 0 || c.OD <= 0 || c.OH <= 0 || c.OW <= 0 || c.OC <= 0) return;
  const double row_cost = double(c.OC) * c.OW * c.KD * c.KH * c.KW * (c.C / c.G);
  int64_t rows = 1 + int64_t(5e5 / (row_cost + 1)); // tasks of some 20 us
  if (c.C != c.G && CG == 1 && rows < 8) rows = 8;  // spread rows are shared by KH output rows
  if (rows > c.OH) rows = c.OH;
  const int64_t blocks = ceil_div(c.OH, rows);
  parallel_for(ex, c.N * c.OD * blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t b = i / blocks / c.OD, od = i / blocks % c.OD, oh0 = part_begin(c.OH, blocks, i % blocks), oh1 = part_begin(c.OH, blocks, i % blocks + 1);
      int64_t n = 0;
      bool ok = true;
      for (; ok && n + W <= c.OC; n += W) ok = dw_channels<W, CG, X>(c, epi, b, od, oh0, oh1, n);
      if constexpr (W > 8) if (ok && n + 8 <= c.OC) ok = dw_channels<8, CG, X>(c, epi, b, od, oh0, oh1, n), n += 8;
      if constexpr (W > 4) if (ok && n + 4 <= c.OC) ok = dw_channels<4, CG, X>(c, epi, b, od, oh0, oh1, n), n += 4;
      for (; ok && n < c.OC; n++) ok = dw_channels<1, CG, X>(c, epi, b, od, oh0, oh1, n);
      if (!ok) return;
    }
  });
}

AIT_NAMESPACE_END
