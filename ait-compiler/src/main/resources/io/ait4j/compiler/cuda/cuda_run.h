// How a model runs on a GPU: its launches queued on a stream, or replayed from a graph of them.
#pragma once
#include "cuda_constants.h"
#include "cuda_device.h"
#include "models.h"
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

// The record of these tensors and constants, an old one's place if there is none.
inline RecordedRun* record_of(Runtime* r, int64_t generation) {
  const size_t pointers = sizeof(void*) * size_t(pointers_of_run()), symbols = sizeof(int64_t) * size_t(model::num_symbols);
  RecordedRun* oldest = &r->records[0];
  r->pointers[pointers_of_run() - 1] = r->arena.data;
  for (RecordedRun& record : r->records) {
    if (record.pointers && record.generation == generation && memcmp(record.pointers, r->pointers, pointers) == 0 &&
        (symbols == 0 || memcmp(record.symbols, r->shapes.symbols, symbols) == 0))
      return &record;
    if (record.used < oldest->used) oldest = &record;
  }
  if (!oldest->pointers) oldest->pointers = static_cast<void**>(malloc(pointers));
  if (!oldest->symbols) oldest->symbols = static_cast<int64_t*>(malloc(symbols + 8));
  if (!oldest->pointers || !oldest->symbols) return nullptr;
  memcpy(oldest->pointers, r->pointers, pointers);
  if (symbols) memcpy(oldest->symbols, r->shapes.symbols, symbols);
  oldest->generation = generation;
  oldest->sights = 0; // of these
  return oldest; // its graph, if there is one, is of the same launches and can be changed into this run's
}

// Records the launches of a run, on a stream that nobody else uses: a new graph, or the old one with its kernels' arguments
// changed.
inline int record_run(const cuda::Context& cx, cudaStream_t own, RecordedRun* record) {
  cudaError_t code = cudaStreamBeginCapture(own, cudaStreamCaptureModeThreadLocal);
  if (code != cudaSuccess) return cuda_error(code, "recording a run");
  cuda::Context recorded = cx;
  recorded.stream = own;
  cuda::model::run(recorded, nullptr, nullptr);
  cudaGraph_t graph = nullptr;
  code = cudaStreamEndCapture(own, &graph);
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

inline int replay_run(const cuda::Context& cx, Runtime* r, int64_t generation) {
  RecordedRun* record = record_of(r, generation);
  if (!record) return error("out of memory");
  record->sights++;
  record->used = ++r->replays;
  if (record->sights == 1) { // it may never come again
    cuda::model::run(cx, nullptr, nullptr);
    return queue_error(*cx.error);
  }
  if (record->sights == 2 && record_run(cx, r->stream, record)) {
    record->sights = 0;
    return 1;
  }
  cudaError_t code = cudaGraphLaunch(record->graph, cx.stream);
  return code == cudaSuccess ? 0 : cuda_error(code, "replaying a run");
}

// A run in somebody's recording would use its memory again whenever that is replayed, whoever has it by then.
inline bool is_recorded(cudaStream_t stream) {
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  const bool known = stream && stream != cudaStreamLegacy && cudaStreamIsCapturing(stream, &status) == cudaSuccess;
  cudaGetLastError();
  return known && status != cudaStreamCaptureStatusNone;
}

// Frees what other runs left, where there is not enough for this one.
inline int reserve_device(ait4j_model* m, Runtime* r, Area* area, int64_t bytes, const char* what) {
  if (reserve(r, area, bytes)) return 0;
  if (bytes < 0) return error("out of memory on the GPU: %s needs more than 2^62 bytes", what);
  trim(m);
  return reserve(r, area, bytes) ? 0 : device_memory_error(bytes, what);
}

inline int reserve_arena(ait4j_model* m, Runtime* r, const int64_t* symbols) {
  return reserve_device(m, r, &r->arena, model::arena_bytes(symbols), "a run of these sizes");
}

inline int reserve_largest(ait4j_model* m, Runtime* r) { return reserve_arena(m, r, m->largest.symbols); }

// Plans the run, with memory for it. `hosted` says whether tensors are on the host.
inline int plan_run(ait4j_model* m, Runtime* r, const Call& call, bool* hosted) {
  if (infer(&r->shapes, call.symbols, call.inputs)) return 1;
  const int64_t staging = admit_all(r, call.inputs, call.outputs);
  if (staging < 0) return 1;
  *hosted = false;
  for (int64_t i = 0; i < model::num_inputs + model::num_outputs; i++) {
    const ait4j_tensor& t = i < model::num_inputs ? call.inputs[i] : call.outputs[i - model::num_inputs];
    *hosted |= t.device == AIT4J_HOST && r->tensors[i].staged_offset >= 0;
    if (t.device == AIT4J_CUDA && t.device_index != m->machine.index)
      return error("a tensor is on GPU %d, the model on GPU %d", int(t.device_index), m->machine.index);
    if (t.device == AIT4J_CUDA && !call.checked && refuse_elsewhere(t.data, m->machine.index, "a tensor")) return 1;
  }
  if (*hosted && call.where == Call::StreamQueued)
    return error("a tensor is on the host: bring it to the GPU, or run without a stream");
  if (staging > 0 && reserve_device(m, r, &r->staging, staging, "changing strides")) return 1;
  if (*hosted && reserve_pinned(r, staging)) return 1;
  return reserve_arena(m, r, r->shapes.symbols);
}

// To where the program reads them.
inline int queue_inputs(const cuda::Context& cx, Runtime* r, int64_t* copied) {
  for (int64_t i = 0; i < model::num_inputs + model::num_outputs; i++) {
    BorderTensor& b = r->tensors[i];
    const bool staged = b.staged_offset >= 0;
    r->pointers[i] = staged ? r->staging.data + b.staged_offset : b.data;
    if (!staged || i >= model::num_inputs) continue;
    if (b.device == AIT4J_CUDA) {
      copy_on_device(cx, b, r->staging.data + b.staged_offset, true);
      *copied += numel(b.spec->rank, b.spec->sizes) * dtype_bytes(b.spec->dtype);
    } else {
      stage_in(b, r->pinned + b.staged_offset);
      const cudaError_t code = cudaMemcpyAsync(r->staging.data + b.staged_offset, r->pinned + b.staged_offset,
                                               size_t(staged_bytes(*b.spec)), cudaMemcpyHostToDevice, cx.stream);
      if (code != cudaSuccess) return cuda_error(code, "bringing an input to the GPU");
    }
  }
  return 0;
}

inline int queue_outputs(const cuda::Context& cx, Runtime* r, int64_t* copied) {
  for (int64_t i = model::num_inputs; i < model::num_inputs + model::num_outputs; i++) {
    const BorderTensor& b = r->tensors[i];
    if (b.staged_offset < 0) continue;
    if (b.device == AIT4J_CUDA) {
      copy_on_device(cx, b, r->staging.data + b.staged_offset, false);
      *copied += numel(b.spec->rank, b.spec->sizes) * dtype_bytes(b.spec->dtype);
    } else {
      const cudaError_t code = cudaMemcpyAsync(r->pinned + b.staged_offset, r->staging.data + b.staged_offset,
                                               size_t(staged_bytes(*b.spec)), cudaMemcpyDeviceToHost, cx.stream);
      if (code != cudaSuccess) return cuda_error(code, "bringing an output to the host");
    }
  }
  return 0;
}

// Waits for the run, whose own failure then can be told from an earlier one's if that was over before.
inline int finish_run(Runtime* r, cudaStream_t stream, int result) {
  const cudaError_t code = cudaStreamSynchronize(stream);
  if (result) return result;
  if (code != cudaSuccess) return cuda_error(code, "running the model");
  for (int64_t i = model::num_inputs; i < model::num_inputs + model::num_outputs; i++) {
    const BorderTensor& b = r->tensors[i];
    if (b.staged_offset >= 0 && b.device == AIT4J_HOST) stage_out(b, r->pinned + b.staged_offset);
  }
  if (failure_of(r) == 0) return 0;
  return r->passed ? AIT4J_REFUSED : AIT4J_FAILED;
}

// A failure of this call alone, unless the GPU is lost to all.
inline int refused(int result) {
  return result && is_sticky(cudaPeekAtLastError()) ? AIT4J_FAILED : result ? AIT4J_REFUSED : 0;
}

// `over` says whether nothing of the run is queued any more.
inline int run_with(ait4j_model* m, Runtime* r, const Generation& g, const Call& call, bool* over) {
  *over = r->passed;
  if (failure_of(r)) { // of an earlier run that nobody has checked
    if (call.checked) return AIT4J_FAILED;
    fprintf(stderr, "ait4j: a run before this one failed: %s\n", last_error);
  }
  bool hosted;
  if (plan_run(m, r, call, &hosted)) return refused(1);
  const auto stream = call.where == Call::OwnStream ? r->stream : static_cast<cudaStream_t>(call.stream);
  cudaError_t code = r->passed ? cudaSuccess : cudaStreamWaitEvent(stream, r->done, 0);
  if (code != cudaSuccess) return refused(cuda_error(code, "queueing a run"));
  LaunchError launch_error;
  const Machine& gpu = m->machine;
  const cuda::Context cx{r->shapes.symbols, stream, r->arena.data, g.constants, r->pointers, r->pointers + model::num_inputs,
                         r->device_failure, gpu.index, gpu.sms, gpu.capability, gpu.shared_limit, &launch_error};
  int64_t copied = 0;
  int result = queue_inputs(cx, r, &copied);
  if (result == 0) {
    if (call.kernels) result = run_profiled(cx, call.kernels, gpu.cold_profiles);
    else if ((call.graphs || gpu.graphs) && !hosted && copied == 0) result = replay_run(cx, r, g.number);
    else cuda::model::run(cx, nullptr, nullptr);
  }
  if (result == 0) result = queue_outputs(cx, r, &copied);
  if (result == 0) result = queue_error(launch_error);
  result = refused(result);
  r->used = cudaEventRecord(r->done, stream) == cudaSuccess;
  r->last = stream;
  if (copied) m->border_bytes.fetch_add(copied, std::memory_order_relaxed);
  *over = call.where != Call::StreamQueued || !r->used;
  if (call.where != Call::StreamQueued) return finish_run(r, stream, result);
  if (!r->used) cudaStreamSynchronize(stream); // nothing else says when it is done
  return result;
}

// Runs of as many streams overlap; more wait for one of these.
constexpr int MOST_BUSY = 8;

inline int run(ait4j_model* m, const Call& call) {
  if (check_count("input", model::num_inputs, call.num_inputs, call.inputs)) return AIT4J_REFUSED;
  if (check_count("output", model::num_outputs, call.num_outputs, call.outputs)) return AIT4J_REFUSED;
  const Machine::Scope scope(m->machine.index);
  if (scope.failed()) return refused(1);
  if (call.where != Call::OwnStream && is_recorded(static_cast<cudaStream_t>(call.stream)))
    return refused(error("the stream is being recorded: let the model record its runs itself, or run on another stream"));
  // Memory that a run on another stream may still use would make this one wait for it.
  int busy = 0;
  const auto fits = [&](Runtime* one) {
    return has_passed(one) || (call.where != Call::OwnStream && one->last == call.stream) || ++busy >= MOST_BUSY;
  };
  Turn turn;
  if (begin_run(m, fits, &turn)) return refused(1);
  Runtime* r = turn.runtime;
  r->passed = has_passed(r);
  const bool stale = r->num_held > 0 && r->held[0] != turn.generation;
  if (r->num_held == Runtime::MOST_HELD || (r->passed && stale)) {
    await_runtime(m, r);
    r->passed = true;
  }
  bool over;
  const int result = run_with(m, r, *turn.generation, call, &over);
  end_queued(m, turn, over);
  return result;
}

inline int run_on(ait4j_model* m, const Call& call) { return run(m, call); }

inline int set_device_index(ait4j_model* m, int32_t index) {
  MutexLock changes(&m->changes);
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

// Runs that are still under way are not looked at. Tells the first failure, once, and forgets the others.
inline int check(ait4j_model* m) {
  const Machine::Scope scope(m->machine.index);
  if (scope.failed()) return 1;
  cudaError_t code = cudaPeekAtLastError();
  if (code != cudaSuccess) return cuda_error(code, "running the model");
  char first[sizeof last_error];
  int result = 0;
  MutexLock lock(&m->lock);
  for (Runtime* r = m->runtimes.idle; r; r = r->next) {
    code = r->used ? cudaEventQuery(r->done) : cudaSuccess;
    if (code == cudaErrorNotReady) {
      cudaGetLastError(); // it is no error
      continue;
    }
    const int failed = code == cudaSuccess ? failure_of(r) : cuda_error(code, "running the model");
    if (failed && !result) memcpy(first, last_error, sizeof first);
    result |= failed;
  }
  if (result) memcpy(last_error, first, sizeof first);
  return result;
}

AIT_NAMESPACE_END
