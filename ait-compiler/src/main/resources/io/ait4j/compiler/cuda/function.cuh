// What hand-written functions have on GPUs.
#pragma once
#include "device.cuh"
#include "tensor.h"

AIT_NAMESPACE_BEGIN

struct Call {
  const Context& cx;
  const char* op; // "aten::sort"
};

// An index that must lie within [0, size), or with `wrap` counts from the end below 0; -1, and the run fails, if not.
AIT_INLINE int64_t checked_place(const Call& call, int64_t at, int64_t size, bool wrap) {
  const int64_t place = wrap && at < 0 ? at + size : at;
  if (uint64_t(place) < uint64_t(size)) return place;
  index_failed(call.cx, call.op, at, size);
  return -1;
}

// The first of a grid's threads, and how many there are.
AIT_INLINE int64_t grid_thread() { return int64_t(blockIdx.x) * blockDim.x + threadIdx.x; }
AIT_INLINE int64_t grid_threads() { return int64_t(gridDim.x) * blockDim.x; }

// What lane `from` holds; all lanes of the warp take part.
template <class T> AIT_INLINE T of_lane(T x, int from) {
  static_assert(std::is_arithmetic_v<T>);
  if constexpr (sizeof(T) == 8) {
    long long bits;
    memcpy(&bits, &x, 8);
    bits = __shfl_sync(0xffffffffu, bits, from);
    memcpy(&x, &bits, 8);
  } else {
    int bits = 0;
    memcpy(&bits, &x, sizeof x);
    bits = __shfl_sync(0xffffffffu, bits, from);
    memcpy(&x, &bits, sizeof x);
  }
  return x;
}

AIT_NAMESPACE_END
