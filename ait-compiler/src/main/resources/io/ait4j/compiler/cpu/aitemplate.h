// AITemplate's C interface as a library for CPUs offers it: names, numbers and layouts are those of its
// model_interface.h and utility.h (facebookincubator/AITemplate), so that programs written for it load our libraries.
// Streams, graph mode and `sync` have no meaning here: every call is done when it returns.
#pragma once
#include <cstddef>
#include <cstdint>
#include "ait4j.h"

enum class AITemplateError : int { AITemplateSuccess = 0, AITemplateFailure = 1 };

enum class AITemplateDtype : int { kUnset = 0, kHalf, kFloat, kInt, kLong, kBool, kBFloat16 }; // ours follow

enum class AITemplateMemcpyKind : int { HostToDevice = 0, DeviceToHost, DeviceToDevice };

struct AITemplateParamShape {
  const int64_t* shape_data;
  size_t size;
};

struct AITData {
  void* ptr;
  AITemplateParamShape shape;
  AITemplateDtype dtype;
};

struct AITemplateModelOpaque;
struct AITemplateStreamOpaque;
class AITemplateAllocator;
using AITemplateModelHandle = AITemplateModelOpaque*;
using AITemplateStreamHandle = AITemplateStreamOpaque*;

extern "C" {

// num_runtimes is a hint: runs beyond it get memory of their own and never wait. allocator must be null.
AIT4J_EXPORT AITemplateError AITemplateModelContainerCreate(AITemplateModelHandle* ret, size_t num_runtimes,
                                                            AITemplateAllocator* allocator);
AIT4J_EXPORT AITemplateError AITemplateModelContainerDelete(AITemplateModelHandle handle);

// The memory stays the caller's and must outlive the container. An unknown name is an error.
AIT4J_EXPORT AITemplateError AITemplateModelContainerSetConstant(AITemplateModelHandle handle, const char* name,
                                                                 const AITData* tensor);
AIT4J_EXPORT AITemplateError AITemplateModelContainerSetManyConstants(AITemplateModelHandle handle, const char** names,
                                                                      const AITData* tensors, size_t num_tensors);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumConstants(AITemplateModelHandle handle,
                                                                     bool unbound_constants_only,
                                                                     bool constant_folding_inputs_only,
                                                                     size_t* num_constants_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetConstantNames(AITemplateModelHandle handle,
                                                                      bool unbound_constants_only,
                                                                      bool constant_folding_inputs_only,
                                                                      const char** constant_names_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetConstantDtype(AITemplateModelHandle handle, const char* name,
                                                                      AITemplateDtype* dtype);
AIT4J_EXPORT AITemplateError AITemplateModelContainerFoldConstants(AITemplateModelHandle handle,
                                                                   AITemplateStreamHandle stream, bool sync);

// Folds first if that is still to do. Outputs have room for the maximum shape.
AIT4J_EXPORT AITemplateError AITemplateModelContainerRun(AITemplateModelHandle handle, const AITData* inputs,
                                                         size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                         AITemplateStreamHandle stream, bool sync, bool graph_mode,
                                                         int64_t** output_shapes_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerRunWithOutputsOnHost(
    AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs, AITData* outputs, size_t num_outputs,
    AITemplateStreamHandle stream, bool graph_mode, int64_t** output_shapes_out);

AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumInputs(AITemplateModelHandle handle, size_t* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetInputName(AITemplateModelHandle handle, size_t index,
                                                                  const char** out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetMaximumInputShape(AITemplateModelHandle handle, size_t index,
                                                                          AITemplateParamShape* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetInputDtype(AITemplateModelHandle handle, size_t index,
                                                                   AITemplateDtype* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumOutputs(AITemplateModelHandle handle, size_t* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetOutputName(AITemplateModelHandle handle, size_t index,
                                                                   const char** out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetMaximumOutputShape(AITemplateModelHandle handle, size_t index,
                                                                           AITemplateParamShape* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetOutputDtype(AITemplateModelHandle handle, size_t index,
                                                                    AITemplateDtype* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumRuntimes(AITemplateModelHandle handle, size_t* out);

AIT4J_EXPORT AITemplateError AITemplateDeviceMalloc(void** out, size_t size, AITemplateStreamHandle stream, bool sync);
AIT4J_EXPORT AITemplateError AITemplateDeviceFree(void* ptr, AITemplateStreamHandle stream, bool sync);
AIT4J_EXPORT AITemplateError AITemplateMemcpy(void* dst, const void* src, size_t count, AITemplateMemcpyKind kind,
                                              AITemplateStreamHandle stream, bool sync);
}
