// AITemplate's interface over our container.
#pragma once
#include "aitemplate.h"
#include "models.h"

AIT_NAMESPACE_BEGIN

inline ait4j_model* of(AITemplateModelHandle handle) { return reinterpret_cast<ait4j_model*>(handle); }

// That interface has no way to ask for the reason, so it goes to stderr as AITemplate's own does.
inline AITemplateError reported(int result) {
  if (result == 0) return AITemplateError::AITemplateSuccess;
  fprintf(stderr, "ait4j: %s\n", last_error);
  return AITemplateError::AITemplateFailure;
}

// Those a client sets; folded ones are the container's.
inline bool is_listed(const ConstantSpec& spec, bool folding_inputs_only) {
  return spec.role == ConstantRole::RawFoldOnly || (!folding_inputs_only && spec.role == ConstantRole::Kept);
}

inline int64_t constant_index(const char* name) {
  for (int64_t i = 0; i < model::num_constants; i++)
    if (is_listed(model::constants[i], false) && strcmp(model::constants[i].name, name) == 0) return i;
  error("there is no constant %s", name);
  return -1;
}

inline int set_constants(ait4j_model* m, const char* const* names, const AITData* tensors, size_t count) {
  auto* given = static_cast<ait4j_constant*>(calloc(count + 1, sizeof(ait4j_constant)));
  if (!given) return error("out of memory");
  int result = 0;
  for (size_t i = 0; i < count && result == 0; i++) {
    const int64_t index = constant_index(names[i]);
    const AITData& t = tensors[i];
    const int32_t dtype = int32_t(t.dtype);
    if (index < 0)
      result = 1;
    else if (dtype != model::constants[index].dtype)
      result = error("constant %s: expected %s, got %s", names[i], dtype_name(model::constants[index].dtype), dtype_name(dtype));
    else
      given[i] = {index, t.ptr, numel(int32_t(t.shape.size), t.shape.shape_data) * dtype_bytes(dtype), Machine::DEVICE};
  }
  if (result == 0) result = set_constants(m, given, int64_t(count));
  free(given);
  return result;
}

// Its functions take pointers of the device and streams, which only libraries for CPUs serve so far.
inline int refused_device() {
  return Machine::DEVICE == AIT4J_HOST ? 0 : error("AITemplate's interface runs models on CPUs only; use ait4j_run_on()");
}

inline int run_aitemplate(ait4j_model* m, const AITData* inputs, size_t num_inputs, AITData* outputs,
                          size_t num_outputs, int64_t** output_shapes_out) {
  if (refused_device()) return 1;
  if (check_count("input", model::num_inputs, int64_t(num_inputs), inputs)) return 1;
  if (check_count("output", model::num_outputs, int64_t(num_outputs), outputs)) return 1;
  auto* tensors = static_cast<ait4j_tensor*>(calloc(num_inputs + num_outputs + 1, sizeof(ait4j_tensor)));
  Shapes shapes;
  if (!tensors || !shapes.allocate()) {
    free(tensors);
    return error("out of memory");
  }
  for (size_t i = 0; i < num_inputs; i++)
    tensors[i] = {inputs[i].ptr, int32_t(inputs[i].dtype), int32_t(inputs[i].shape.size), inputs[i].shape.shape_data,
                  nullptr, Machine::DEVICE, 0};
  int result = infer(&shapes, nullptr, tensors);
  for (size_t i = 0; i < num_outputs && result == 0; i++) {
    const TensorSpec& spec = shapes.outputs()[i];
    const AITemplateParamShape& room = outputs[i].shape;
    if (room.shape_data && numel(int32_t(room.size), room.shape_data) < numel(spec.rank, spec.sizes))
      result = error("output %lld (%s): there is no room for it", (long long)i, spec.name);
    tensors[num_inputs + i] = {outputs[i].ptr, int32_t(outputs[i].dtype), spec.rank, spec.sizes, nullptr, Machine::DEVICE, 0};
  }
  if (result == 0) result = run(m, {shapes.symbols, tensors, int64_t(num_inputs), tensors + num_inputs, int64_t(num_outputs)});
  free(tensors);
  for (size_t i = 0; result == 0 && output_shapes_out && i < num_outputs; i++)
    memcpy(output_shapes_out[i], shapes.outputs()[i].sizes, sizeof(int64_t) * shapes.outputs()[i].rank);
  shapes.release();
  return result;
}

// Null, with the error set, if there is none.
inline const TensorSpec* spec_at(const char* side, const TensorSpec* specs, int64_t count, size_t index) {
  if (index < size_t(count)) return &specs[index];
  error("there is no %s %llu", side, (unsigned long long)index);
  return nullptr;
}

inline const TensorSpec* input_at(size_t index) { return spec_at("input", model::inputs, model::num_inputs, index); }

inline const TensorSpec* output_at(size_t index) {
  return spec_at("output", model::outputs, model::num_outputs, index);
}

AIT_NAMESPACE_END

extern "C" {

AITemplateError AITemplateModelContainerCreate(AITemplateModelHandle* ret, size_t num_runtimes,
                                               AITemplateAllocator* allocator) {
  if (!ret) return ait::reported(ait::error("the container's address is null"));
  if (num_runtimes == 0) return ait::reported(ait::error("the number of runtimes must be positive"));
  if (allocator) return ait::reported(ait::error("this library takes no allocator: pass null"));
  ait4j_model* m = ait::model_new({.num_runtimes = int64_t(num_runtimes), .current_device = true, .folds_at_first_run = true});
  if (!m) return ait::reported(1);
  *ret = reinterpret_cast<AITemplateModelHandle>(m);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerDelete(AITemplateModelHandle handle) {
  if (!handle) return ait::reported(ait::error("the container is null"));
  ait::model_delete(ait::of(handle));
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerSetConstant(AITemplateModelHandle handle, const char* name,
                                                    const AITData* tensor) {
  return ait::reported(ait::set_constants(ait::of(handle), &name, tensor, 1));
}

AITemplateError AITemplateModelContainerSetManyConstants(AITemplateModelHandle handle, const char** names,
                                                         const AITData* tensors, size_t num_tensors) {
  return ait::reported(ait::set_constants(ait::of(handle), names, tensors, num_tensors));
}

AITemplateError AITemplateModelContainerGetNumConstants(AITemplateModelHandle, bool, bool folding_inputs_only,
                                                        size_t* out) {
  *out = 0;
  for (int64_t i = 0; i < ait::model::num_constants; i++)
    *out += ait::is_listed(ait::model::constants[i], folding_inputs_only);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetConstantNames(AITemplateModelHandle, bool, bool folding_inputs_only,
                                                         const char** out) {
  for (int64_t i = 0; i < ait::model::num_constants; i++)
    if (ait::is_listed(ait::model::constants[i], folding_inputs_only)) *out++ = ait::model::constants[i].name;
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetConstantDtype(AITemplateModelHandle, const char* name,
                                                         AITemplateDtype* out) {
  int64_t index = ait::constant_index(name);
  if (index < 0) return ait::reported(1);
  *out = AITemplateDtype(ait::model::constants[index].dtype);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerFoldConstants(AITemplateModelHandle handle, AITemplateStreamHandle, bool) {
  return ait::reported(ait::fold_constants(ait::of(handle)));
}

AITemplateError AITemplateModelContainerRun(AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs,
                                            AITData* outputs, size_t num_outputs, AITemplateStreamHandle, bool, bool,
                                            int64_t** output_shapes_out) {
  return ait::reported(
      ait::run_aitemplate(ait::of(handle), inputs, num_inputs, outputs, num_outputs, output_shapes_out));
}

AITemplateError AITemplateModelContainerRunWithOutputsOnHost(AITemplateModelHandle handle, const AITData* inputs,
                                                             size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                             AITemplateStreamHandle, bool,
                                                             int64_t** output_shapes_out) {
  return ait::reported(
      ait::run_aitemplate(ait::of(handle), inputs, num_inputs, outputs, num_outputs, output_shapes_out));
}

AITemplateError AITemplateModelContainerGetNumInputs(AITemplateModelHandle, size_t* out) {
  *out = size_t(ait::model::num_inputs);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetNumOutputs(AITemplateModelHandle, size_t* out) {
  *out = size_t(ait::model::num_outputs);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetInputName(AITemplateModelHandle, size_t index, const char** out) {
  const ait::TensorSpec* spec = ait::input_at(index);
  if (!spec) return ait::reported(1);
  *out = spec->name;
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetOutputName(AITemplateModelHandle, size_t index, const char** out) {
  const ait::TensorSpec* spec = ait::output_at(index);
  if (!spec) return ait::reported(1);
  *out = spec->name;
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetMaximumInputShape(AITemplateModelHandle handle, size_t index,
                                                             AITemplateParamShape* out) {
  if (!ait::input_at(index)) return ait::reported(1);
  const ait::TensorSpec* spec = &ait::of(handle)->largest.inputs()[index];
  *out = {spec->sizes, size_t(spec->rank)};
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetMaximumOutputShape(AITemplateModelHandle handle, size_t index,
                                                              AITemplateParamShape* out) {
  if (!ait::output_at(index)) return ait::reported(1);
  const ait::TensorSpec* spec = &ait::of(handle)->largest.outputs()[index];
  *out = {spec->sizes, size_t(spec->rank)};
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetInputDtype(AITemplateModelHandle, size_t index, AITemplateDtype* out) {
  const ait::TensorSpec* spec = ait::input_at(index);
  if (!spec) return ait::reported(1);
  *out = AITemplateDtype(spec->dtype);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetOutputDtype(AITemplateModelHandle, size_t index, AITemplateDtype* out) {
  const ait::TensorSpec* spec = ait::output_at(index);
  if (!spec) return ait::reported(1);
  *out = AITemplateDtype(spec->dtype);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetNumRuntimes(AITemplateModelHandle handle, size_t* out) {
  *out = size_t(ait::of(handle)->settings.num_runtimes);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateDeviceMalloc(void** out, size_t size, AITemplateStreamHandle, bool) {
  if (ait::refused_device()) return ait::reported(1);
  *out = ait::allocate(int64_t(size));
  return *out ? AITemplateError::AITemplateSuccess
              : ait::reported(ait::error("out of memory: %llu bytes", (unsigned long long)size));
}

AITemplateError AITemplateDeviceFree(void* ptr, AITemplateStreamHandle, bool) {
  free(ptr);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateMemcpy(void* dst, const void* src, size_t count, AITemplateMemcpyKind,
                                 AITemplateStreamHandle, bool) {
  if (ait::refused_device()) return ait::reported(1);
  if (count > 0) memcpy(dst, src, count);
  return AITemplateError::AITemplateSuccess;
}
}
