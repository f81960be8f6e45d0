// Images averaged over the bins of boxes that data name: roi_align.h for GPUs.
#pragma once
#include "element_step.h"
#include "function.cuh"
#include "roi_side.h"

AIT_NAMESPACE_BEGIN

// x over (n, c, h, w); boxes over (box, [image, x1, y1, x2, y2]); out over (box, c, bins down, bins across). `ratio` samples a bin
// takes along each dimension, as many as it has elements if not positive.
template <class T>
AIT_INLINE void roi_align_device(const Call& call, const ElementStep&, const Tensor<const T>& x, const Tensor<const T>& boxes,
                                 const Tensor<T>& out, double scale, int64_t ratio, int64_t aligned) {
  const int64_t rows = out.sizes[2], columns = out.sizes[3];
  for (int64_t i = grid_thread(), all = out.numel(); i < all; i += grid_threads()) {
    const int64_t upper = quotient(i, columns), column = i - upper * columns, outer = quotient(upper, rows), row = upper - outer * rows;
    const int64_t box = quotient(outer, out.sizes[1]), channel = outer - box * out.sizes[1];
    const T* numbers = boxes.data + box * boxes.strides[0];
    const double n = double(numbers[0]);
    if (!(n > -1 && n < double(x.sizes[0]))) {
      index_failed(call.cx, call.op, n > -1e18 && n < 1e18 ? int64_t(n) : -1, x.sizes[0]);
      continue;
    }
    auto corner = [&](int64_t k) { return numbers[k * boxes.strides[1]] * T(scale) - (aligned ? T(0.5) : T(0)); };
    const RoiSide<T> horizontal(corner(1), corner(3), columns, ratio, aligned), vertical(corner(2), corner(4), rows, ratio, aligned);
    const bool is_finite = horizontal.is_finite() && vertical.is_finite();
    const T product = vertical.samples * horizontal.samples, count = product > 1 ? product : 1;
    T sum[1] = {};
    if (is_finite) roi_sum<T>(sum, 1, x.data + int64_t(n) * x.strides[0] + channel * x.strides[1], x, vertical, horizontal, row, column);
    out.data[box * out.strides[0] + channel * out.strides[1] + row * out.strides[2] + column * out.strides[3]] =
        is_finite ? sum[0] / count : T(__builtin_nan(""));
  }
}

AIT_NAMESPACE_END
