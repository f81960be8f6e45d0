// What AITemplate's clients ask of a model's inputs and outputs.
#pragma once
#include "aitemplate_errors.h"

AIT_NAMESPACE_BEGIN

// One side of a model: its tensors as the library says they are, and at their largest.
struct Side {
  const char* what;
  const TensorSpec* specs;
  int64_t count;
  const char* const* names; // of the source graph, or null
};

inline Side input_side() { return {"input", model::inputs, model::num_inputs, input_names()}; }

inline Side output_side() { return {"output", model::outputs, model::num_outputs, output_names()}; }

inline int refuse_index(AITemplateModelHandle handle, const Side& side, size_t index, const void* out) {
  if (refuse_null({{handle, "the container"}, {out, "the answer's address"}})) return 1;
  return index < size_t(side.count) ? 0 : error("there is no %s %llu: the model has %lld", side.what, (unsigned long long)index,
                                                (long long)side.count);
}

inline AITemplateError count_at(AITemplateModelHandle handle, const Side& side, size_t* out) {
  if (refuse_null({{handle, "the container"}, {out, "the answer's address"}})) return reported(1);
  *out = size_t(side.count);
  return AITemplateError::AITemplateSuccess;
}

inline AITemplateError name_at(AITemplateModelHandle handle, const Side& side, size_t index, const char** out) {
  if (refuse_index(handle, side, index, out)) return reported(1);
  *out = side.names && side.names[index] ? side.names[index] : side.specs[index].name;
  return AITemplateError::AITemplateSuccess;
}

inline AITemplateError dtype_at(AITemplateModelHandle handle, const Side& side, size_t index, AITemplateDtype* out) {
  if (refuse_index(handle, side, index, out)) return reported(1);
  *out = AITemplateDtype(side.specs[index].dtype);
  return AITemplateError::AITemplateSuccess;
}

// `largest` has the side's tensors at the symbols' upper bounds.
inline AITemplateError shape_at(AITemplateModelHandle handle, const Side& side, size_t index, const TensorSpec* largest,
                                AITemplateParamShape* out) {
  if (refuse_index(handle, side, index, out)) return reported(1);
  *out = {largest[index].sizes, size_t(largest[index].rank)};
  return AITemplateError::AITemplateSuccess;
}

AIT_NAMESPACE_END

extern "C" {

AITemplateError AITemplateModelContainerGetNumInputs(AITemplateModelHandle handle, size_t* out) {
  return ait::count_at(handle, ait::input_side(), out);
}

AITemplateError AITemplateModelContainerGetNumOutputs(AITemplateModelHandle handle, size_t* out) {
  return ait::count_at(handle, ait::output_side(), out);
}

AITemplateError AITemplateModelContainerGetInputName(AITemplateModelHandle handle, size_t index, const char** out) {
  return ait::name_at(handle, ait::input_side(), index, out);
}

AITemplateError AITemplateModelContainerGetOutputName(AITemplateModelHandle handle, size_t index, const char** out) {
  return ait::name_at(handle, ait::output_side(), index, out);
}

AITemplateError AITemplateModelContainerGetMaximumInputShape(AITemplateModelHandle handle, size_t index,
                                                             AITemplateParamShape* out) {
  return ait::shape_at(handle, ait::input_side(), index, handle ? ait::of(handle)->largest.inputs() : nullptr, out);
}

AITemplateError AITemplateModelContainerGetMaximumOutputShape(AITemplateModelHandle handle, size_t index,
                                                              AITemplateParamShape* out) {
  return ait::shape_at(handle, ait::output_side(), index, handle ? ait::of(handle)->largest.outputs() : nullptr, out);
}

AITemplateError AITemplateModelContainerGetInputDtype(AITemplateModelHandle handle, size_t index, AITemplateDtype* out) {
  return ait::dtype_at(handle, ait::input_side(), index, out);
}

AITemplateError AITemplateModelContainerGetOutputDtype(AITemplateModelHandle handle, size_t index, AITemplateDtype* out) {
  return ait::dtype_at(handle, ait::output_side(), index, out);
}

AITemplateError AITemplateModelContainerGetNumRuntimes(AITemplateModelHandle handle, size_t* out) {
  if (ait::refuse_null({{handle, "the container"}, {out, "the answer's address"}})) return ait::reported(1);
  *out = size_t(ait::of(handle)->settings.num_runtimes);
  return AITemplateError::AITemplateSuccess;
}
}
