// Convolution over up to three dimensions (one that is missing has size 1), channels last, as an implicit GEMM: rows
// are output pixels, k runs over (kd, kh, kw, c) of the group.
//
// Interface notes: Conv has xs_c, the channel stride of x (1 for NDHWC; another value, e.g. D*H*W, reads NCDHW
// directly). With channels_first k runs over (c, kd, kh, kw): weights are packed in that order before anyone knows the
// image, of which a single pixel has a channel stride of 1 too.
// The epilogue sees b = image, m = (od * OH + oh) * OW + ow, n = output channel over all groups.
#pragma once
#include "gemm.h"

AIT_NAMESPACE_BEGIN

struct Conv {
  int64_t N, C, OC, G;
  int64_t D, H, W;    // image
  int64_t OD, OH, OW; // result
  int64_t KD, KH, KW; // kernel
  int64_t SD, SH, SW; // stride
  int64_t PD, PH, PW; // padding in front
  int64_t DD, DH, DW; // dilation
  const void* x;            // floats, or the halves that the kernel is told of
  int64_t xs_n, xs_d, xs_h, xs_w; // element strides
  const float* w;           // packed by pack_conv; dense_conv is given its own, which may be halves
  int64_t xs_c = 1;
  bool channels_first = false;
};

AIT_NAMESPACE_END

#include "dwconv.h"

AIT_NAMESPACE_BEGIN

inline int64_t conv_taps(const Conv& c) { return c.KD * c.KH * c.KW; }

inline int64_t packed_conv_size(const Conv& c) {
  if (conv_is_depthwise(c)) return packed_dwconv_size(c);
  return c.G * packed_b_size(conv_taps(c) * (c.C / c.G), c.OC / c.G);
}

// elem(oc, ic within the group, kd, kh, kw)
template <class WElem, class T> void pack_conv(const Executor& ex, const Conv& c, const WElem& elem, T* dst) {
  if (conv_is_depthwise(c)) return pack_dwconv(c, elem, dst);
  const int64_t C = c.C / c.G, OC = c.OC / c.G, taps = conv_taps(c), K = taps * C;
  for (int64_t g = 0; g < c.G; g++)
    pack_b(ex, K, OC, [&](int64_t k, int64_t n) {
      int64_t ic = c.channels_first ? k / taps : k % C, tap = c.channels_first ? k % taps : k / C;
      return elem(g * OC + n, ic, tap / (c.KH * c.KW), tap / c.KW % c.KH, tap % c.KW);
    }, dst + g * packed_b_size(K, OC));
}

// For geometries that are not conv_is_depthwise; conv_impl.h defines it. X is the image's element.
template <class X = float> void dense_conv(const Executor& ex, const Conv& c, const AnyPacked& w, const AnyEpilogue& epi);

// A generator that knows the geometry needs less by calling dwconv or dense_conv itself.
inline void conv(const Executor& ex, const Conv& c, const AnyEpilogue& epi) {
  if (!conv_is_depthwise(c)) return dense_conv<float>(ex, c, c.w, epi);
  switch (dw_group(c)) {
    case 2: return dwconv<2, float>(ex, c, epi);
    case 4: return dwconv<4, float>(ex, c, epi);
    case 8: return dwconv<8, float>(ex, c, epi);
    default: return dwconv<1, float>(ex, c, epi);
  }
}

AIT_NAMESPACE_END
