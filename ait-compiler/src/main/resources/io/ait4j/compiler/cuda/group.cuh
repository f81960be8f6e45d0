// Reductions over the threads of a group: SIZE neighbours, a power of two. Up to 32 are lanes of a warp, more are all of a block.
// The order is fixed by SIZE, and every thread gets the same bits.
#pragma once
#include "combine.h"
#include "device.cuh"

AIT_NAMESPACE_BEGIN

template <class T> AIT_INLINE T exchange(T value, int lanes) { return __shfl_xor_sync(0xffffffffu, value, lanes); }
AIT_INLINE bool exchange(bool value, int lanes) { return exchange(int(value), lanes) != 0; }
AIT_INLINE int8_t exchange(int8_t value, int lanes) { return int8_t(exchange(int(value), lanes)); }
AIT_INLINE uint8_t exchange(uint8_t value, int lanes) { return uint8_t(exchange(int(value), lanes)); }
AIT_INLINE int16_t exchange(int16_t value, int lanes) { return int16_t(exchange(int(value), lanes)); }
AIT_INLINE int64_t exchange(int64_t value, int lanes) { return exchange(static_cast<long long>(value), lanes); }

// All lanes of the warp take part, those with nothing to add with Op's start.
template <class Op, int SIZE, class T> AIT_INLINE T combine_group(T value) {
  constexpr int LANES = SIZE < 32 ? SIZE : 32;
#pragma unroll
  for (int lanes = LANES / 2; lanes > 0; lanes /= 2) value = Op::of(value, exchange(value, lanes));
  if constexpr (SIZE > 32) {
    constexpr int WARPS = SIZE / 32;
    __shared__ T parts[WARPS];
    __syncthreads(); // the parts of an earlier reduction have been read
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = value;
    __syncthreads();
    value = parts[threadIdx.x % WARPS];
#pragma unroll
    for (int lanes = WARPS / 2; lanes > 0; lanes /= 2) value = Op::of(value, exchange(value, lanes));
  }
  return value;
}

template <int SIZE> AIT_INLINE void group_barrier() {
  if constexpr (SIZE > 32) __syncthreads();
  else __syncwarp();
}

AIT_NAMESPACE_END
