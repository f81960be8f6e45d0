// How a model runs on CPUs: the program on the calling thread, which shares its work through the executor.
#pragma once
#include "runtime.h"
#include "cpu_device.h"
#include "models.h"

AIT_NAMESPACE_BEGIN

// The program, each kernel timed.
inline int run_profiled(const Context& cx, ait4j_kernel_profile* kernels) {
  const size_t count = size_t(model::num_kernels) + 1;
  auto* ends = static_cast<int64_t*>(calloc(count, sizeof(int64_t)));
  auto* work = static_cast<Work*>(calloc(count, sizeof(Work)));
  if (!ends || !work) {
    free(ends), free(work);
    return fail(cx, "out of memory");
  }
  model::work(cx.symbols, work);
  int64_t begin = nanos();
  const int result = model::run_timed(cx, ends);
  for (int64_t i = 0; i < model::num_kernels; begin = ends[i++])
    kernels[i] = {model::kernels[i], ends[i] - begin, work[i].flops, work[i].bytes, work[i].constant_bytes};
  free(ends), free(work);
  return result;
}

// Frees what other runs left, where there is not enough for this one.
inline bool reserve_or_trim(ait4j_model* m, Runtime* r, Area* area, int64_t bytes) {
  if (reserve(r, area, bytes)) return true;
  if (bytes >= 0) trim(m);
  return reserve(r, area, bytes);
}

inline int reserve_arena(ait4j_model* m, Runtime* r, int64_t bytes) {
  if (reserve_or_trim(m, r, &r->arena, bytes)) return 0;
  return bytes < 0 ? error("out of memory: a run of these sizes needs more than 2^62 bytes")
                   : error("out of memory: a run of these sizes needs %lld bytes", (long long)bytes);
}

inline int reserve_largest(ait4j_model* m, Runtime* r) { return reserve_arena(m, r, model::arena_bytes(m->largest.symbols)); }

inline int run_with(ait4j_model* m, Runtime* r, const Generation& g, const Call& call) {
  const Running running;
  if (infer(&r->shapes, call.symbols, call.inputs)) return 1;
  int64_t staging = admit_all(r, call.inputs, call.outputs);
  if (staging < 0) return 1;
  if (staging > 0 && !reserve_or_trim(m, r, &r->staging, staging))
    return error("out of memory: %lld bytes to change strides", (long long)staging);
  if (reserve_arena(m, r, model::arena_bytes(r->shapes.symbols))) return 1;
  int64_t copied = 0;
  for (int64_t i = 0; i < model::num_inputs + model::num_outputs; i++) {
    BorderTensor& b = r->tensors[i];
    r->pointers[i] = b.staged_offset < 0 ? b.data : r->staging.data + b.staged_offset;
    if (i < model::num_inputs && b.staged_offset >= 0) copied += stage_in(b, r->staging.data + b.staged_offset);
  }
  Failure failure;
  const int64_t shortages_before = shortages.load();
  const Context cx{r->shapes.symbols, g.executor, r->arena.data, g.constants, r->pointers, r->pointers + model::num_inputs,
                   failure};
  int result = call.kernels ? run_profiled(cx, call.kernels) : model::run(cx);
  if (outcome(failure, result, shortages_before)) return 1;
  for (int64_t i = model::num_inputs; i < model::num_inputs + model::num_outputs; i++) {
    const BorderTensor& b = r->tensors[i];
    if (b.staged_offset >= 0) copied += stage_out(b, r->staging.data + b.staged_offset);
  }
  if (copied) m->border_bytes.fetch_add(copied, std::memory_order_relaxed);
  return 0;
}

inline int run(ait4j_model* m, const Call& call) {
  if (check_count("input", model::num_inputs, call.num_inputs, call.inputs)) return AIT4J_REFUSED;
  if (check_count("output", model::num_outputs, call.num_outputs, call.outputs)) return AIT4J_REFUSED;
  Turn turn;
  if (begin_run(m, [](Runtime*) { return true; }, &turn)) return AIT4J_REFUSED;
  const int result = run_with(m, turn.runtime, *turn.generation, call);
  end_run(m, turn);
  return result ? AIT4J_REFUSED : 0;
}

// Runs read the memory that was given, except what is staged in the place of the library's own, which clients do not keep.
inline int take_value(ait4j_model* m, const ait4j_constant& given, bool staged, void*, Value* value) {
  static char nothing[16]; // an empty constant is set, too
  value->host = given.data ? given.data : nothing;
  if (!staged || !bound_constant(given.index) || given.bytes == 0) return 0;
  value->host_block = block_new(m->settings.memory, 0, false, given.bytes);
  if (!value->host_block) return error("out of memory: %lld bytes of a constant", (long long)given.bytes);
  value->host = memcpy(value->host_block->area.data, given.data, size_t(given.bytes));
  return 0;
}

inline int await_older(ait4j_model* m) {
  MutexLock lock(&m->lock);
  while (m->older) pthread_cond_wait(&m->settled, &m->lock);
  return 0;
}

inline int bring_values(ait4j_model*, Value*) { return 0; }

inline int host_copy(ait4j_model*, const Value&, int64_t, Block**) { return error("a constant is not on the host"); }

inline bool is_at_rest(const Runtime*) { return true; }

inline void await_runtime(ait4j_model*, Runtime*) {}

inline Generation* release_passed(ait4j_model*) { return nullptr; }

inline int no_gpu() { return error("this library is compiled for a CPU"); }

inline int set_device_index(ait4j_model*, int32_t) { return no_gpu(); }

inline int run_on(ait4j_model*, const Call&) { return no_gpu(); }

inline int set_graphs(ait4j_model*, int32_t) { return no_gpu(); }

inline int set_cold_profiles(ait4j_model*, int32_t) { return no_gpu(); }

inline int check(ait4j_model*) { return 0; }

AIT_NAMESPACE_END
