// AITemplate's Benchmark: the same runs on several threads, timed, their results compared.
#pragma once
#include "aitemplate_run.h"

AIT_NAMESPACE_BEGIN

// What one thread does. The first writes the caller's outputs, the others their own.
struct BenchmarkThread {
  ait4j_model* model;
  ClientCall* call; // the caller's
  void** outputs;   // this thread's memory; null for the caller's
  void* stream;
  bool owns_stream, graphs, started;
  size_t count;
  pthread_t thread;
  int64_t nanos;
  int result;
  char failure[sizeof last_error];
};

inline int benchmark_runs(BenchmarkThread* t) {
  Machine::Scope scope(t->model->machine.index);
  auto* own = static_cast<ait4j_tensor*>(calloc(size_t(model::num_outputs) + 1, sizeof(ait4j_tensor)));
  if (!own) return error("out of memory");
  Call call;
  call.symbols = t->call->shapes.symbols;
  call.inputs = t->call->tensors;
  call.num_inputs = model::num_inputs;
  call.outputs = own;
  call.num_outputs = model::num_outputs;
  call.where = Call::StreamQueued;
  call.stream = t->stream;
  call.graphs = t->graphs;
  for (int64_t i = 0; i < model::num_outputs; i++) {
    own[i] = t->call->outputs()[i];
    if (t->outputs) own[i].data = t->outputs[i];
  }
  const int64_t begin = nanos();
  int result = 0;
  for (size_t i = 0; i < t->count && result == 0; i++) result = run(t->model, call);
  if (Device::wait(t->stream)) result = 1;
  if (result == 0) result = check(t->model);
  t->nanos = nanos() - begin;
  free(own);
  return result;
}

inline void* benchmark_thread(void* arg) {
  auto* t = static_cast<BenchmarkThread*>(arg);
  t->result = benchmark_runs(t);
  if (t->result) memcpy(t->failure, last_error, sizeof last_error);
  return nullptr;
}

struct Benchmark {
  ait4j_model* model;
  ClientCall call;
  BenchmarkThread* threads = nullptr;
  size_t num_threads = 0;

  ~Benchmark() {
    Machine::Scope scope(model->machine.index);
    for (size_t i = 0; i < num_threads && threads; i++) {
      for (int64_t o = 0; threads[i].outputs && o < model::num_outputs; o++) Device::release(threads[i].outputs[o], nullptr);
      free(threads[i].outputs);
      if (threads[i].owns_stream) Device::stream_delete(threads[i].stream);
    }
    free(threads);
  }

  int prepare(size_t count, size_t wanted, void* stream, bool unique_streams, bool graphs) {
    threads = static_cast<BenchmarkThread*>(calloc(wanted, sizeof(BenchmarkThread)));
    if (!threads) return error("out of memory");
    num_threads = wanted;
    for (size_t i = 0; i < num_threads; i++) {
      BenchmarkThread& t = threads[i];
      t.model = model;
      t.call = &call;
      t.stream = stream;
      t.graphs = graphs;
      t.count = count;
      if (unique_streams && num_threads > 1) {
        if (Device::stream_new(&t.stream)) return 1;
        t.owns_stream = true;
      }
      if (i == 0) continue;
      t.outputs = static_cast<void**>(calloc(size_t(model::num_outputs) + 1, sizeof(void*)));
      if (!t.outputs) return error("out of memory");
      for (int64_t o = 0; o < model::num_outputs; o++)
        if (Device::allocate(&t.outputs[o], size_t(call.output_bytes(o)), nullptr)) return 1;
    }
    return Device::wait(nullptr) || Device::wait(stream); // for the memory, and for what brings the inputs
  }

  // All threads' runs; `nanos` gets the time of the slowest.
  int run(int64_t* nanos) {
    int result = 0;
    for (size_t i = 1; i < num_threads; i++) {
      threads[i].started = pthread_create(&threads[i].thread, nullptr, benchmark_thread, &threads[i]) == 0;
      if (!threads[i].started) result = error("cannot start thread %llu of %llu", (unsigned long long)i, (unsigned long long)num_threads);
    }
    benchmark_thread(&threads[0]);
    for (size_t i = 0; i < num_threads; i++) {
      if (threads[i].started) pthread_join(threads[i].thread, nullptr);
      if (threads[i].result) result = error("%s", threads[i].failure);
      if (threads[i].nanos > *nanos) *nanos = threads[i].nanos;
    }
    return result;
  }

  // What other threads computed must be what the first did, bit by bit.
  int compare() {
    for (int64_t o = 0; o < model::num_outputs; o++) {
      const size_t bytes = size_t(call.output_bytes(o));
      char* first = allocate(int64_t(bytes));
      char* other = allocate(int64_t(bytes));
      int result = first && other ? 0 : error("out of memory");
      if (result == 0) result = Device::copy(first, call.outputs()[o].data, bytes, nullptr) || Device::wait(nullptr);
      for (size_t i = 1; i < num_threads && result == 0; i++) {
        result = Device::copy(other, threads[i].outputs[o], bytes, nullptr) || Device::wait(nullptr);
        if (result == 0 && memcmp(first, other, bytes) != 0)
          result = error("output %lld (%s) of thread %llu differs from the first thread's", (long long)o, model::outputs[o].name,
                         (unsigned long long)i);
      }
      free(first), free(other);
      if (result) return 1;
    }
    return 0;
  }
};

AIT_NAMESPACE_END

extern "C" AITemplateError AITemplateModelContainerBenchmark(AITemplateModelHandle handle, const AITData* inputs,
                                                             size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                             AITemplateStreamHandle stream, bool graph_mode, size_t count,
                                                             size_t num_threads, bool use_unique_stream_per_thread,
                                                             float* runtime_ms, int64_t** output_shapes_out) {
  if (ait::refuse_null({{handle, "the container"}, {runtime_ms, "the time's address"}})) return ait::reported(1);
  if (count == 0) return ait::reported(ait::error("the number of runs must be positive"));
  if (num_threads == 0) num_threads = size_t(ait::available_cpus());
  if (num_threads > 1024) return ait::reported(ait::error("%llu threads are more than 1024", (unsigned long long)num_threads));
  ait::Benchmark benchmark;
  benchmark.model = ait::of(handle);
  ait::Machine::Scope scope(benchmark.model->machine.index);
  int64_t nanos = 0;
  if (benchmark.call.take(benchmark.model, inputs, num_inputs, outputs, num_outputs, ait::Machine::DEVICE) ||
      benchmark.call.write_shapes(output_shapes_out) ||
      benchmark.prepare(count, num_threads, stream, use_unique_stream_per_thread, graph_mode) || benchmark.run(&nanos) ||
      benchmark.compare())
    return ait::reported(1);
  *runtime_ms = float(double(nanos) / 1e6 / double(count * num_threads));
  return AITemplateError::AITemplateSuccess;
}
