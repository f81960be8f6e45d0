// How host code of a program starts its kernels: device code lies in the library as fatbins, from which kernels are looked up
// by name at their first launch. Errors of a launch are kept in the context, and told once the run is queued.
#pragma once
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <cuda.h>
#include <cuda_runtime_api.h>
#include "model.h"

AIT_NAMESPACE_BEGIN

extern const char* const device_images[]; // the last is null

// What each kernel gets first; on the device it is called ait::Context.
struct DeviceContext {
  void* failure; // memory of the host that the device sees
};

// The first error of a run's launches.
struct LaunchError {
  cudaError_t code = cudaSuccess;
  const char* kernel = "";
  char text[300] = ""; // instead of CUDA's own, if there is one
};

namespace cuda {
// Of one run, on the current device.
struct Context {
  const int64_t* symbols;
  cudaStream_t stream;
  char* arena; // on the device, as all that follows
  void* const* constants;
  void* const* inputs;
  void* const* outputs;
  void* failure;
  int sms;          // multiprocessors
  int capability;   // compute capability times ten
  int shared_limit; // bytes of shared memory that a block can have
  LaunchError* error;
};

inline void failed(const Context& cx, cudaError_t code, const char* kernel) {
  if (cx.error->code == cudaSuccess) *cx.error = {code, kernel};
}
}

// Every kernel of the library's device code, loaded once for all models of the process.
struct DeviceKernels {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  cudaKernel_t* kernels = nullptr;
  const char** names = nullptr;
  unsigned count = 0;
  bool loaded = false;
};
inline DeviceKernels device_kernels;

inline cudaError_t add_device_image(DeviceKernels& all, const char* image) {
  cudaLibrary_t library;
  cudaError_t code = cudaLibraryLoadData(&library, image, nullptr, nullptr, 0, nullptr, nullptr, 0);
  unsigned more = 0;
  if (code == cudaSuccess) code = cudaLibraryGetKernelCount(&more, library);
  if (code != cudaSuccess) return code;
  const size_t count = all.count + more + 1;
  auto* kernels = static_cast<cudaKernel_t*>(realloc(all.kernels, count * sizeof(cudaKernel_t)));
  if (kernels) all.kernels = kernels;
  auto* names = static_cast<const char**>(realloc(all.names, count * sizeof(const char*)));
  if (names) all.names = names;
  if (!kernels || !names) return cudaErrorMemoryAllocation;
  code = cudaLibraryEnumerateKernels(all.kernels + all.count, more, library);
  for (unsigned i = all.count; i < all.count + more && code == cudaSuccess; i++)
    code = cudaFuncGetName(&all.names[i], reinterpret_cast<const void*>(all.kernels[i]));
  if (code == cudaSuccess) all.count += more;
  return code;
}

struct DeviceKernel {
  const char* name;
  std::atomic<cudaKernel_t> handle{nullptr};
  std::atomic<unsigned> shared{48u << 10}; // bytes a block may have so far

  cudaError_t find(cudaKernel_t* kernel) {
    *kernel = handle.load(std::memory_order_acquire);
    if (*kernel) return cudaSuccess;
    DeviceKernels& all = device_kernels;
    pthread_mutex_lock(&all.lock);
    cudaError_t code = cudaSuccess;
    for (int i = 0; !all.loaded && code == cudaSuccess && device_images[i]; i++) code = add_device_image(all, device_images[i]);
    if (code == cudaSuccess) {
      all.loaded = true;
      code = cudaErrorSymbolNotFound;
      for (unsigned i = 0; i < all.count && code != cudaSuccess; i++) {
        if (strcmp(all.names[i], name) != 0) continue;
        *kernel = all.kernels[i];
        handle.store(*kernel, std::memory_order_release);
        code = cudaSuccess;
      }
    } else {
      all.count = 0; // begin anew the next time
    }
    pthread_mutex_unlock(&all.lock);
    return code;
  }
};

struct Launch {
  unsigned x = 1, y = 1, z = 1; // blocks
  unsigned threads = 256;       // of a block
  unsigned shared = 0;          // bytes of a block, beside static ones
  unsigned cluster = 1;         // blocks of a cluster, along x
  bool overlap = true;          // may begin while the kernel before is ending: it waits by griddepcontrol.wait
};

inline void launch_raw(const cuda::Context& cx, DeviceKernel& kernel, const Launch& how, void** arguments) {
  if (how.x == 0 || how.y == 0 || how.z == 0 || cx.error->code != cudaSuccess) return;
  cudaKernel_t handle;
  cudaError_t code = kernel.find(&handle);
  if (code == cudaSuccess && how.shared > kernel.shared.load(std::memory_order_relaxed)) {
    int device = 0;
    cudaGetDevice(&device);
    code = cudaKernelSetAttributeForDevice(handle, cudaFuncAttributeMaxDynamicSharedMemorySize, int(how.shared), device);
    if (code == cudaSuccess) kernel.shared.store(how.shared, std::memory_order_relaxed);
  }
  if (code == cudaSuccess) {
    cudaLaunchAttribute attributes[2];
    cudaLaunchConfig_t config = {};
    config.gridDim = {how.x, how.y, how.z};
    config.blockDim = {how.threads, 1, 1};
    config.dynamicSmemBytes = how.shared;
    config.stream = cx.stream;
    config.attrs = attributes;
    if (how.cluster > 1) {
      cudaLaunchAttribute& a = attributes[config.numAttrs++];
      a.id = cudaLaunchAttributeClusterDimension;
      a.val.clusterDim.x = how.cluster;
      a.val.clusterDim.y = a.val.clusterDim.z = 1;
    }
    if (how.overlap && cx.capability >= 90) {
      cudaLaunchAttribute& a = attributes[config.numAttrs++];
      a.id = cudaLaunchAttributeProgrammaticStreamSerialization;
      a.val.programmaticStreamSerializationAllowed = 1;
    }
    code = cudaLaunchKernelExC(&config, reinterpret_cast<const void*>(handle), arguments);
  }
  if (code != cudaSuccess) cuda::failed(cx, code, kernel.name);
}

// The arguments are exactly the kernel's after its context; they are copied before this returns.
template <class... A>
inline void launch(const cuda::Context& cx, DeviceKernel& kernel, const Launch& how, const A&... arguments) {
  DeviceContext device{cx.failure};
  void* pointers[] = {&device, const_cast<void*>(static_cast<const void*>(&arguments))...};
  launch_raw(cx, kernel, how, pointers);
}

AIT_NAMESPACE_END

// The generated part.
namespace ait::cuda::model {
int run(const Context& cx, void (*done)(void* user), void* user); // `done` after each kernel, if it is not null
}
