// How a model runs on CPUs: the program on the calling thread, which shares its work through the executor.
#pragma once
#include "runtime.h"
#include "container.h"

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

// `kernels` is null, or gets their profile.
inline int run_with(ait4j_model* m, Runtime* r, const int64_t* symbols, const ait4j_tensor* inputs,
                    const ait4j_tensor* outputs, ait4j_kernel_profile* kernels) {
  if (infer(&r->shapes, symbols, inputs)) return 1;
  int64_t staging = admit_all(r, inputs, outputs);
  if (staging < 0) return 1;
  if (!reserve(&r->staging, &r->staging_bytes, staging))
    return error("out of memory: %lld bytes to change strides", (long long)staging);
  int64_t arena = model::arena_bytes(r->shapes.symbols);
  if (!reserve(&r->arena, &r->arena_bytes, arena))
    return arena < 0 ? error("out of memory: a run of these sizes needs more than 2^62 bytes")
                     : error("out of memory: a run of these sizes needs %lld bytes", (long long)arena);
  int64_t copied = 0;
  for (int64_t i = 0; i < model::num_inputs + model::num_outputs; i++) {
    BorderTensor& b = r->tensors[i];
    r->pointers[i] = b.staged_offset < 0 ? b.data : r->staging + b.staged_offset;
    if (i < model::num_inputs && b.staged_offset >= 0) copied += stage_in(b, r->staging + b.staged_offset);
  }
  Failure failure;
  const Context cx{r->shapes.symbols, m->executor, r->arena, m->constants, r->pointers, r->pointers + model::num_inputs, failure};
  int result = kernels ? run_profiled(cx, kernels) : model::run(cx);
  if (outcome(failure, result)) return 1;
  for (int64_t i = model::num_inputs; i < model::num_inputs + model::num_outputs; i++) {
    const BorderTensor& b = r->tensors[i];
    if (b.staged_offset >= 0) copied += stage_out(b, r->staging + b.staged_offset);
  }
  if (copied) m->border_bytes.fetch_add(copied, std::memory_order_relaxed);
  return 0;
}

inline int run(ait4j_model* m, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
               const ait4j_tensor* outputs, int64_t num_outputs, ait4j_kernel_profile* kernels = nullptr) {
  if (check_count("input", model::num_inputs, num_inputs, inputs)) return 1;
  if (check_count("output", model::num_outputs, num_outputs, outputs)) return 1;
  SharedLock lock(m);
  for (int64_t i = 0; i < model::num_constants; i++)
    if (!m->constants[i] && model::constants[i].role != ConstantRole::RawFoldOnly)
      return missing_constant(model::constants[i]);
  Runtime* r = runtime_take(&m->runtimes, [](Runtime*) { return true; });
  if (!r) return error("out of memory");
  int result = run_with(m, r, symbols, inputs, outputs, kernels);
  runtime_give(&m->runtimes, r);
  return result;
}

inline int no_gpu() { return error("this library is compiled for a CPU"); }

inline int set_device_index(ait4j_model*, int32_t) { return no_gpu(); }

inline int run_on(ait4j_model*, const int64_t*, const ait4j_tensor*, int64_t, const ait4j_tensor*, int64_t, void*) {
  return no_gpu();
}

inline int set_graphs(ait4j_model*, int32_t) { return no_gpu(); }

inline int set_cold_profiles(ait4j_model*, int32_t) { return no_gpu(); }

inline int check(ait4j_model*) { return 0; }

AIT_NAMESPACE_END
