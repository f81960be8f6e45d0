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

  struct Scope : DeviceScope {
    using DeviceScope::DeviceScope;
    int failed() const { return code == cudaSuccess ? 0 : cuda_error(code, "using the GPU"); }
  };

  // On the current device; null when there is no memory.
  static char* allocate(int64_t bytes) {
    void* base = nullptr;
    const cudaError_t code = cudaMalloc(&base, size_t(bytes > 0 ? bytes : ALIGNMENT));
    cudaGetLastError();
    return code == cudaSuccess ? static_cast<char*>(base) : nullptr;
  }

  static void release(void* base) {
    cudaFree(base); // waits for what is under way
    cudaGetLastError();
  }

  // The last model of the library is gone.
  static void shutdown() { unload_device_kernels(); }

  int index; // of the device
  std::atomic<bool> graphs;        // whether runs are replayed
  std::atomic<bool> cold_profiles; // whether kernels are timed with an empty cache
  bool known;                      // whether the rest is
  int sms, capability, shared_limit;

  void use_current_device() {
    if (cudaGetDevice(&index) != cudaSuccess) index = 0; // the first run tells why
    cudaGetLastError();
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
};

AIT_NAMESPACE_END
