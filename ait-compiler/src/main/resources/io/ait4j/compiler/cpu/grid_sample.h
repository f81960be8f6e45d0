// Values of images at points that a grid names, in two or three dimensions, as torch.nn.functional.grid_sample.
#pragma once
#include "function.h"
#include "grid_mix.h"

AIT_NAMESPACE_BEGIN

// x over (n, c, [d,] h, w); grid over (n, [od,] oh, ow, coordinate), the innermost dimension's first; out over (n, c, [od,] oh, ow).
template <class T>
void grid_sample(const Call& call, const Tensor<const T>& x, const Tensor<const T>& grid, const Tensor<T>& out, int64_t mode, int64_t padding, int64_t aligned) {
  const int spatial = x.rank - 2;
  int64_t points = 1, channels = x.sizes[1];
  for (int d = 2; d < out.rank; d++) points *= out.sizes[d];
  if (points == 0 || channels == 0) return;
  parallel_for(call.cx.ex, out.sizes[0] * points, grain(40.0 + 4.0 * double(channels)), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t n = i / points;
      int64_t rest = i % points, from = n * grid.strides[0], to = n * out.strides[0];
      for (int d = spatial; d-- > 0;) {
        const int64_t at = rest % out.sizes[2 + d];
        rest /= out.sizes[2 + d];
        from += at * grid.strides[1 + d];
        to += at * out.strides[2 + d];
      }
      const GridMix<T> mix(x, n, grid.data + from, grid.strides[spatial + 1], mode, padding, aligned);
      for (int64_t c = 0; c < channels; c++) out.data[to + c * out.strides[1]] = mix.of(x.data + c * x.strides[1]);
    }
  });
}

AIT_NAMESPACE_END
