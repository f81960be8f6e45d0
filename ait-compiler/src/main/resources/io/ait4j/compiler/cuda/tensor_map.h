// Maps for the copy engine of sm_90 and later, made by the driver.
#pragma once
#include "launch.h"

AIT_NAMESPACE_BEGIN

// Floats are rounded to TF32 as they are copied: only the tensor cores want them.
inline CUtensorMapDataType tensor_map_type(DType dtype) {
  switch (dtype) {
    case FLOAT16: return CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
    case BFLOAT16: return CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
    default: return CU_TENSOR_MAP_DATA_TYPE_TFLOAT32;
  }
}

// A function of the driver, null where the driver is too old for it.
inline void* driver_function(const char* name) {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found;
  if (cudaGetDriverEntryPointByVersion(name, &function, 12000, cudaEnableDefault, &found) != cudaSuccess ||
      found != cudaDriverEntryPointSuccess) {
    cudaGetLastError();
    return nullptr;
  }
  return function;
}

// Sizes, the box and element strides from the innermost dimension outwards; strides in bytes, without the innermost one's,
// multiples of 16. Beyond the sizes there are zeros. False, with the run failed, where the driver refuses.
inline bool tensor_map(const cuda::Context& cx, CUtensorMap* map, DType dtype, int rank, const void* base,
                       const uint64_t* sizes, const uint64_t* strides, const uint32_t* box, const uint32_t* steps,
                       CUtensorMapSwizzle swizzle = CU_TENSOR_MAP_SWIZZLE_128B) {
  typedef CUresult (*Encode)(CUtensorMap*, CUtensorMapDataType, cuuint32_t, void*, const cuuint64_t*, const cuuint64_t*,
                             const cuuint32_t*, const cuuint32_t*, CUtensorMapInterleave, CUtensorMapSwizzle,
                             CUtensorMapL2promotion, CUtensorMapFloatOOBfill);
  static std::atomic<void*> encode{nullptr};
  if (!encode.load(std::memory_order_relaxed)) encode = driver_function("cuTensorMapEncodeTiled");
  auto function = reinterpret_cast<Encode>(encode.load(std::memory_order_relaxed));
  if (function && function(map, tensor_map_type(dtype), cuuint32_t(rank), const_cast<void*>(base),
                           reinterpret_cast<const cuuint64_t*>(sizes), reinterpret_cast<const cuuint64_t*>(strides), box,
                           steps, CU_TENSOR_MAP_INTERLEAVE_NONE, swizzle, CU_TENSOR_MAP_L2_PROMOTION_L2_128B,
                           CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) == CUDA_SUCCESS)
    return true;
  cuda::failed(cx, cudaErrorInvalidValue, "tensor map");
  return false;
}

// The same over an image's windows: `lower` and `upper` are the corners of the box of window bases, by spatial dimension from
// the innermost; `channels` and `pixels` of a box.
inline bool tensor_map_im2col(const cuda::Context& cx, CUtensorMap* map, DType dtype, int rank, const void* base,
                              const uint64_t* sizes, const uint64_t* strides, const int* lower, const int* upper,
                              uint32_t channels, uint32_t pixels, const uint32_t* steps,
                              CUtensorMapSwizzle swizzle = CU_TENSOR_MAP_SWIZZLE_128B) {
  typedef CUresult (*Encode)(CUtensorMap*, CUtensorMapDataType, cuuint32_t, void*, const cuuint64_t*, const cuuint64_t*,
                             const int*, const int*, cuuint32_t, cuuint32_t, const cuuint32_t*, CUtensorMapInterleave,
                             CUtensorMapSwizzle, CUtensorMapL2promotion, CUtensorMapFloatOOBfill);
  static std::atomic<void*> encode{nullptr};
  if (!encode.load(std::memory_order_relaxed)) encode = driver_function("cuTensorMapEncodeIm2col");
  auto function = reinterpret_cast<Encode>(encode.load(std::memory_order_relaxed));
  if (function && function(map, tensor_map_type(dtype), cuuint32_t(rank), const_cast<void*>(base),
                           reinterpret_cast<const cuuint64_t*>(sizes), reinterpret_cast<const cuuint64_t*>(strides), lower,
                           upper, channels, pixels, steps, CU_TENSOR_MAP_INTERLEAVE_NONE, swizzle,
                           CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) == CUDA_SUCCESS)
    return true;
  cuda::failed(cx, cudaErrorInvalidValue, "tensor map of windows");
  return false;
}

AIT_NAMESPACE_END
