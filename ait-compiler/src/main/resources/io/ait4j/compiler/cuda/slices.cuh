// Reductions over the slices of a block: COLUMNS neighbouring threads have results of their own, SLICES rows of threads share each.
#pragma once
#include "combine.h"
#include "device.cuh"

AIT_NAMESPACE_BEGIN

// The first slice gets the whole, halves added up pair by pair.
template <class Op, int COLUMNS, int SLICES, class T, int N> AIT_INLINE void combine_slices(T (&values)[N]) {
  __shared__ T parts[SLICES / 2][N][COLUMNS];
  const int column = threadIdx.x % COLUMNS, slice = threadIdx.x / COLUMNS;
#pragma unroll
  for (int half = SLICES / 2; half > 0; half /= 2) {
    __syncthreads(); // the parts have been read
    if (slice >= half && slice < 2 * half)
#pragma unroll
      for (int i = 0; i < N; i++) parts[slice - half][i][column] = values[i];
    __syncthreads();
    if (slice < half)
#pragma unroll
      for (int i = 0; i < N; i++) values[i] = Op::of(values[i], parts[slice][i][column]);
  }
}

AIT_NAMESPACE_END
