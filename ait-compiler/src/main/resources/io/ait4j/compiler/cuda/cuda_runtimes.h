// The memory and the stream of one run on a GPU, kept for the next.
#pragma once
#include "cuda_machine.h"
#include "failure.h"
#include "generation.h"
#include "host_memory.h"
#include "shapes.h"

AIT_NAMESPACE_BEGIN

// A recorded run: replayed for the same tensors.
struct RecordedRun {
  cudaGraphExec_t graph;
  void** pointers; // of inputs and outputs, then the arena
  int64_t generation; // of constants
  int64_t* symbols;
  int64_t sights;  // how often these tensors came, before and after it was recorded
  int64_t used;    // when they came last, counted in runs
};

struct Runtime {
  static constexpr int RECORDS = 4;
  static constexpr int MOST_HELD = 4;

  Runtime* next;
  int device;
  Memory memory;
  Shapes shapes;
  Area arena;
  Area staging; // on the device: host tensors, and those of other strides
  char* pinned; // the same for what goes to the host and comes from it
  int64_t pinned_bytes;
  BorderTensor* tensors; // inputs, then outputs
  void** pointers;       // the same, as the program sees them, and the arena
  cudaStream_t stream;   // for callers without one
  cudaEvent_t done;      // of the last run that used the memory
  cudaStream_t last;     // where that is
  bool used;
  bool passed;           // whether that was over when this was taken
  Generation* held[MOST_HELD]; // what runs read that may not be over
  int num_held;
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
  area_release(&r->arena, r->memory, r->device);
  area_release(&r->staging, r->memory, r->device);
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
inline Runtime* runtime_new(const Memory& memory) {
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
  r->memory = memory;
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

// Makes an area at least so large; what it held is lost, and recorded runs with it.
inline bool reserve(Runtime* r, Area* area, int64_t bytes) {
  if (bytes < 0) return false;
  if (area->data && area->bytes >= bytes) return true;
  if (r->used) cudaEventSynchronize(r->done); // what is under way uses it
  records_free(r);
  area_release(area, r->memory, r->device);
  return area_take(area, r->memory, bytes > 0 ? bytes : Machine::ALIGNMENT);
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
