// Times each kernel of a run on a GPU.
#pragma once
#include "cuda_errors.h"
#include "launch.h"

AIT_NAMESPACE_BEGIN

inline int queue_error(const LaunchError& e) {
  if (e.code == cudaSuccess) return 0;
  if (e.text[0]) return error("%s", e.text);
  char what[200];
  snprintf(what, sizeof what, "launching %s", e.kernel);
  return cuda_error(e.code, what);
}

// Events on both sides of each kernel, and memory to write in between where the cache is to be empty.
struct KernelTimes {
  cudaEvent_t* events = nullptr; // two for each kernel
  int64_t count;
  int64_t done = 0;
  cudaStream_t stream;
  char* flush = nullptr;
  size_t flush_bytes = 0;

  KernelTimes(int64_t kernels, cudaStream_t stream) : count(kernels), stream(stream) {}
  KernelTimes(const KernelTimes&) = delete;

  ~KernelTimes() {
    for (int64_t i = 0; events && i < 2 * count; i++)
      if (events[i]) cudaEventDestroy(events[i]);
    free(events);
    if (flush) cudaFree(flush);
  }

  cudaError_t prepare(bool cold) {
    events = static_cast<cudaEvent_t*>(calloc(size_t(2 * count) + 1, sizeof(cudaEvent_t)));
    if (!events) return cudaErrorMemoryAllocation;
    for (int64_t i = 0; i < 2 * count; i++) {
      cudaError_t code = cudaEventCreate(&events[i]);
      if (code != cudaSuccess) return code;
    }
    if (!cold) return cudaSuccess;
    int device = 0, bytes = 0;
    cudaError_t code = cudaGetDevice(&device);
    if (code == cudaSuccess) code = cudaDeviceGetAttribute(&bytes, cudaDevAttrL2CacheSize, device);
    flush_bytes = size_t(bytes) * 2;
    return code == cudaSuccess && bytes > 0 ? cudaMalloc(reinterpret_cast<void**>(&flush), flush_bytes) : code;
  }

  // Writing takes longer than the host needs to queue the next kernel, which therefore waits for nothing.
  void begin() {
    if (flush) cudaMemsetAsync(flush, int(done & 1), flush_bytes, stream);
    if (done < count) cudaEventRecord(events[2 * done], stream);
  }

  void end() {
    cudaEventRecord(events[2 * done + 1], stream);
    done++;
    begin();
  }
};

inline void note_kernel(void* user) { static_cast<KernelTimes*>(user)->end(); }

// Waits for the run.
inline int run_profiled(const cuda::Context& cx, ait4j_kernel_profile* kernels, bool cold) {
  auto* work = static_cast<Work*>(calloc(size_t(model::num_kernels) + 1, sizeof(Work)));
  if (!work) return error("out of memory");
  KernelTimes times(model::num_kernels, cx.stream);
  cudaError_t code = times.prepare(cold);
  if (code == cudaSuccess) {
    model::work(cx.symbols, work);
    times.begin();
    cuda::model::run(cx, note_kernel, &times);
    code = cudaStreamSynchronize(cx.stream);
  }
  for (int64_t i = 0; i < times.done && code == cudaSuccess; i++) {
    float millis = 0;
    code = cudaEventElapsedTime(&millis, times.events[2 * i], times.events[2 * i + 1]);
    kernels[i] = {model::kernels[i], int64_t(double(millis) * 1e6), work[i].flops, work[i].bytes, work[i].constant_bytes};
  }
  free(work);
  if (queue_error(*cx.error)) return 1;
  return code == cudaSuccess ? 0 : cuda_error(code, "timing kernels");
}

AIT_NAMESPACE_END
