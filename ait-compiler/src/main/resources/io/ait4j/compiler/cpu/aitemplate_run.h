// Runs for AITemplate's clients: their tensors as ours, sizes found, then one run or several.
#pragma once
#include "aitemplate_errors.h"

AIT_NAMESPACE_BEGIN

// A run's tensors, outputs at the sizes that follow from the inputs'.
struct ClientCall {
  ait4j_tensor* tensors = nullptr; // inputs, then outputs
  Shapes shapes;

  ClientCall() = default;
  ClientCall(const ClientCall&) = delete;
  ~ClientCall() {
    free(tensors);
    shapes.release();
  }

  ait4j_tensor* outputs() const { return tensors + model::num_inputs; }

  // Where nothing is read or written, the address says nothing.
  static int check_place(const TensorSpec& spec, const void* memory, const char* what, int32_t where) {
    if (numel(spec.rank, spec.sizes) == 0) return 0;
    return where == Machine::DEVICE ? Device::refuse_host(memory, what, spec.name) : Device::refuse_device(memory, what, spec.name);
  }

  // `where` the outputs are.
  int take(ait4j_model* m, const AITData* in, size_t num_in, const AITData* out, size_t num_out, int32_t where) {
    if (check_count("input", model::num_inputs, int64_t(num_in), in)) return 1;
    if (check_count("output", model::num_outputs, int64_t(num_out), out)) return 1;
    tensors = static_cast<ait4j_tensor*>(calloc(num_in + num_out + 1, sizeof(ait4j_tensor)));
    if (!tensors || !shapes.allocate()) return error("out of memory");
    for (size_t i = 0; i < num_in; i++) {
      const AITData& t = in[i];
      if (t.shape.size > MAX_RANK)
        return error("input %llu: %llu dimensions are more than any tensor has", (unsigned long long)i,
                     (unsigned long long)t.shape.size);
      tensors[i] = {t.ptr, int32_t(t.dtype), int32_t(t.shape.size), t.shape.shape_data, nullptr, Machine::DEVICE,
                    m->machine.index};
    }
    if (infer(&shapes, nullptr, tensors)) return 1;
    for (size_t i = 0; i < num_in; i++)
      if (check_type("input", int64_t(i), shapes.inputs()[i], tensors[i]) ||
          check_place(shapes.inputs()[i], in[i].ptr, "input", Machine::DEVICE))
        return 1;
    for (size_t i = 0; i < num_out; i++) {
      const TensorSpec& spec = shapes.outputs()[i];
      const AITemplateParamShape& room = out[i].shape;
      if (room.shape_data && room.size <= MAX_RANK && numel(int32_t(room.size), room.shape_data) < numel(spec.rank, spec.sizes))
        return error("output %llu (%s): its memory is for fewer elements than the %lld that it has", (unsigned long long)i,
                     spec.name, (long long)numel(spec.rank, spec.sizes));
      if (check_place(spec, out[i].ptr, "output", where)) return 1;
      outputs()[i] = {out[i].ptr, int32_t(out[i].dtype), spec.rank, spec.sizes, nullptr, where, m->machine.index};
    }
    return 0;
  }

  int run(ait4j_model* m, Call::Where where, void* stream, bool graphs, ait4j_kernel_profile* kernels = nullptr) {
    Call call;
    call.symbols = shapes.symbols;
    call.inputs = tensors;
    call.num_inputs = model::num_inputs;
    call.outputs = outputs();
    call.num_outputs = model::num_outputs;
    call.where = where;
    call.stream = stream;
    call.graphs = graphs;
    call.kernels = kernels;
    return ait::run(m, call);
  }

  int write_shapes(int64_t* const* out) const {
    for (int64_t i = 0; out && i < model::num_outputs; i++) {
      const TensorSpec& spec = shapes.outputs()[i];
      if (spec.rank > 0 && !out[i]) return error("the address for the shape of output %lld is null", (long long)i);
      if (spec.rank > 0) memcpy(out[i], spec.sizes, sizeof(int64_t) * size_t(spec.rank));
    }
    return 0;
  }

  int64_t output_bytes(int64_t i) const {
    const TensorSpec& spec = shapes.outputs()[i];
    return numel(spec.rank, spec.sizes) * dtype_bytes(spec.dtype);
  }
};

inline int run_for(AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs, const AITData* outputs,
                   size_t num_outputs, int32_t outputs_at, Call::Where where, void* stream, bool graphs,
                   int64_t* const* shapes_out) {
  if (refuse_null({{handle, "the container"}})) return 1;
  ClientCall call;
  return call.take(of(handle), inputs, num_inputs, outputs, num_outputs, outputs_at) || call.write_shapes(shapes_out) ||
         call.run(of(handle), where, stream, graphs);
}

AIT_NAMESPACE_END

extern "C" {

AITemplateError AITemplateModelContainerRun(AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs,
                                            AITData* outputs, size_t num_outputs, AITemplateStreamHandle stream, bool sync,
                                            bool graph_mode, int64_t** output_shapes_out) {
  return ait::reported(ait::run_for(handle, inputs, num_inputs, outputs, num_outputs, ait::Machine::DEVICE,
                                    sync ? ait::Call::StreamAndWait : ait::Call::StreamQueued, stream, graph_mode,
                                    output_shapes_out));
}

AITemplateError AITemplateModelContainerRunWithOutputsOnHost(AITemplateModelHandle handle, const AITData* inputs,
                                                             size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                             AITemplateStreamHandle stream, bool graph_mode,
                                                             int64_t** output_shapes_out) {
  return ait::reported(ait::run_for(handle, inputs, num_inputs, outputs, num_outputs, AIT4J_HOST, ait::Call::StreamAndWait,
                                    stream, graph_mode, output_shapes_out));
}
}
