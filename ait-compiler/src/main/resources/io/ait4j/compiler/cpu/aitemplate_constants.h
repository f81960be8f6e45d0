// AITemplate's functions for constants: which there are, setting, folding and swapping them.
#pragma once
#include "aitemplate_errors.h"

AIT_NAMESPACE_BEGIN

// Folded ones are the container's own; what was folded for good is no client's to change.
inline bool is_settable(int64_t i) {
  const ConstantSpec& spec = model::constants[i];
  return spec.role != ConstantRole::Folded && !(feeds_fold(spec) && !can_fold_again());
}

// Which constants a client asks for.
struct ConstantFilter {
  bool unbound_only, folding_inputs_only;

  bool takes(int64_t i) const {
    const ConstantSpec& spec = model::constants[i];
    return is_settable(i) && !(unbound_only && bound_constant(i)) &&
           !(folding_inputs_only && spec.role == ConstantRole::Kept && !spec.feeds_fold);
  }
};

// Writes the names where `names` is not null; how many there are.
inline size_t list_constants(const ConstantFilter& filter, const char** names) {
  size_t count = 0;
  for (int64_t i = 0; i < model::num_constants; i++) {
    if (!filter.takes(i)) continue;
    if (names) names[count] = model::constants[i].name;
    count++;
  }
  return count;
}

inline int list_names(AITemplateModelHandle handle, const ConstantFilter& filter, const char** out) {
  if (refuse_null({{handle, "the container"}})) return 1;
  if (list_constants(filter, nullptr) > 0 && refuse_null({{out, "the array for the names"}})) return 1;
  list_constants(filter, out);
  return 0;
}

// By our name or by the source model's; -1, with the error set, where there is none.
inline int64_t constant_index(const char* name) {
  for (int64_t i = 0; i < model::num_constants; i++)
    if (model::constants[i].role != ConstantRole::Folded &&
        (strcmp(model::constants[i].name, name) == 0 || strcmp(constant_source_name(i), name) == 0))
      return i;
  error("there is no constant %s", name);
  return -1;
}

inline int constant_of(const char* name, const AITData& tensor, ait4j_constant* out) {
  if (refuse_null({{name, "the name of a constant"}})) return 1;
  const int64_t index = constant_index(name);
  if (index < 0) return 1;
  const int32_t dtype = int32_t(tensor.dtype), expected = model::constants[index].dtype;
  if (dtype != expected)
    return error("constant %s: expected %s, got %s", name, dtype_name(expected), dtype_name(dtype));
  if (tensor.shape.size > MAX_RANK || (tensor.shape.size > 0 && !tensor.shape.shape_data))
    return error("constant %s: its shape is null or of more than %d dimensions", name, MAX_RANK);
  int64_t bytes = dtype_bytes(dtype);
  for (size_t d = 0; d < tensor.shape.size; d++)
    if (tensor.shape.shape_data[d] < 0 || __builtin_mul_overflow(bytes, tensor.shape.shape_data[d], &bytes))
      return error("constant %s: dimension %llu has size %lld", name, (unsigned long long)d,
                   (long long)tensor.shape.shape_data[d]);
  if (bytes > 0 && Device::refuse_host(tensor.ptr, "constant", name)) return 1;
  *out = {index, tensor.ptr, bytes, Machine::DEVICE};
  return 0;
}

// Hands over all of these or none: to the set in use, or, where `staged`, to that of the next swap.
inline int hand_over(AITemplateModelHandle handle, const char* const* names, const AITData* tensors, size_t count,
                     bool staged, void* stream) {
  if (refuse_null({{handle, "the container"}})) return 1;
  if (count == 0) return 0;
  if (refuse_null({{names, "the array of names"}, {tensors, "the constants' data"}})) return 1;
  auto* constants = static_cast<ait4j_constant*>(calloc(count, sizeof(ait4j_constant)));
  if (!constants) return error("out of memory");
  int result = 0;
  for (size_t i = 0; i < count && result == 0; i++) result = constant_of(names[i], tensors[i], &constants[i]);
  if (result == 0)
    result = staged ? stage_constants(of(handle), constants, int64_t(count), stream)
                    : set_constants(of(handle), constants, int64_t(count));
  free(constants);
  return result;
}

inline int fold_for(AITemplateModelHandle handle, bool staged, void* stream, bool sync) {
  if (refuse_null({{handle, "the container"}})) return 1;
  if (staged ? fold_staged_constants(of(handle)) : fold_constants(of(handle))) return 1;
  const Machine::Scope scope(of(handle)->machine.index); // whose default stream may be meant
  if (scope.failed()) return 1;
  return sync ? Device::wait(stream) : 0;
}

// A swap for which nothing is ready changes nothing and is no error, as in AITemplate. Its clients let go of what it replaces as
// soon as it returns, so no run may read that any more.
inline int swap_ready(AITemplateModelHandle handle) {
  if (refuse_null({{handle, "the container"}})) return 1;
  if (staged_state(of(handle)) == Staged::Folded) return swap_constants(of(handle)) || await_older(of(handle));
  fprintf(stderr, "ait4j: nothing is swapped: no constants were set and folded for it\n");
  return 0;
}

AIT_NAMESPACE_END

extern "C" {

AITemplateError AITemplateModelContainerSetConstant(AITemplateModelHandle handle, const char* name,
                                                    const AITData* tensor) {
  return ait::reported(ait::hand_over(handle, &name, tensor, 1, false, nullptr));
}

AITemplateError AITemplateModelContainerSetManyConstants(AITemplateModelHandle handle, const char** names,
                                                         const AITData* tensors, size_t num_tensors) {
  return ait::reported(ait::hand_over(handle, names, tensors, num_tensors, false, nullptr));
}

AITemplateError AITemplateModelContainerSetDoubleBufferConstant(AITemplateModelHandle handle, AITemplateStreamHandle stream,
                                                                const char* name, const AITData* tensor) {
  return ait::reported(ait::hand_over(handle, &name, tensor, 1, true, stream));
}

AITemplateError AITemplateModelContainerSetManyDoubleBufferConstants(AITemplateModelHandle handle,
                                                                     AITemplateStreamHandle stream, const char** names,
                                                                     const AITData* tensors, size_t num_tensors) {
  return ait::reported(ait::hand_over(handle, names, tensors, num_tensors, true, stream));
}

AITemplateError AITemplateModelContainerGetNumConstants(AITemplateModelHandle handle, bool unbound_only,
                                                        bool folding_inputs_only, size_t* out) {
  if (ait::refuse_null({{handle, "the container"}, {out, "the number's address"}})) return ait::reported(1);
  *out = ait::list_constants({unbound_only, folding_inputs_only}, nullptr);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetConstantNames(AITemplateModelHandle handle, bool unbound_only,
                                                         bool folding_inputs_only, const char** out) {
  return ait::reported(ait::list_names(handle, {unbound_only, folding_inputs_only}, out));
}

AITemplateError AITemplateModelContainerGetConstantDtype(AITemplateModelHandle handle, const char* name,
                                                         AITemplateDtype* out) {
  if (ait::refuse_null({{handle, "the container"}, {name, "the name"}, {out, "the type's address"}})) return ait::reported(1);
  const int64_t index = ait::constant_index(name);
  if (index < 0) return ait::reported(1);
  *out = AITemplateDtype(ait::model::constants[index].dtype);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerGetConstantOriginalName(AITemplateModelHandle handle, const char* name,
                                                                const char** out) {
  if (ait::refuse_null({{handle, "the container"}, {name, "the name"}, {out, "the name's address"}})) return ait::reported(1);
  const int64_t index = ait::constant_index(name);
  if (index < 0) return ait::reported(1);
  *out = ait::constant_source_name(index);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerFoldConstants(AITemplateModelHandle handle, AITemplateStreamHandle stream, bool sync) {
  return ait::reported(ait::fold_for(handle, false, stream, sync));
}

AITemplateError AITemplateModelContainerFoldConstantsInDoubleBuffer(AITemplateModelHandle handle,
                                                                    AITemplateStreamHandle stream, bool sync) {
  return ait::reported(ait::fold_for(handle, true, stream, sync));
}

AITemplateError AITemplateModelContainerSwapConstants(AITemplateModelHandle handle) {
  return ait::reported(ait::swap_ready(handle));
}
}
