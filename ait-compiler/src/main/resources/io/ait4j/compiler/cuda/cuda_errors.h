// CUDA's errors as sentences for a user.
#pragma once
#include <cuda_runtime_api.h>
#include "errors.h"

AIT_NAMESPACE_BEGIN

// Errors after which the process's use of the GPU is over.
inline bool is_sticky(cudaError_t code) {
  switch (code) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
    case cudaErrorAssert:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorECCUncorrectable: return true;
    default: return false;
  }
}

// Always 1. `what` was being done.
inline int cuda_error(cudaError_t code, const char* what) {
  cudaGetLastError(); // what can be cleared must not surface elsewhere
  const char* reason = cudaGetErrorString(code);
  if (is_sticky(code))
    return error("%s: %s; this process cannot use the GPU any more: start it anew", what, reason);
  switch (code) {
    case cudaErrorNoDevice: return error("%s: there is no NVIDIA GPU", what);
    case cudaErrorInsufficientDriver:
      return error("%s: the NVIDIA driver is missing, or too old for CUDA %d.%d", what, CUDART_VERSION / 1000,
                   CUDART_VERSION % 1000 / 10);
    case cudaErrorNoKernelImageForDevice:
      return error("%s: the library has no code for this GPU; compile it for the GPU's architecture", what);
    case cudaErrorInvalidDevice: return error("%s: there is no GPU of that number", what);
    default: return error("%s: %s", what, reason);
  }
}

inline int device_memory_error(int64_t bytes, const char* what) {
  size_t free = 0, total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) free = total = 0;
  cudaGetLastError();
  return error("out of memory on the GPU: %s needs %lld bytes, %llu of %llu are free", what, (long long)bytes,
               (unsigned long long)free, (unsigned long long)total);
}

AIT_NAMESPACE_END
