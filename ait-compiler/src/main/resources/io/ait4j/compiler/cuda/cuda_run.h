// How a model runs on a GPU: its launches queued on a stream, or replayed from a graph of them.
#pragma once
#include "cuda_runtimes.h"
#include "container.h"
#include "kernel_times.h"
#include "strided_copy.h"

AIT_NAMESPACE_BEGIN

// Copies elements between tensors of other strides, both on the device, by strided_copy.cuh.
inline void copy_on_device(const cuda::Context& cx, const BorderTensor& b, char* staged, bool in) {
  static DeviceKernel kernel{"ait_copy_strided"};
  const TensorSpec& s = *b.spec;
  StridedCopy copy = {};
  copy.rank = s.rank;
  copy.bytes = int32_t(dtype_bytes(s.dtype));
  copy.count = numel(s.rank, s.sizes);
  if (copy.count == 0) return;
  copy.to = in ? staged : b.data;
  copy.from = in ? b.data : staged;
  for (int32_t d = 0; d < s.rank; d++) {
    copy.sizes[d] = s.sizes[d];
    copy.to_strides[d] = in ? s.strides[d] : b.strides[d];
    copy.from_strides[d] = in ? b.strides[d] : s.strides[d];
  }
  int64_t blocks = (copy.count + 255) / 256;
  launch(cx, kernel, {.x = unsigned(blocks < cx.sms * 16 ? blocks : cx.sms * 16), .threads = 256}, copy);
}

// The reason for which work that is done by now failed, if it did.
inline int failure_of(Runtime* r) {
  if (r->failure->set == 0) return 0;
  char operation[sizeof r->failure->operation];
  memcpy(operation, r->failure->operation, sizeof operation);
  operation[sizeof operation - 1] = 0;
  const int64_t at = r->failure->at, extent = r->failure->extent;
  memset(r->failure, 0, sizeof *r->failure);
  return error("%s: index %lld is out of range: the dimension has size %lld", operation, (long long)at, (long long)extent);
}

inline int64_t pointers_of_run() { return model::num_inputs + model::num_outputs + 1; }

// The record of these tensors, an old one's place if there is none.
inline RecordedRun* record_of(Runtime* r) {
  const size_t pointers = sizeof(void*) * size_t(pointers_of_run()), symbols = sizeof(int64_t) * size_t(model::num_symbols);
  RecordedRun* oldest = &r->records[0];
  r->pointers[pointers_of_run() - 1] = r->arena;
  for (RecordedRun& record : r->records) {
    if (record.pointers && memcmp(record.pointers, r->pointers, pointers) == 0 &&
        (symbols == 0 || memcmp(record.symbols, r->shapes.symbols, symbols) == 0))
      return &record;
    if (record.used < oldest->used) oldest = &record;
  }
  if (!oldest->pointers) oldest->pointers = static_cast<void**>(malloc(pointers));
  if (!oldest->symbols) oldest->symbols = static_cast<int64_t*>(malloc(symbols + 8));
  if (!oldest->pointers || !oldest->symbols) return nullptr;
  memcpy(oldest->pointers, r->pointers, pointers);
  if (symbols) memcpy(oldest->symbols, r->shapes.symbols, symbols);
  oldest->sights = 0; // of these
  return oldest; // its graph, if there is one, is of the same launches and can be changed into this run's
}

// Records the launches of a run: a new graph, or the old one with its kernels' arguments changed.
inline int record_run(const cuda::Context& cx, RecordedRun* record) {
  cudaError_t code = cudaStreamBeginCapture(cx.stream, cudaStreamCaptureModeThreadLocal);
  if (code != cudaSuccess) return cuda_error(code, "recording a run");
  cuda::model::run(cx, nullptr, nullptr);
  cudaGraph_t graph = nullptr;
  code = cudaStreamEndCapture(cx.stream, &graph);
  if (code == cudaSuccess && cx.error->code == cudaSuccess) {
    cudaGraphExecUpdateResultInfo info;
    if (!record->graph || cudaGraphExecUpdate(record->graph, graph, &info) != cudaSuccess) {
      cudaGetLastError();
      if (record->graph) cudaGraphExecDestroy(record->graph);
      record->graph = nullptr;
      code = cudaGraphInstantiate(&record->graph, graph, 0);
    }
  }
  if (graph) cudaGraphDestroy(graph);
  if (queue_error(*cx.error)) return 1;
  return code == cudaSuccess ? 0 : cuda_error(code, "recording a run");
}

// The default stream cannot be recorded, and a caller who records takes the launches themselves.
inline bool can_record(cudaStream_t stream) {
  if (!stream || stream == cudaStreamLegacy) return false;
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  return cudaStreamIsCapturing(stream, &status) == cudaSuccess && status == cudaStreamCaptureStatusNone;
}

inline int replay_run(const cuda::Context& cx, Runtime* r) {
  RecordedRun* record = record_of(r);
  if (!record) return error("out of memory");
  record->sights++;
  record->used = ++r->replays;
  if (record->sights == 1) { // it may never come again
    cuda::model::run(cx, nullptr, nullptr);
    return queue_error(*cx.error);
  }
  if (record->sights == 2 && record_run(cx, record)) {
    record->sights = 0;
    return 1;
  }
  cudaError_t code = cudaGraphLaunch(record->graph, cx.stream);
  return code == cudaSuccess ? 0 : cuda_error(code, "replaying a run");
}

// Queues a run. `waits` says whether the caller may wait for it; else every tensor is on the device.
inline int run_with(ait4j_model* m, Runtime* r, const int64_t* symbols, const ait4j_tensor* inputs,
                    const ait4j_tensor* outputs, cudaStream_t stream, bool waits, ait4j_kernel_profile* kernels) {
  if (failure_of(r)) return 1; // of an earlier run that nobody has checked
  if (infer(&r->shapes, symbols, inputs)) return 1;
  const int64_t staging = admit_all(r, inputs, outputs);
  if (staging < 0) return 1;
  const int64_t tensors = model::num_inputs + model::num_outputs;
  bool hosted = false;
  for (int64_t i = 0; i < tensors; i++) {
    const ait4j_tensor& t = i < model::num_inputs ? inputs[i] : outputs[i - model::num_inputs];
    hosted |= t.device == AIT4J_HOST && r->tensors[i].staged_offset >= 0;
    if (t.device == AIT4J_CUDA && t.device_index != m->machine.index)
      return error("a tensor is on GPU %d, the model on GPU %d", int(t.device_index), m->machine.index);
  }
  if (hosted && !waits) return error("a tensor is on the host: bring it to the GPU, or run without a stream");
  if (reserve_device(r, &r->staging, &r->staging_bytes, staging, "changing strides")) return 1;
  if (hosted && reserve_pinned(r, staging)) return 1;
  if (reserve_device(r, &r->arena, &r->arena_bytes, model::arena_bytes(r->shapes.symbols), "a run of these sizes")) return 1;
  cudaError_t code = r->used ? cudaStreamWaitEvent(stream, r->done, 0) : cudaSuccess;
  if (code != cudaSuccess) return cuda_error(code, "queueing a run");
  LaunchError launch_error;
  const cuda::Context cx{r->shapes.symbols, stream, r->arena, m->machine.constants, r->pointers, r->pointers + model::num_inputs,
                         r->device_failure, m->machine.index, m->machine.sms, m->machine.capability, m->machine.shared_limit, &launch_error};
  int64_t copied = 0;
  int result = 0;
  for (int64_t i = 0; i < tensors && result == 0; i++) {
    BorderTensor& b = r->tensors[i];
    const bool staged = b.staged_offset >= 0;
    r->pointers[i] = staged ? r->staging + b.staged_offset : b.data;
    if (!staged || i >= model::num_inputs) continue;
    if (b.device == AIT4J_CUDA) {
      copy_on_device(cx, b, r->staging + b.staged_offset, true);
      copied += numel(b.spec->rank, b.spec->sizes) * dtype_bytes(b.spec->dtype);
    } else {
      stage_in(b, r->pinned + b.staged_offset);
      code = cudaMemcpyAsync(r->staging + b.staged_offset, r->pinned + b.staged_offset, size_t(staged_bytes(*b.spec)),
                             cudaMemcpyHostToDevice, stream);
      if (code != cudaSuccess) result = cuda_error(code, "bringing an input to the GPU");
    }
  }
  if (result) {
    // what was queued is waited for below
  } else if (kernels) {
    result = run_profiled(cx, kernels, m->machine.cold_profiles);
  } else if (m->machine.graphs && !hosted && copied == 0 && can_record(stream)) {
    result = replay_run(cx, r);
  } else {
    cuda::model::run(cx, nullptr, nullptr);
  }
  for (int64_t i = model::num_inputs; i < tensors && result == 0; i++) {
    const BorderTensor& b = r->tensors[i];
    if (b.staged_offset < 0) continue;
    if (b.device == AIT4J_CUDA) {
      copy_on_device(cx, b, r->staging + b.staged_offset, false);
      copied += numel(b.spec->rank, b.spec->sizes) * dtype_bytes(b.spec->dtype);
    } else {
      code = cudaMemcpyAsync(r->pinned + b.staged_offset, r->staging + b.staged_offset, size_t(staged_bytes(*b.spec)),
                             cudaMemcpyDeviceToHost, stream);
      if (code != cudaSuccess) result = cuda_error(code, "bringing an output to the host");
    }
  }
  if (result == 0) result = queue_error(launch_error);
  if (cudaEventRecord(r->done, stream) == cudaSuccess) r->used = true;
  r->last = stream;
  if (copied) m->border_bytes.fetch_add(copied, std::memory_order_relaxed);
  if (!waits) return result;
  code = cudaStreamSynchronize(stream);
  if (result) return result;
  if (code != cudaSuccess) return cuda_error(code, "running the model");
  for (int64_t i = model::num_inputs; i < tensors; i++) {
    const BorderTensor& b = r->tensors[i];
    if (b.staged_offset >= 0 && b.device == AIT4J_HOST) stage_out(b, r->pinned + b.staged_offset);
  }
  return failure_of(r);
}

// Constants on the device, the device known. With it current.
inline int prepare(ait4j_model* m) {
  for (int64_t i = 0; i < model::num_constants; i++)
    if (!m->constants[i] && model::constants[i].role != ConstantRole::RawFoldOnly)
      return missing_constant(model::constants[i]);
  return m->machine.learn() || m->machine.upload(m->constants);
}

inline bool is_prepared(ait4j_model* m) {
  SharedLock lock(m);
  return m->machine.known && m->machine.ready;
}

// Runs of as many streams overlap; more wait for one of these.
constexpr int MOST_BUSY = 8;

// With the lock held and the device current.
inline int run_prepared(ait4j_model* m, const int64_t* symbols, const ait4j_tensor* inputs, const ait4j_tensor* outputs,
                        ait4j_kernel_profile* kernels, cudaStream_t stream, bool waits) {
  // Memory that a run on another stream may still use would make this one wait for it.
  int busy = 0;
  Runtime* r = runtime_take(&m->runtimes, [&](Runtime* one) {
    return !one->used || (!waits && one->last == stream) || cudaEventQuery(one->done) == cudaSuccess || ++busy >= MOST_BUSY;
  });
  cudaGetLastError(); // not ready is no error
  if (!r) return 1;
  int result = run_with(m, r, symbols, inputs, outputs, waits ? r->stream : stream, waits, kernels);
  runtime_give(&m->runtimes, r);
  return result;
}

// `stream` is null for that of the runtime, for which it waits then.
inline int run(ait4j_model* m, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
               const ait4j_tensor* outputs, int64_t num_outputs, ait4j_kernel_profile* kernels, cudaStream_t stream,
               bool waits) {
  if (check_count("input", model::num_inputs, num_inputs, inputs)) return 1;
  if (check_count("output", model::num_outputs, num_outputs, outputs)) return 1;
  DeviceScope scope(m->machine.index);
  if (scope.code != cudaSuccess) return cuda_error(scope.code, "using the GPU");
  for (;;) { // until no constant changes between its upload and the run
    if (!is_prepared(m)) {
      ExclusiveLock lock(m);
      if (prepare(m)) return 1;
    }
    SharedLock lock(m);
    if (m->machine.ready)
      return run_prepared(m, symbols, inputs, outputs, kernels, stream, waits);
  }
}

inline int run(ait4j_model* m, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
               const ait4j_tensor* outputs, int64_t num_outputs, ait4j_kernel_profile* kernels = nullptr) {
  return run(m, symbols, inputs, num_inputs, outputs, num_outputs, kernels, nullptr, true);
}

inline int run_on(ait4j_model* m, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
                  const ait4j_tensor* outputs, int64_t num_outputs, void* stream) {
  return run(m, symbols, inputs, num_inputs, outputs, num_outputs, nullptr, static_cast<cudaStream_t>(stream), false);
}

inline int set_device_index(ait4j_model* m, int32_t index) {
  if (index == m->machine.index) return 0;
  if (index < 0) return error("there is no GPU %d", int(index));
  if (m->machine.known) return error("the model has run on GPU %d already: load it anew", m->machine.index);
  m->machine.index = index;
  return 0;
}

inline int set_graphs(ait4j_model* m, int32_t on) {
  m->machine.graphs = on != 0;
  return 0;
}

inline int set_cold_profiles(ait4j_model* m, int32_t on) {
  m->machine.cold_profiles = on != 0;
  return 0;
}

// Runs that are still under way are not looked at.
inline int check(ait4j_model* m) {
  DeviceScope scope(m->machine.index);
  if (scope.code != cudaSuccess) return cuda_error(scope.code, "using the GPU");
  cudaError_t code = cudaPeekAtLastError();
  if (code != cudaSuccess) return cuda_error(code, "running the model");
  int result = 0;
  pthread_mutex_lock(&m->runtimes.lock);
  for (Runtime* r = m->runtimes.free_list; r && result == 0; r = r->next) {
    code = r->used ? cudaEventQuery(r->done) : cudaSuccess;
    if (code == cudaErrorNotReady) {
      cudaGetLastError(); // it is no error
      continue;
    }
    result = code == cudaSuccess ? failure_of(r) : cuda_error(code, "running the model");
  }
  pthread_mutex_unlock(&m->runtimes.lock);
  return result;
}

AIT_NAMESPACE_END
