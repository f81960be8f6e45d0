// What a model has on its GPU beside its runtimes: constants, and what the GPU is.
#pragma once
#include "ait4j.h"
#include "cuda_errors.h"
#include "launch.h"

AIT_NAMESPACE_BEGIN

// Makes a device current for a scope.
struct DeviceScope {
  int before = -1;
  cudaError_t code;

  explicit DeviceScope(int device) {
    code = cudaGetDevice(&before);
    if (code == cudaSuccess && before == device) {
      before = -1;
      return;
    }
    if (code == cudaSuccess) code = cudaSetDevice(device);
  }
  ~DeviceScope() {
    if (before >= 0) cudaSetDevice(before);
  }
};

struct Machine {
  static constexpr int32_t DEVICE = AIT4J_CUDA;
  static constexpr int64_t ALIGNMENT = 256;

  // The last model of the library is gone.
  static void shutdown() { unload_device_kernels(); }

  int index;          // of the device
  int graphs;         // whether runs are replayed
  int cold_profiles;  // whether kernels are timed with an empty cache
  bool known;         // whether the next three are
  int sms, capability, shared_limit;
  char* block;        // all constants of runs, one after another
  void** constants;   // on the device; null for those that only folding reads
  bool ready;         // whether they are what the model's are

  void constants_changed() { ready = false; }

  void release() {
    if (block) {
      DeviceScope scope(index);
      cudaFree(block);
      cudaGetLastError();
    }
    free(constants);
    block = nullptr;
    constants = nullptr;
    ready = false;
  }

  // With the device current.
  int learn() {
    if (known) return 0;
    int major = 0, minor = 0;
    cudaError_t code = cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, index);
    if (code == cudaSuccess) code = cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, index);
    if (code == cudaSuccess) code = cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, index);
    if (code == cudaSuccess) code = cudaDeviceGetAttribute(&shared_limit, cudaDevAttrMaxSharedMemoryPerBlockOptin, index);
    if (code != cudaSuccess) return cuda_error(code, "looking at the GPU");
    capability = major * 10 + minor;
    known = true;
    return 0;
  }

  // Brings the constants of runs to the device, which is current. No run is under way.
  int upload(void* const* host) {
    if (ready) return 0;
    int64_t bytes = 0;
    for (int64_t i = 0; i < model::num_constants; i++)
      if (model::constants[i].role != ConstantRole::RawFoldOnly)
        bytes += (model::constants[i].bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + (model::constants[i].bytes == 0 ? ALIGNMENT : 0);
    if (!constants) constants = static_cast<void**>(calloc(size_t(model::num_constants) + 1, sizeof(void*)));
    if (!constants) return error("out of memory");
    if (!block && bytes > 0 && cudaMalloc(reinterpret_cast<void**>(&block), size_t(bytes)) != cudaSuccess) {
      block = nullptr;
      return device_memory_error(bytes, "the model's constants");
    }
    // Runs that only were queued may still read what is about to be overwritten.
    cudaError_t idle = cudaDeviceSynchronize();
    if (idle != cudaSuccess) return cuda_error(idle, "waiting for runs before constants change");
    char* at = block;
    for (int64_t i = 0; i < model::num_constants; i++) {
      const ConstantSpec& spec = model::constants[i];
      if (spec.role == ConstantRole::RawFoldOnly) continue;
      if (spec.bytes > 0) {
        cudaError_t code = cudaMemcpy(at, host[i], size_t(spec.bytes), cudaMemcpyHostToDevice);
        if (code != cudaSuccess) return cuda_error(code, "bringing constants to the GPU");
      }
      constants[i] = at;
      at += spec.bytes == 0 ? ALIGNMENT : (spec.bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    // A copy from pageable memory may end on the device after it has ended here.
    idle = cudaDeviceSynchronize();
    if (idle != cudaSuccess) return cuda_error(idle, "bringing constants to the GPU");
    ready = true;
    return 0;
  }
};

AIT_NAMESPACE_END
