// Images averaged over the bins of boxes that data name, as torchvision.ops.roi_align.
#pragma once
#include "function.h"
#include "roi_side.h"

AIT_NAMESPACE_BEGIN

// x over (n, c, h, w); boxes over (box, [image, x1, y1, x2, y2]); out over (box, c, bins down, bins across). `ratio` samples a bin
// takes along each dimension, as many as it has elements if not positive.
template <class T>
void roi_align(const Call& call, const Tensor<const T>& x, const Tensor<const T>& boxes, const Tensor<T>& out, double scale, int64_t ratio, int64_t aligned) {
  constexpr int64_t BLOCK = 16;
  const int64_t channels = x.sizes[1], rows = out.sizes[2], columns = out.sizes[3];
  if (out.numel() == 0) return;
  const double cost = double(columns) * double(channels) * (ratio > 0 ? double(ratio) * double(ratio) : 4.0) * 3;
  parallel_for(call.cx.ex, out.sizes[0] * rows, grain(cost), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t box = i / rows, row = i % rows;
      const T* numbers = boxes.data + box * boxes.strides[0];
      const double n = double(numbers[0]);
      if (!(n > -1 && n < double(x.sizes[0]))) {
        fail(call, "box %lld is of image %g, but there are %lld images", (long long)box, n, (long long)x.sizes[0]);
        return;
      }
      const T* image = x.data + int64_t(n) * x.strides[0];
      auto corner = [&](int64_t k) { return numbers[k * boxes.strides[1]] * T(scale) - (aligned ? T(0.5) : T(0)); };
      const RoiSide<T> horizontal(corner(1), corner(3), columns, ratio, aligned), vertical(corner(2), corner(4), rows, ratio, aligned);
      const bool is_finite = horizontal.is_finite() && vertical.is_finite();
      const T product = vertical.samples * horizontal.samples, count = product > 1 ? product : 1;
      T* to = out.data + box * out.strides[0] + row * out.strides[2];
      for (int64_t column = 0; column < columns; column++)
        for (int64_t first = 0; first < channels; first += BLOCK) {
          const int64_t block = channels - first < BLOCK ? channels - first : BLOCK;
          T sums[BLOCK] = {};
          if (is_finite) roi_sum<T>(sums, block, image + first * x.strides[1], x, vertical, horizontal, row, column);
          for (int64_t k = 0; k < block; k++) to[(first + k) * out.strides[1] + column * out.strides[3]] = is_finite ? sums[k] / count : T(NAN);
        }
    }
  });
}

AIT_NAMESPACE_END
