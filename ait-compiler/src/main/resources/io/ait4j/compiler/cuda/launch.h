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
  int device;       // its number
  int sms;          // multiprocessors
  int capability;   // compute capability times ten
  int shared_limit; // bytes of shared memory that a block can have
  LaunchError* error;
};

inline void failed(const Context& cx, cudaError_t code, const char* kernel) {
  if (cx.error->code == cudaSuccess) *cx.error = {code, kernel};
}
}

// Every kernel of the library's device code, loaded once for all of its models and unloaded with the last.
struct DeviceKernels {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  cudaLibrary_t* libraries = nullptr; // as many as there are images
  cudaKernel_t* kernels = nullptr;
  const char** names = nullptr;
  int images = 0;
  unsigned count = 0;
  bool loaded = false;
  std::atomic<unsigned> generation{1}; // of the handles that kernels keep
};
inline DeviceKernels device_kernels;

// With the lock held.
inline void drop_device_kernels() {
  DeviceKernels& all = device_kernels;
  while (all.images > 0) cudaLibraryUnload(all.libraries[--all.images]);
  cudaGetLastError();
  free(all.libraries), free(all.kernels), free(all.names);
  all.libraries = nullptr, all.kernels = nullptr, all.names = nullptr;
  all.count = 0;
  all.loaded = false;
  all.generation++;
}

inline void unload_device_kernels() {
  pthread_mutex_lock(&device_kernels.lock);
  if (device_kernels.libraries) drop_device_kernels();
  pthread_mutex_unlock(&device_kernels.lock);
}

inline cudaError_t add_device_image(DeviceKernels& all, const char* image) {
  auto* libraries = static_cast<cudaLibrary_t*>(realloc(all.libraries, size_t(all.images + 1) * sizeof(cudaLibrary_t)));
  if (!libraries) return cudaErrorMemoryAllocation;
  all.libraries = libraries;
  cudaLibrary_t& library = libraries[all.images];
  cudaError_t code = cudaLibraryLoadData(&library, image, nullptr, nullptr, 0, nullptr, nullptr, 0);
  if (code != cudaSuccess) return code;
  all.images++;
  unsigned more = 0;
  code = cudaLibraryGetKernelCount(&more, library);
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

// With the lock held.
inline cudaError_t load_device_kernels() {
  DeviceKernels& all = device_kernels;
  if (all.loaded) return cudaSuccess;
  for (int i = 0; device_images[i]; i++) {
    cudaError_t code = add_device_image(all, device_images[i]);
    if (code != cudaSuccess) {
      drop_device_kernels();
      return code;
    }
  }
  all.loaded = true;
  return cudaSuccess;
}

struct DeviceKernel {
  static constexpr int DEVICES = 16; // beyond these, the next is asked each time

  const char* name;
  std::atomic<unsigned> generation{0}; // of what follows
  cudaKernel_t handle = nullptr;
  unsigned own = 0;                   // bytes of shared memory that it declares itself
  bool waits = false;                 // whether the code itself waits for the kernel in front
  std::atomic<unsigned> shared[DEVICES] = {}; // bytes a block may have so far, on each device; 0: as at first

  cudaError_t find() {
    if (generation.load(std::memory_order_acquire) == device_kernels.generation.load(std::memory_order_relaxed)) return cudaSuccess;
    DeviceKernels& all = device_kernels;
    pthread_mutex_lock(&all.lock);
    cudaError_t code = load_device_kernels();
    if (code == cudaSuccess) {
      code = cudaErrorSymbolNotFound;
      for (unsigned i = 0; i < all.count && code != cudaSuccess; i++) {
        if (strcmp(all.names[i], name) != 0) continue;
        cudaFuncAttributes about;
        code = cudaFuncGetAttributes(&about, reinterpret_cast<const void*>(all.kernels[i]));
        if (code != cudaSuccess) break;
        handle = all.kernels[i];
        own = unsigned(about.sharedSizeBytes);
        waits = about.ptxVersion >= 90; // older code lacks griddepcontrol.wait
        for (auto& each : shared) each.store(0, std::memory_order_relaxed);
        generation.store(all.generation.load(std::memory_order_relaxed), std::memory_order_release);
      }
    }
    pthread_mutex_unlock(&all.lock);
    return code;
  }

  // Lets a block have so much shared memory on a device.
  cudaError_t allow(unsigned bytes, int device) {
    if (bytes + own <= 48u << 10 || (device < DEVICES && bytes <= shared[device].load(std::memory_order_relaxed))) return cudaSuccess;
    pthread_mutex_lock(&device_kernels.lock);
    cudaError_t code = cudaSuccess;
    if (device >= DEVICES || bytes > shared[device].load(std::memory_order_relaxed)) {
      code = cudaKernelSetAttributeForDevice(handle, cudaFuncAttributeMaxDynamicSharedMemorySize, int(bytes), device);
      if (code == cudaSuccess && device < DEVICES) shared[device].store(bytes, std::memory_order_relaxed);
    }
    pthread_mutex_unlock(&device_kernels.lock);
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
  cudaError_t code = kernel.find();
  if (code == cudaSuccess) code = kernel.allow(how.shared, cx.device);
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
    if (how.overlap && cx.capability >= 90 && kernel.waits) {
      cudaLaunchAttribute& a = attributes[config.numAttrs++];
      a.id = cudaLaunchAttributeProgrammaticStreamSerialization;
      a.val.programmaticStreamSerializationAllowed = 1;
    }
    code = cudaLaunchKernelExC(&config, reinterpret_cast<const void*>(kernel.handle), arguments);
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
