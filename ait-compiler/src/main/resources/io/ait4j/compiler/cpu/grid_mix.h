// What the value of an image at a point of a grid is mixed of, on processors and GPUs.
#pragma once
#include <cmath>
#include "tensor.h"

AIT_NAMESPACE_BEGIN

enum GridMode : int64_t { GRID_LINEAR, GRID_NEAREST, GRID_CUBIC };
enum GridPadding : int64_t { GRID_ZEROS, GRID_BORDER, GRID_REFLECTION };

// The elements along one dimension that a point is mixed of.
template <class T> struct GridTaps {
  int count = 0;
  int64_t at[4];
  T weight[4];
  bool inside[4];
};

template <class T> AIT_INLINE T grid_reflected(T x, T low, T span) {
  if (span == 0) return 0;
  x = std::fabs(x - low);
  const T extra = std::fmod(x, span), flips = std::floor(x / span);
  return std::fmod(flips, T(2)) == 0 ? extra + low : span - extra + low;
}

// Where `x` lies after padding; beyond the image only if outside is zero. As PyTorch, NaN is the first element of a plane's
// dimension, the last of a volume's.
template <class T> AIT_INLINE T grid_padded(T x, int64_t size, int64_t padding, bool aligned, bool plane) {
  if (padding == GRID_ZEROS) return x;
  if (padding == GRID_REFLECTION) x = aligned ? grid_reflected<T>(x, 0, T(size - 1)) : grid_reflected<T>(x, T(-0.5), T(size));
  if (x != x) return plane ? 0 : T(size - 1);
  return x > 0 ? (x < T(size - 1) ? x : T(size - 1)) : 0;
}

template <class T> AIT_INLINE void grid_add(GridTaps<T>& taps, T at, T weight, int64_t size) {
  const bool inside = at >= 0 && at < T(0x1p62) && int64_t(at) < size; // false for NaN
  taps.at[taps.count] = inside ? int64_t(at) : 0;
  taps.inside[taps.count] = inside;
  taps.weight[taps.count++] = weight;
}

template <class T> AIT_INLINE GridTaps<T> grid_taps(T point, int64_t size, int64_t mode, int64_t padding, bool aligned, bool plane) {
  const T x = aligned ? (point + 1) / 2 * T(size - 1) : ((point + 1) * T(size) - 1) / 2;
  GridTaps<T> taps;
  if (mode == GRID_CUBIC) {
    const T low = std::floor(x), t = x - low, a = T(-0.75);
    auto inner = [&](T d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    auto outer = [&](T d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    const T weights[] = {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)};
    for (int i = 0; i < 4; i++) grid_add<T>(taps, std::floor(grid_padded<T>(low + T(i - 1), size, padding, aligned, plane)), weights[i], size);
    return taps;
  }
  const T at = grid_padded<T>(x, size, padding, aligned, plane);
  if (mode == GRID_NEAREST) {
    grid_add<T>(taps, std::nearbyint(at), 1, size);
    return taps;
  }
  const T low = std::floor(at);
  grid_add<T>(taps, low, low + 1 - at, size);
  grid_add<T>(taps, low + 1, at - low, size);
  return taps;
}

// The elements of an image that a point is mixed of; `outside` is what those beyond the image add.
template <class T> struct GridMix {
  int taps = 0;
  int64_t at[64];
  T weight[64];
  T outside = 0;

  // For a point whose coordinates lie `step` apart from `point` on, in image n of x.
  AIT_INLINE GridMix(const Tensor<const T>& x, int64_t n, const T* point, int64_t step, int64_t mode, int64_t padding, bool aligned) {
    const int spatial = x.rank - 2;
    bool inside[64];
    int count = 1;
    at[0] = n * x.strides[0];
    weight[0] = 1;
    inside[0] = true;
    for (int d = 0; d < spatial; d++) {
      const GridTaps<T> near = grid_taps<T>(point[(spatial - 1 - d) * step], x.sizes[2 + d], mode, padding, aligned, spatial == 2);
      for (int k = near.count; k-- > 0;) // the first ones last, as they are read until then
        for (int j = 0; j < count; j++) {
          at[k * count + j] = at[j] + near.at[k] * x.strides[2 + d];
          weight[k * count + j] = weight[j] * near.weight[k];
          inside[k * count + j] = inside[j] && near.inside[k];
        }
      count *= near.count;
    }
    // What is outside counts as 0, which a weight of NaN or infinity spoils: as PyTorch, in planes alone.
    for (int k = 0; k < count; k++)
      if (inside[k]) {
        at[taps] = at[k];
        weight[taps++] = weight[k];
      } else if (spatial == 2) {
        outside += weight[k] * T(0);
      }
  }

  // In the channel that begins there.
  AIT_INLINE T of(const T* channel) const {
    T sum = outside;
    for (int k = 0; k < taps; k++) sum += weight[k] * channel[at[k]];
    return sum;
  }
};

AIT_NAMESPACE_END
