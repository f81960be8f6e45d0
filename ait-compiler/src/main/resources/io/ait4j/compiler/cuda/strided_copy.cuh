// Copies a caller's tensor that has not the strides it was compiled for.
#pragma once
#include "device.cuh"
#include "strided_copy.h"

AIT_NAMESPACE_BEGIN

template <class T> AIT_INLINE void strided_copy(const StridedCopy& c) {
  for (int64_t i = int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < c.count; i += int64_t(gridDim.x) * blockDim.x) {
    int64_t rest = i, to = 0, from = 0;
    for (int d = c.rank; d-- > 0;) {
      const int64_t at = rest % c.sizes[d];
      rest /= c.sizes[d];
      to += at * c.to_strides[d];
      from += at * c.from_strides[d];
    }
    reinterpret_cast<T*>(c.to)[to] = reinterpret_cast<const T*>(c.from)[from];
  }
}

AIT_NAMESPACE_END

extern "C" __global__ void ait_copy_strided(const ait::Context, const ait::StridedCopy c) {
  ait::wait_for_previous();
  switch (c.bytes) {
    case 1: return ait::strided_copy<uint8_t>(c);
    case 2: return ait::strided_copy<uint16_t>(c);
    case 4: return ait::strided_copy<uint32_t>(c);
    default: return ait::strided_copy<uint64_t>(c);
  }
}
