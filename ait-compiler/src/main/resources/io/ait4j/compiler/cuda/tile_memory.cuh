// What hand-written kernels share: runs of elements read as floats, runs of finished sums handed to an epilogue, the blocks of a
// cluster.
#pragma once
#include "columns.cuh"
#include "device.cuh"
#include "hopper.cuh"

namespace ait {

// `Run` elements that lie side by side, aligned to all of them; zeros unless `there`.
template <int Run, class T> AIT_INLINE void load_floats(float (&to)[Run], const T* from, bool there) {
  constexpr int Each = Run * sizeof(T) > 16 ? 16 / sizeof(T) : Run;
#pragma unroll
  for (int i = 0; i < Run; i += Each) {
    typename Word<Each * sizeof(T)>::Type raw{};
    if (there) raw = __ldg(reinterpret_cast<const typename Word<Each * sizeof(T)>::Type*>(from + i));
    T values[Each];
    __builtin_memcpy(values, &raw, sizeof raw);
#pragma unroll
    for (int j = 0; j < Each; ++j) to[i + j] = there ? widened(values[j]) : 0;
  }
}

// Hands sums of row (b, m), columns first + n and following, to the epilogue in the widest pieces that it takes; those from `end` on
// do not exist. n is a multiple of Count.
template <int Count, class Epilogue>
AIT_INLINE void finish_columns(const Epilogue& epilogue, int b, int m, int first, int n, int end, const float* sums) {
  constexpr int Width = Count < Epilogue::Width ? Count : Epilogue::Width;
  if (n + Count <= end && first % Width == 0) {
#pragma unroll
    for (int j = 0; j < Count; j += Width) epilogue.template run<Width>(b, m, first + n + j, sums + j);
  } else {
#pragma unroll
    for (int j = 0; j < Count; ++j) {
      if (n + j < end) epilogue.template run<1>(b, m, first + n + j, sums + j);
    }
  }
}

// This block's place in its cluster, and the cluster's size; GPUs without clusters have blocks alone.
AIT_INLINE int cluster_part() {
#if __CUDA_ARCH__ >= 900
  return int(cluster_rank());
#else
  return 0;
#endif
}

AIT_INLINE int cluster_parts() {
#if __CUDA_ARCH__ >= 900
  uint32_t r;
  asm volatile("mov.u32 %0, %%cluster_nctarank;" : "=r"(r));
  return int(r);
#else
  return 1;
#endif
}

AIT_INLINE void cluster_meet() {
#if __CUDA_ARCH__ >= 900
  cluster_arrive();
  cluster_wait();
#endif
}

// What lies at `mine` of this block's shared memory in that of block `part` of the cluster.
AIT_INLINE float4 cluster_read(const float* mine, int part) {
#if __CUDA_ARCH__ >= 900
  return cluster_load(cluster_map(shared_address(mine), part));
#else
  return *reinterpret_cast<const float4*>(mine);
#endif
}

} // namespace ait
