// A GPU's copies of constants, and which of them its runs may still read.
#pragma once
#include "cuda_runtimes.h"
#include "constants.h"

AIT_NAMESPACE_BEGIN

// A stream of its own, so that no run waits for a copy nor a copy for runs.
struct CopyStream {
  cudaStream_t stream = nullptr;
  cudaError_t code;

  CopyStream() { code = cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking); }
  CopyStream(const CopyStream&) = delete;
  ~CopyStream() {
    if (stream) cudaStreamDestroy(stream);
  }

  void copy(void* to, const void* from, int64_t bytes) {
    if (code == cudaSuccess && bytes > 0) code = cudaMemcpyAsync(to, from, size_t(bytes), cudaMemcpyDefault, stream);
  }

  cudaError_t finish() {
    const cudaError_t done = stream ? cudaStreamSynchronize(stream) : code;
    return code == cudaSuccess ? done : code;
  }
};

inline int64_t device_bytes(const ConstantSpec& spec) {
  return spec.bytes > 0 ? round_up(spec.bytes, Machine::ALIGNMENT) : Machine::ALIGNMENT;
}

// Memory of another GPU than the model's, which kernels would fail on.
inline int refuse_elsewhere(const void* memory, int device, const char* what) {
  cudaPointerAttributes at = {};
  const bool known = memory && cudaPointerGetAttributes(&at, memory) == cudaSuccess;
  cudaGetLastError();
  if (!known || at.type != cudaMemoryTypeDevice || at.device == device) return 0;
  return error("%s is on GPU %d, the model on GPU %d", what, at.device, device);
}

// Copies memory of the device, in the order of the stream or, without one, after all that is under way.
inline int copy_value(ait4j_model* m, const ait4j_constant& given, cudaStream_t stream, Value* value) {
  const Machine::Scope scope(m->machine.index);
  if (scope.failed() || m->machine.learn()) return 1; // from here on it stays on this device
  value->device_block = block_new(m->settings.memory, m->machine.index, false, given.bytes);
  if (!value->device_block) return device_memory_error(given.bytes, "a constant");
  value->device = value->device_block->area.data;
  cudaError_t code = stream ? cudaSuccess : cudaDeviceSynchronize();
  if (code == cudaSuccess) code = cudaMemcpyAsync(value->device, given.data, size_t(given.bytes), cudaMemcpyDefault, stream);
  if (code == cudaSuccess) code = cudaStreamSynchronize(stream);
  return code == cudaSuccess ? 0 : cuda_error(code, "copying a constant");
}

// Kept as it is, unless it is on the device and not where kernels can read it, or staged in the place of the library's own, which
// clients do not keep.
inline int take_value(ait4j_model* m, const ait4j_constant& given, bool staged, void* stream, Value* value) {
  static char nothing[16]; // an empty constant is set, too
  if (given.bytes == 0) {
    value->host = nothing;
  } else if (given.device == AIT4J_HOST) {
    value->host = given.data;
  } else {
    if (refuse_elsewhere(given.data, m->machine.index, "a constant")) return 1;
    const bool aligned = reinterpret_cast<uintptr_t>(given.data) % Machine::ALIGNMENT == 0;
    const bool kept = !(staged && bound_constant(given.index)) && (aligned || !is_read_by_runs(model::constants[given.index]));
    if (!kept) return copy_value(m, given, static_cast<cudaStream_t>(stream), value);
    value->device = given.data;
  }
  return 0;
}

// Into one block; what is there already stays.
inline int bring_values(ait4j_model* m, Value* values) {
  const auto lacks = [&](int64_t i) { return is_read_by_runs(model::constants[i]) && values[i].host && !values[i].device; };
  const Machine::Scope scope(m->machine.index);
  if (scope.failed() || m->machine.learn()) return 1;
  int64_t bytes = 0;
  for (int64_t i = 0; i < model::num_constants; i++)
    if (lacks(i)) bytes += device_bytes(model::constants[i]);
  if (bytes == 0) return 0;
  Block* block = block_new(m->settings.memory, m->machine.index, false, bytes);
  if (!block) return device_memory_error(bytes, "the model's constants");
  CopyStream copies;
  char* at = block->area.data;
  for (int64_t i = 0; i < model::num_constants; i++) {
    if (!lacks(i)) continue;
    copies.copy(at, values[i].host, model::constants[i].bytes);
    at += device_bytes(model::constants[i]);
  }
  const cudaError_t code = copies.finish();
  at = block->area.data;
  for (int64_t i = 0; i < model::num_constants && code == cudaSuccess; i++) {
    if (!lacks(i)) continue;
    Value& value = values[i];
    value.device = at;
    value.device_block = block_share(block);
    at += device_bytes(model::constants[i]);
    if (!value.host_block) continue;
    block_drop(value.host_block); // the host needs it no more
    value.host = value.host_block = nullptr;
  }
  block_drop(block);
  return code == cudaSuccess ? 0 : cuda_error(code, "bringing constants to the GPU");
}

inline int host_copy(ait4j_model* m, const Value& value, int64_t bytes, Block** copy) {
  const Machine::Scope scope(m->machine.index);
  if (scope.failed()) return 1;
  *copy = block_new(m->settings.memory, m->machine.index, true, bytes);
  if (!*copy) return error("out of memory: %lld bytes of a constant", (long long)bytes);
  const cudaError_t idle = cudaDeviceSynchronize(); // what writes it may be under way
  if (idle != cudaSuccess) return cuda_error(idle, "waiting for a constant");
  CopyStream copies;
  copies.copy((*copy)->area.data, value.device, bytes);
  const cudaError_t code = copies.finish();
  return code == cudaSuccess ? 0 : cuda_error(code, "bringing a constant to the host");
}

inline void add_gone(Generation** list, Generation* gone) {
  if (!gone) return;
  gone->older = *list;
  *list = gone;
}

// What the runtime queued is done. With the lock held; the list is the caller's to free.
inline Generation* held_release(ait4j_model* m, Runtime* r) {
  Generation* gone = nullptr;
  while (r->num_held > 0) add_gone(&gone, generation_left(m, r->held[--r->num_held]));
  return gone;
}

inline bool has_passed(const Runtime* r) {
  if (!r->used) return true;
  const cudaError_t code = cudaEventQuery(r->done);
  if (code != cudaSuccess) cudaGetLastError(); // not ready is no error
  return code != cudaErrorNotReady; // nothing comes of work after an error
}

inline bool is_at_rest(const Runtime* r) { return has_passed(r) && r->failure->set == 0; }

inline Generation* release_passed(ait4j_model* m) {
  Generation* all = nullptr;
  for (Runtime* r = m->runtimes.idle; r; r = r->next) {
    if (r->num_held == 0 || !has_passed(r)) continue;
    for (Generation *gone = held_release(m, r), *next; gone; gone = next) {
      next = gone->older;
      add_gone(&all, gone);
    }
  }
  return all;
}

inline void await_runtime(ait4j_model* m, Runtime* r) {
  if (r->used) cudaEventSynchronize(r->done);
  cudaGetLastError();
  pthread_mutex_lock(&m->lock);
  Generation* gone = held_release(m, r);
  pthread_mutex_unlock(&m->lock);
  generations_free(gone);
}

// Looks again and again: whoever took a runtime to wait for it would hide its failures from check().
inline int await_older(ait4j_model* m) {
  for (;;) {
    pthread_mutex_lock(&m->lock);
    Generation* passed = release_passed(m);
    const bool settled = !m->older;
    pthread_mutex_unlock(&m->lock);
    generations_free(passed);
    if (settled) break;
    const timespec nap{0, 50000};
    nanosleep(&nap, nullptr);
  }
  const cudaError_t code = cudaPeekAtLastError();
  return is_sticky(code) ? cuda_error(code, "waiting for runs") : 0;
}

// As end_run(); `over` says whether the host has waited for the run.
inline void end_queued(ait4j_model* m, const Turn& turn, bool over) {
  Runtime* r = turn.runtime;
  pthread_mutex_lock(&m->lock);
  Generation* gone = over ? held_release(m, r) : nullptr;
  bool held = false;
  for (int i = 0; i < r->num_held; i++) held |= r->held[i] == turn.generation;
  if (over || held) add_gone(&gone, generation_left(m, turn.generation));
  else r->held[r->num_held++] = turn.generation;
  runtime_give(&m->runtimes, r);
  Generation* passed = m->older ? release_passed(m) : nullptr;
  pthread_mutex_unlock(&m->lock);
  generations_free(gone);
  generations_free(passed);
}

AIT_NAMESPACE_END
