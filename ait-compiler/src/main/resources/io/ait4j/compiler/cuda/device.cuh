// What every kernel on a GPU may use: its context, the order of launches, checked indices and the scalar operators.
#pragma once
#include <cstdint>
#include "failure.h"

#define AIT_NAMESPACE_BEGIN namespace ait {
#define AIT_NAMESPACE_END }
#define AIT_INLINE __device__ __forceinline__
#define AIT_NOINLINE __device__ __noinline__

AIT_NAMESPACE_BEGIN

struct Context {
  DeviceFailure* failure;
};

// Launches overlap: a kernel may begin before the one in front of it has ended. It waits here before it touches memory.
AIT_INLINE void wait_for_previous() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

// Lets the next kernel begin once every block has come this far; it waits in its turn.
AIT_INLINE void let_next_begin() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

AIT_NOINLINE inline void index_failed(const Context& cx, const char* operation, int64_t at, int64_t extent) {
  const bool first = threadIdx.x % 32 == __ffs(int(__activemask())) - 1; // one of a warp: the host's memory is far
  if (!first || atomicCAS(&cx.failure->set, 0u, 1u) != 0) return;
  cx.failure->at = at;
  cx.failure->extent = extent;
  int i = 0;
  for (; operation[i] && i + 1 < int(sizeof cx.failure->operation); i++) cx.failure->operation[i] = operation[i];
  cx.failure->operation[i] = 0;
  __threadfence_system();
}

// A data-dependent index of an operator: outside of [0, extent) the run fails and element 0 is read instead.
AIT_INLINE int64_t checked_index(const Context& cx, const char* operation, int64_t at, int64_t extent) {
  if (uint64_t(at) < uint64_t(extent)) return at;
  index_failed(cx, operation, at, extent);
  return 0;
}

AIT_NAMESPACE_END

#include "halves.cuh"
#include "float_functions.cuh"
#include "operators.h"
#include "special.h"
