// The memory and the stream of one run on a GPU, kept for the next.
#pragma once
#include "cuda_machine.h"
#include "failure.h"
#include "host_memory.h"
#include "shapes.h"

AIT_NAMESPACE_BEGIN

// A recorded run: replayed for the same tensors.
struct RecordedRun {
  cudaGraphExec_t graph;
  void** pointers; // of inputs and outputs, then the arena
  int64_t* symbols;
  int64_t sights;  // how often these tensors came, before and after it was recorded
  int64_t used;    // when they came last, counted in runs
};

struct Runtime {
  static constexpr int RECORDS = 4;

  Runtime* next;
  int device;
  Shapes shapes;
  char* arena; // on the device
  int64_t arena_bytes;
  char* staging; // on the device: host tensors, and those of other strides
  int64_t staging_bytes;
  char* pinned; // the same for what goes to the host and comes from it
  int64_t pinned_bytes;
  BorderTensor* tensors; // inputs, then outputs
  void** pointers;       // the same, as the program sees them, and the arena
  cudaStream_t stream;   // for callers without one
  cudaEvent_t done;      // of the last run that used the memory
  cudaStream_t last;     // where that is
  bool used;
  DeviceFailure* failure; // pinned
  void* device_failure;
  RecordedRun records[RECORDS];
  int64_t replays;
};

inline void records_free(Runtime* r) {
  for (RecordedRun& record : r->records) {
    if (record.graph) cudaGraphExecDestroy(record.graph);
    free(record.pointers);
    free(record.symbols);
    record = {};
  }
}

inline void runtime_free(Runtime* r) {
  if (!r) return;
  DeviceScope scope(r->device);
  if (r->used) cudaEventSynchronize(r->done);
  records_free(r);
  if (r->arena) cudaFree(r->arena);
  if (r->staging) cudaFree(r->staging);
  if (r->pinned) cudaFreeHost(r->pinned);
  if (r->failure) cudaFreeHost(r->failure);
  if (r->done) cudaEventDestroy(r->done);
  if (r->stream) cudaStreamDestroy(r->stream);
  r->shapes.release();
  free(r->tensors);
  free(r->pointers);
  free(r);
  cudaGetLastError();
}

// On the current device. Null, with the error set, where it cannot be.
inline Runtime* runtime_new() {
  auto* r = static_cast<Runtime*>(calloc(1, sizeof(Runtime)));
  size_t tensors = size_t(model::num_inputs + model::num_outputs) + 2;
  if (r) {
    r->tensors = static_cast<BorderTensor*>(calloc(tensors, sizeof(BorderTensor)));
    r->pointers = static_cast<void**>(calloc(tensors, sizeof(void*)));
  }
  if (!r || !r->tensors || !r->pointers || !r->shapes.allocate()) {
    runtime_free(r);
    error("out of memory");
    return nullptr;
  }
  cudaError_t code = cudaGetDevice(&r->device);
  if (code == cudaSuccess) code = cudaStreamCreateWithFlags(&r->stream, cudaStreamNonBlocking);
  if (code == cudaSuccess) code = cudaEventCreateWithFlags(&r->done, cudaEventDisableTiming);
  if (code == cudaSuccess) {
    code = cudaHostAlloc(reinterpret_cast<void**>(&r->failure), sizeof(DeviceFailure), cudaHostAllocMapped);
    if (code == cudaSuccess) memset(r->failure, 0, sizeof(DeviceFailure));
  }
  if (code == cudaSuccess) code = cudaHostGetDevicePointer(&r->device_failure, r->failure, 0);
  if (code != cudaSuccess) {
    cuda_error(code, "preparing a run");
    runtime_free(r);
    return nullptr;
  }
  return r;
}

// Makes a block of device memory at least so large; what it held is lost, and recorded runs with it.
inline int reserve_device(Runtime* r, char** block, int64_t* size, int64_t bytes, const char* what) {
  if (bytes < 0) return error("out of memory on the GPU: %s needs more than 2^62 bytes", what);
  if (bytes == 0) bytes = 256;
  if (*block && *size >= bytes) return 0;
  records_free(r);
  if (*block) cudaFree(*block); // waits for what is under way
  *block = nullptr;
  *size = 0;
  if (cudaMalloc(reinterpret_cast<void**>(block), size_t(bytes)) != cudaSuccess) {
    *block = nullptr;
    return device_memory_error(bytes, what);
  }
  *size = bytes;
  return 0;
}

inline int reserve_pinned(Runtime* r, int64_t bytes) {
  if (r->pinned && r->pinned_bytes >= bytes) return 0;
  if (r->pinned) cudaFreeHost(r->pinned);
  r->pinned = nullptr;
  r->pinned_bytes = 0;
  cudaError_t code = cudaMallocHost(reinterpret_cast<void**>(&r->pinned), size_t(bytes));
  if (code != cudaSuccess) {
    r->pinned = nullptr;
    return cuda_error(code, "reserving pinned memory for the host's tensors");
  }
  r->pinned_bytes = bytes;
  return 0;
}

AIT_NAMESPACE_END
