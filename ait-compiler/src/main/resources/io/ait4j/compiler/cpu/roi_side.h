// How the bins of a box sample an image, on processors and GPUs.
#pragma once
#include <cmath>
#include "tensor.h"

AIT_NAMESPACE_BEGIN

// A box along one dimension of the image: where it begins, how far a bin reaches and how many samples it takes, a whole number.
template <class T> struct RoiSide {
  T start, bin, samples;

  AIT_INLINE RoiSide(T low, T high, int64_t bins, int64_t ratio, bool aligned) : start(low) {
    T extent = high - low;
    if (!aligned && extent < 1) extent = 1;
    bin = extent / T(bins);
    samples = ratio > 0 ? T(ratio) : std::ceil(bin);
  }

  AIT_INLINE bool is_finite() const { return std::isfinite(start) && std::isfinite(bin); }

  AIT_INLINE T at(int64_t i, T sample) const { return start + T(i) * bin + (sample + T(0.5)) * bin / samples; }
};

// The samples of one bin that may lie in the image, `count` from `first` on. However large the box, they are few.
template <class T> struct RoiRange {
  T first = 0;
  int64_t count = 0;

  AIT_INLINE RoiRange(const RoiSide<T>& side, int64_t i, int64_t size) {
    T last = side.samples;
    const T start = side.start + T(i) * side.bin, step = side.bin / side.samples;
    if (step > 0) { // two more on both sides, for what rounding does
      const T below = std::floor((-1 - start) / step) - 2, above = std::ceil((T(size) - start) / step) + 2;
      if (below > first) first = below;
      if (above < last) last = above;
    }
    if (last > first) count = int64_t(last - first);
  }
};

// The two elements along one dimension that a sample is mixed of.
template <class T> struct RoiTap {
  int64_t low, high;
  T low_weight, high_weight;

  // False if the sample is outside.
  AIT_INLINE bool set(T at, int64_t size) {
    if (!(at >= -1 && at <= T(size)) || size == 0) return false;
    if (at < 0) at = 0;
    low = int64_t(at);
    if (low >= size - 1) {
      low = high = size - 1;
      high_weight = 0;
    } else {
      high = low + 1;
      high_weight = at - T(low);
    }
    low_weight = 1 - high_weight;
    return true;
  }
};

// Adds the samples of one bin over a few channels.
template <class T>
AIT_INLINE void roi_sum(T* sums, int64_t channels, const T* image, const Tensor<const T>& x, const RoiSide<T>& vertical, const RoiSide<T>& horizontal, int64_t row, int64_t column) {
  const int64_t height = x.sizes[2], width = x.sizes[3], step = x.strides[1];
  const RoiRange<T> down(vertical, row, height), across(horizontal, column, width);
  for (int64_t i = 0; i < down.count; i++) {
    RoiTap<T> y;
    if (!y.set(vertical.at(row, down.first + T(i)), height)) continue;
    const T* upper = image + y.low * x.strides[2];
    const T* lower = image + y.high * x.strides[2];
    for (int64_t j = 0; j < across.count; j++) {
      RoiTap<T> h;
      if (!h.set(horizontal.at(column, across.first + T(j)), width)) continue;
      const int64_t left = h.low * x.strides[3], right = h.high * x.strides[3];
      const T a = y.low_weight * h.low_weight, b = y.low_weight * h.high_weight, c = y.high_weight * h.low_weight, d = y.high_weight * h.high_weight;
      for (int64_t k = 0; k < channels; k++)
        sums[k] += a * upper[left + k * step] + b * upper[right + k * step] + c * lower[left + k * step] + d * lower[right + k * step];
    }
  }
}

AIT_NAMESPACE_END
