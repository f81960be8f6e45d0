// Convolutions with few channels in a group, where a product would multiply mostly zeros: one thread for one result, or for a few
// neighbouring ones of depthwise convolutions.
#pragma once
#include "conv_problem.h"
#include "device.cuh"
#include "tile_memory.cuh"

namespace ait {

// Any convolution; neighbouring threads take neighbouring output channels. `Run` as in ConvTile.
template <class X, class W, int Run, class Epilogue>
AIT_INLINE void conv_direct(const ConvProblem& p, const X* __restrict x, const W* __restrict weights, const Epilogue& epilogue) {
  const int64_t pixels = p.out[0] * p.out[1] * p.out[2], all = p.images * pixels * p.outputs;
  const int64_t channels = p.channels / p.groups, outputs = p.outputs / p.groups;
  for (int64_t i = int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < all; i += int64_t(gridDim.x) * blockDim.x) {
    const int64_t row = i / p.outputs, oc = i - row * p.outputs, image = row / pixels, pixel = row - image * pixels;
    const int64_t line = pixel / p.out[2];
    const int64_t d0 = line / p.out[1] * p.stride[0] - p.pad[0], h0 = line % p.out[1] * p.stride[1] - p.pad[1];
    const int64_t w0 = pixel % p.out[2] * p.stride[2] - p.pad[2];
    const X* from = x + image * p.x_image + oc / outputs * channels * p.x_channel;
    const W* taps = weights + oc * p.w_output;
    float sum = 0;
    for (int64_t kd = 0; kd < p.kernel[0]; ++kd) {
      const int64_t d = d0 + kd * p.dilation[0];
      if (uint64_t(d) >= uint64_t(p.in[0])) continue;
      for (int64_t kh = 0; kh < p.kernel[1]; ++kh) {
        const int64_t h = h0 + kh * p.dilation[1];
        if (uint64_t(h) >= uint64_t(p.in[1])) continue;
        for (int64_t kw = 0; kw < p.kernel[2]; ++kw) {
          const int64_t w = w0 + kw * p.dilation[2];
          if (uint64_t(w) >= uint64_t(p.in[2])) continue;
          const X* at = from + d * p.x_step[0] + h * p.x_step[1] + w * p.x_step[2];
          const W* tap = taps + kd * p.w_step[0] + kh * p.w_step[1] + kw * p.w_step[2];
          for (int64_t c = 0; c < channels; c += Run) {
            float a[Run], b[Run];
            load_floats<Run>(a, at + c * p.x_channel, true);
            load_floats<Run>(b, tap + c * p.w_channel, true);
#pragma unroll
            for (int j = 0; j < Run; ++j) sum += a[j] * b[j];
          }
        }
      }
    }
    epilogue.template run<1>(int(image), int(pixel), int(oc), &sum);
  }
}

// Depthwise over height and width, channels last: each thread takes `Run` channels of `Across` neighbouring results of a line.
// The kernel's size and stride are known, so that what results share is read once. `WeightsInner`: output channels of one place of
// the window lie side by side in the weights.
template <class X, class W, int Run, int Across, int KernelH, int KernelW, int Stride, bool WeightsInner, class Epilogue>
AIT_INLINE void conv_depthwise(const ConvProblem& p, const X* __restrict x, const W* __restrict weights, const Epilogue& epilogue) {
  const int runs = int(p.channels / Run), parts = int((p.out[2] + Across - 1) / Across);
  const int64_t all = p.images * p.out[1] * parts * runs;
  constexpr int Span = (Across - 1) * Stride + KernelW;
  for (int64_t i = int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < all; i += int64_t(gridDim.x) * blockDim.x) {
    const int64_t line = i / (int64_t(parts) * runs);
    const int rest = int(i - line * parts * runs), part = rest / runs, c = (rest - part * runs) * Run;
    const int64_t image = line / p.out[1];
    const int oh = int(line - image * p.out[1]), ow = part * Across;
    const int h0 = int(oh * p.stride[1] - p.pad[1]), w0 = int(ow * Stride - p.pad[2]);
    const X* from = x + image * p.x_image + c + w0 * p.x_step[2];
    const W* taps = weights + c * p.w_output;
    float sums[Across][Run] = {};
#pragma unroll
    for (int kh = 0; kh < KernelH; ++kh) {
      const int h = h0 + kh;
      const bool line_inside = uint32_t(h) < uint32_t(p.in[1]);
      float a[Span][Run];
#pragma unroll
      for (int w = 0; w < Span; ++w) {
        load_floats<Run>(a[w], from + h * p.x_step[1] + w * p.x_step[2], line_inside && uint32_t(w0 + w) < uint32_t(p.in[2]));
      }
#pragma unroll
      for (int kw = 0; kw < KernelW; ++kw) {
        const W* tap = taps + kh * p.w_step[1] + kw * p.w_step[2];
        float b[Run];
        if constexpr (WeightsInner) {
          load_floats<Run>(b, tap, true);
        } else {
#pragma unroll
          for (int j = 0; j < Run; ++j) b[j] = widened(tap[j * p.w_output]);
        }
#pragma unroll
        for (int o = 0; o < Across; ++o) {
#pragma unroll
          for (int j = 0; j < Run; ++j) sums[o][j] += a[o * Stride + kw][j] * b[j];
        }
      }
    }
#pragma unroll
    for (int o = 0; o < Across; ++o) {
      if (ow + o < p.out[2]) {
        finish_columns<Run>(epilogue, int(image), int(oh * p.out[2]) + ow + o, 0, c, int(p.outputs), sums[o]);
      }
    }
  }
}

} // namespace ait
