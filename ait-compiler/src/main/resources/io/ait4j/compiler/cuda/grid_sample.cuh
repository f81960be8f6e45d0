// Values of images at points that a grid names: grid_sample.h for GPUs.
#pragma once
#include "element_step.h"
#include "function.cuh"
#include "grid_mix.h"

AIT_NAMESPACE_BEGIN

// x over (n, c, [d,] h, w); grid over (n, [od,] oh, ow, coordinate), the innermost dimension's first; out over (n, c, [od,] oh, ow).
template <class T>
AIT_INLINE void grid_sample_device(const Call&, const ElementStep& step, const Tensor<const T>& x, const Tensor<const T>& grid,
                                   const Tensor<T>& out, int64_t mode, int64_t padding, int64_t aligned) {
  const int spatial = x.rank - 2;
  int64_t points = 1;
  for (int d = 2; d < out.rank; d++) points *= out.sizes[d];
  const int64_t all = out.sizes[0] * points;
  for (int64_t i = grid_thread(); i < all * step.split; i += grid_threads()) { // neighbours take neighbouring points
    const int64_t part = quotient(i, all), n = quotient(i - part * all, points);
    int64_t rest = i - part * all - n * points, from = n * grid.strides[0], to = n * out.strides[0];
    for (int d = spatial; d-- > 0;) {
      const int64_t next = quotient(rest, out.sizes[2 + d]), at = rest - next * out.sizes[2 + d];
      rest = next;
      from += at * grid.strides[1 + d];
      to += at * out.strides[2 + d];
    }
    const GridMix<T> mix(x, n, grid.data + from, grid.strides[spatial + 1], mode, padding, aligned);
    for (int64_t c = part; c < x.sizes[1]; c += step.split) out.data[to + c * out.strides[1]] = mix.of(x.data + c * x.strides[1]);
  }
}

AIT_NAMESPACE_END
