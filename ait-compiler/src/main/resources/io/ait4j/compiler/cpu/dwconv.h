// Convolutions with few channels per group, channels last, vectorised over output channels: depthwise, depthwise
// with a multiplier, and small groups (as one depthwise "plane" per input channel of the group).
#pragma once
#include "conv.h"
#include "gemm.h" // for the epilogue protocol

AIT_NAMESPACE_BEGIN

// Wider groups fill a GEMM panel. In three dimensions a plane is a depth of the kernel, so that there is one input
// channel. The generator asks the same question (SharedKernels).
inline bool conv_is_depthwise(const Conv& c) {
  const bool deep = c.KD != 1 || c.SD != 1 || c.PD != 0;
  return c.G > 1 && !c.channels_first && (deep ? c.C == c.G && c.OC == c.G : c.C / c.G <= 8 && (c.C == c.G || c.OC / c.G <= 8));
}

inline int64_t packed_dwconv_size(const Conv& c) { return c.C / c.G * c.KD * c.KH * c.KW * c.OC; }

// dst[(plane * taps + tap) * OC + oc]
template <class WElem, class T> void pack_dwconv(const Conv& c, const WElem& elem, T* dst) {
  for (int64_t ic = 0; ic < c.C / c.G; ic++)
    for (int64_t kd = 0; kd < c.KD; kd++)
      for (int64_t kh = 0; kh < c.KH; kh++)
        for (int64_t kw = 0; kw < c.KW; kw++)
          for (int64_t oc = 0; oc < c.OC; oc++) *dst++ = T(elem(oc, ic, kd, kh, kw));
}

// Groups of so many channels in and out, whose kernels and steps are the usual ones, are taken in registers; 1 for others.
inline int dw_group(const Conv& c) {
  const int64_t cg = c.C / c.G;
  const bool usual = c.C == c.OC && c.KW == 3 && c.DW == 1 && c.SW <= 2 && c.KD == 1 && c.SD == 1 && c.PD == 0;
  return usual && (cg == 2 || cg == 4 || cg == 8) ? int(cg) : 1;
}

// dwconv_impl.h defines it. CG is dw_group(c), or 1; X is the image's element.
template <int CG, class X = float> void dwconv(const Executor& ex, const Conv& c, const AnyEpilogue& epi);

AIT_NAMESPACE_END
