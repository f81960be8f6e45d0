// A convolution over height and width as a product whose rows the copy engine finds: the way through windows and channels.
#pragma once
#include <cstdint>

namespace ait {

// Quotients of numbers below 2^31 by a divisor that is known before the launch.
struct Divisor {
  uint32_t factor;
  int shift;
  int value;

#ifdef __CUDACC__
  __device__ __forceinline__ int quotient(int n) const { return int(uint64_t(uint32_t(n)) * factor >> shift); }
#endif
};

// With shift = 31 + ceil(log2 d) and factor = ceil(2^shift / d) the error is below 1 / d for every such number.
inline Divisor divisor(int64_t d) {
  int log = 0;
  while ((int64_t(1) << log) < d) ++log;
  const int shift = 31 + log;
  return {uint32_t(((uint64_t(1) << shift) + uint64_t(d) - 1) / uint64_t(d)), shift, int(d)};
}

struct ConvWindows {
  Divisor slices;   // of 128 bytes of channels
  Divisor places_x; // of the window
  Divisor width, height, pixels; // of the result
  int pad_x, pad_y, stride_x, stride_y, dilation_x, dilation_y;
};

// Pixels of the result that a tile of conv_stem_sm90.cuh takes.
constexpr int StemRows = 8, StemColumns = 16, StemPatch = StemRows * StemColumns;

struct StemWindows {
  Divisor patches; // of an image
  Divisor across;  // of them beside each other
  int lines, columns; // of the result
};

} // namespace ait
