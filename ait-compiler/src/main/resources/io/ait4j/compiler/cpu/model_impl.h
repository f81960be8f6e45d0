// The functions a library exports. One file of a program includes this, after cpu_run.h or cuda_run.h.
#pragma once
#include "aitemplate_impl.h"
#include "models.h"

// What a call cannot do without.
#define AIT_NEEDS(pointer) \
  if (!(pointer)) return ait::error(#pointer " is null")

extern "C" {

int32_t ait4j_abi_version(void) { return AIT4J_ABI_VERSION; }

const char* ait4j_last_error(void) { return ait::last_error; }

int ait4j_create(ait4j_model** model) {
  AIT_NEEDS(model);
  *model = ait::model_new({});
  return *model ? 0 : 1;
}

int ait4j_delete(ait4j_model* model) {
  if (model) ait::model_delete(model);
  return 0;
}

int64_t ait4j_num_symbols(const ait4j_model*) { return ait::model::num_symbols; }
int64_t ait4j_num_inputs(const ait4j_model*) { return ait::model::num_inputs; }
int64_t ait4j_num_outputs(const ait4j_model*) { return ait::model::num_outputs; }
int64_t ait4j_num_constants(const ait4j_model*) { return ait::model::num_constants; }

int ait4j_symbol_spec_at(const ait4j_model*, int64_t index, ait4j_symbol_spec* spec) {
  AIT_NEEDS(spec);
  if (index < 0 || index >= ait::model::num_symbols) return ait::error("there is no symbol %lld", (long long)index);
  const ait::SymbolSpec& s = ait::model::symbols[index];
  *spec = {s.name, s.min, s.max, s.input, s.dim};
  return 0;
}

int ait4j_input_spec(const ait4j_model*, int64_t index, ait4j_tensor_spec* spec) {
  AIT_NEEDS(spec);
  if (index < 0 || index >= ait::model::num_inputs) return ait::error("there is no input %lld", (long long)index);
  const ait::TensorSpec& s = ait::model::inputs[index];
  *spec = {s.name, s.dtype, s.rank, s.sizes, s.strides};
  return 0;
}

int ait4j_output_spec(const ait4j_model*, int64_t index, ait4j_tensor_spec* spec) {
  AIT_NEEDS(spec);
  if (index < 0 || index >= ait::model::num_outputs) return ait::error("there is no output %lld", (long long)index);
  const ait::TensorSpec& s = ait::model::outputs[index];
  *spec = {s.name, s.dtype, s.rank, s.sizes, s.strides};
  return 0;
}

int ait4j_constant_spec_at(const ait4j_model*, int64_t index, ait4j_constant_spec* spec) {
  AIT_NEEDS(spec);
  if (index < 0 || index >= ait::model::num_constants) return ait::error("there is no constant %lld", (long long)index);
  const ait::ConstantSpec& s = ait::model::constants[index];
  *spec = {s.name, s.dtype, int32_t(s.role), s.bytes, ait::feeds_fold(s), ait::bound_constant(index) != nullptr};
  return 0;
}

int ait4j_set_constants(ait4j_model* model, const ait4j_constant* constants, int64_t count) {
  AIT_NEEDS(model);
  return ait::set_constants(model, constants, count);
}

int ait4j_set_constant(ait4j_model* model, int64_t index, void* data, int64_t bytes) {
  AIT_NEEDS(model);
  const ait4j_constant one{index, data, bytes, AIT4J_HOST};
  return ait::set_constants(model, &one, 1);
}

int ait4j_fold_constants(ait4j_model* model) {
  AIT_NEEDS(model);
  return ait::fold_constants(model);
}

int ait4j_stage_constants(ait4j_model* model, const ait4j_constant* constants, int64_t count, void* stream) {
  AIT_NEEDS(model);
  return ait::stage_constants(model, constants, count, stream);
}

int ait4j_fold_staged_constants(ait4j_model* model) {
  AIT_NEEDS(model);
  return ait::fold_staged_constants(model);
}

int ait4j_swap_constants(ait4j_model* model) {
  AIT_NEEDS(model);
  return ait::swap_constants(model);
}

int ait4j_settle(ait4j_model* model) {
  AIT_NEEDS(model);
  return ait::await_older(model);
}

int ait4j_fold(ait4j_model* model, ait4j_fold_step done, void* user) {
  AIT_NEEDS(model);
  return ait::fold_in_place(model, done, user);
}

int ait4j_run(ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
              const ait4j_tensor* outputs, int64_t num_outputs) {
  AIT_NEEDS(model);
  return ait::run(model, {symbols, inputs, num_inputs, outputs, num_outputs, ait::Call::OwnStream, nullptr, false, nullptr, true});
}

int32_t ait4j_device(const ait4j_model*) { return ait::Machine::DEVICE; }

int ait4j_set_device_index(ait4j_model* model, int32_t index) {
  AIT_NEEDS(model);
  return ait::set_device_index(model, index);
}

int ait4j_run_on(ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
                 const ait4j_tensor* outputs, int64_t num_outputs, void* stream) {
  AIT_NEEDS(model);
  return ait::run_on(model, {symbols, inputs, num_inputs, outputs, num_outputs,
                          ait::Call::StreamQueued, stream, false, nullptr, true});
}

int ait4j_check(ait4j_model* model) {
  AIT_NEEDS(model);
  return ait::check(model);
}

int ait4j_set_graphs(ait4j_model* model, int32_t on) {
  AIT_NEEDS(model);
  return ait::set_graphs(model, on);
}

int64_t ait4j_num_kernels(const ait4j_model*) { return ait::model::num_kernels; }

int ait4j_profile(ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
                  const ait4j_tensor* outputs, int64_t num_outputs, ait4j_kernel_profile* kernels) {
  AIT_NEEDS(model);
  if (ait::model::num_kernels > 0) AIT_NEEDS(kernels);
  return ait::run(model, {symbols, inputs, num_inputs, outputs, num_outputs, ait::Call::OwnStream, nullptr, false, kernels, true});
}

int ait4j_set_cold_profiles(ait4j_model* model, int32_t on) {
  AIT_NEEDS(model);
  return ait::set_cold_profiles(model, on);
}

int ait4j_infer_output_shapes(const ait4j_model*, const int64_t* symbols, const ait4j_tensor* inputs,
                              int64_t num_inputs, int64_t* const* sizes, int64_t num_outputs) {
  if (ait::check_count("input", ait::model::num_inputs, num_inputs, inputs)) return 1;
  if (ait::check_count("output", ait::model::num_outputs, num_outputs, sizes)) return 1;
  ait::Shapes shapes;
  if (!shapes.allocate()) return ait::error("out of memory");
  int result = ait::infer(&shapes, symbols, inputs);
  for (int64_t i = 0; result == 0 && i < num_inputs; i++)
    result = ait::check_type("input", i, shapes.inputs()[i], inputs[i]);
  for (int64_t i = 0; result == 0 && i < num_outputs; i++)
    if (!sizes[i]) result = ait::error("the address for the sizes of output %lld is null", (long long)i);
    else memcpy(sizes[i], shapes.outputs()[i].sizes, sizeof(int64_t) * shapes.outputs()[i].rank);
  shapes.release();
  return result;
}

int ait4j_trim(ait4j_model* model) {
  AIT_NEEDS(model);
  ait::trim(model);
  return 0;
}

int ait4j_set_executor(ait4j_model* model, ait4j_parallel_for run, void* user) {
  AIT_NEEDS(model);
  return ait::set_executor(model, run ? ait::Executor{run, user} : ait::pool_executor());
}

int ait4j_set_threads(ait4j_model* model, int32_t threads) {
  AIT_NEEDS(model);
  if (threads < 0) return ait::error("threads: expected 0 or more, got %d", int(threads));
  return ait::set_executor(model, ait::pool_executor(threads));
}

int64_t ait4j_arena_bytes(const ait4j_model* model) {
  return model && model->bounded ? ait::model::arena_bytes(model->largest.symbols) : -1;
}

int64_t ait4j_border_copy_bytes(const ait4j_model* model) { return model ? model->border_bytes.load() : 0; }
}

extern "C" __attribute__((weak)) const ait::BoundConstants* ait4j_bound_constants(void) { return nullptr; }

// No thread may come back to code that is gone, even if a model is alive. Memory stays: at exit, another thread may be in a run.
__attribute__((destructor)) static void library_unloaded() {
  ait::pool_shutdown();
  ait::scratch_forget_threads();
}
