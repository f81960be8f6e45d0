// Memory and streams for AITemplate's clients, on the current GPU.
#pragma once
#include "cuda_errors.h"

AIT_NAMESPACE_BEGIN

struct Device {
  static int allocate(void** out, size_t bytes, void* stream) {
    cudaError_t code = cudaMallocAsync(out, bytes == 0 ? 1 : bytes, static_cast<cudaStream_t>(stream));
    if (code == cudaSuccess) return 0;
    *out = nullptr;
    return code == cudaErrorMemoryAllocation ? device_memory_error(int64_t(bytes), "a client's block")
                                             : cuda_error(code, "allocating memory");
  }

  static int release(void* memory, void* stream) {
    return memory ? said(cudaFreeAsync(memory, static_cast<cudaStream_t>(stream)), "freeing memory") : 0;
  }

  static int copy(void* to, const void* from, size_t bytes, void* stream) {
    return said(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, static_cast<cudaStream_t>(stream)), "copying memory");
  }

  static int wait(void* stream) {
    return said(cudaStreamSynchronize(static_cast<cudaStream_t>(stream)), "waiting for the stream");
  }

  // What kernels would fail on, for which the process would lose the GPU.
  static int refuse_host(const void* memory, const char* what, const char* name) {
    if (type_of(memory) != cudaMemoryTypeUnregistered) return 0;
    return error("%s %s is in the host's memory: copy it to the GPU", what, name);
  }

  // What the host cannot write.
  static int refuse_device(const void* memory, const char* what, const char* name) {
    if (type_of(memory) != cudaMemoryTypeDevice) return 0;
    return error("%s %s is in the GPU's memory, and should be in the host's", what, name);
  }

  static int stream_new(void** out) {
    return said(cudaStreamCreateWithFlags(reinterpret_cast<cudaStream_t*>(out), cudaStreamNonBlocking), "making a stream");
  }

  static void stream_delete(void* stream) { cudaStreamDestroy(static_cast<cudaStream_t>(stream)); }

private:
  // Null, and what cannot be told, pass for managed memory, which is anyone's.
  static cudaMemoryType type_of(const void* memory) {
    cudaPointerAttributes at = {};
    const bool known = memory && cudaPointerGetAttributes(&at, memory) == cudaSuccess;
    cudaGetLastError();
    return known ? at.type : cudaMemoryTypeManaged;
  }

  static int said(cudaError_t code, const char* what) { return code == cudaSuccess ? 0 : cuda_error(code, what); }
};

AIT_NAMESPACE_END
