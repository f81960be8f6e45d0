// What the host computes of a convolution before it launches one.
#pragma once
#include "aligned_run.h"
#include "conv_problem.h"
#include "launch.h"

namespace ait {

inline int64_t conv_rows(const ConvProblem& p) { return p.images * p.out[0] * p.out[1] * p.out[2]; }

// Kernels count places of an image and elements of k in 32 bits.
inline bool conv_fits(const cuda::Context& cx, const ConvProblem& p) {
  constexpr int64_t Most = int64_t(1) << 30;
  bool fits = conv_rows(p) < Most && p.out[0] * p.out[1] * p.out[2] < Most && p.kernel[0] * p.kernel[1] * p.kernel[2] * p.channels / p.groups < Most;
  for (int i = 0; i < 3; ++i) fits = fits && p.in[i] + p.pad[i] + p.kernel[i] * p.dilation[i] < Most && p.out[i] * p.stride[i] < Most;
  if (!fits) cuda::failed(cx, cudaErrorInvalidValue, "convolution of an image that is too large");
  return fits;
}

// Threads of blocks of 256 take one of `count` things after another.
inline Launch conv_flat_launch(const cuda::Context& cx, int64_t count) {
  const int64_t blocks = (count + 255) / 256, most = int64_t(cx.sms) * 64;
  return {uint32_t(blocks < most ? blocks : most), 1, 1, 256};
}

} // namespace ait
