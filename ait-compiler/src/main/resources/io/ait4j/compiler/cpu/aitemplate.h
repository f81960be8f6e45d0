/* AITemplate's C interface: names, numbers and layouts are those of its model_interface.h and utility.h
 * (facebookincubator/AITemplate), so that programs written for it load our libraries. For C and C++.
 *
 * Tensors are row-major in the memory of the device that runs the model: a GPU's, or the host's, where streams, graph
 * mode and `sync` have no meaning since every call is done when it returns. A function that fails returns
 * AITemplateFailure, writes its reason to stderr and keeps it for ait4j_last_error().
 */
#ifndef AIT4J_AITEMPLATE_H
#define AIT4J_AITEMPLATE_H

#include <stddef.h>
#include <stdint.h>
#include "ait4j.h"

#ifdef __cplusplus

#define AITEMPLATE_DEFAULT(value) = value

enum class AITemplateError : int { AITemplateSuccess = 0, AITemplateFailure = 1 };

enum class AITemplateDtype : int { kUnset = 0, kHalf, kFloat, kInt, kLong, kBool, kBFloat16 }; // ait4j.h has those that follow

enum class AITemplateMemcpyKind : int { HostToDevice = 0, DeviceToHost, DeviceToDevice };

enum class AITemplateAllocatorType : int { kDefault = 0, kTracking };

struct AITemplateParamShape {
  AITemplateParamShape() = default;
  AITemplateParamShape(const int64_t* data, size_t rank) : shape_data(data), size(rank) {}

  const int64_t* shape_data = nullptr;
  size_t size = 0;

  size_t Numel() const {
    int64_t n = 1;
    for (size_t d = 0; d < size; d++) n *= shape_data[d];
    return size_t(n);
  }
};

struct AITData {
  AITData() = default;
  AITData(void* data, const AITemplateParamShape& sizes, AITemplateDtype type) : ptr(data), shape(sizes), dtype(type) {}

  void* ptr = nullptr;
  AITemplateParamShape shape;
  AITemplateDtype dtype = AITemplateDtype::kUnset;
};

/* Where a container gets the memory of its device. Used from several threads; throws nothing; Allocate returns null where
 * there is none. It must outlive the containers that use it. */
class AITemplateAllocator {
public:
  virtual void* Allocate(size_t nbytes) = 0;
  virtual void Free(void* ptr) = 0;
  virtual ~AITemplateAllocator() = default;
};

static_assert(sizeof(AITData) == 32 && offsetof(AITData, ptr) == 0 && offsetof(AITData, shape.shape_data) == 8 &&
                  offsetof(AITData, shape.size) == 16 && offsetof(AITData, dtype) == 24,
              "AITData is laid out as AITemplate's");
static_assert(sizeof(AITemplateParamShape) == 16 && sizeof(AITemplateError) == 4 && sizeof(AITemplateDtype) == 4 &&
                  sizeof(AITemplateMemcpyKind) == 4 && sizeof(AITemplateAllocatorType) == 4,
              "the others, too");

extern "C" {

#else

#include <stdbool.h>

#define AITEMPLATE_DEFAULT(value)

typedef enum AITemplateError { AITemplateSuccess = 0, AITemplateFailure = 1 } AITemplateError;

typedef enum AITemplateDtype {
  AITemplateDtype_kUnset = 0,
  AITemplateDtype_kHalf,
  AITemplateDtype_kFloat,
  AITemplateDtype_kInt,
  AITemplateDtype_kLong,
  AITemplateDtype_kBool,
  AITemplateDtype_kBFloat16
} AITemplateDtype;

typedef enum AITemplateMemcpyKind {
  AITemplateMemcpyKind_HostToDevice = 0,
  AITemplateMemcpyKind_DeviceToHost,
  AITemplateMemcpyKind_DeviceToDevice
} AITemplateMemcpyKind;

typedef enum AITemplateAllocatorType { AITemplateAllocatorType_kDefault = 0, AITemplateAllocatorType_kTracking } AITemplateAllocatorType;

typedef struct AITemplateParamShape {
  const int64_t* shape_data;
  size_t size;
} AITemplateParamShape;

typedef struct AITData {
  void* ptr;
  AITemplateParamShape shape;
  AITemplateDtype dtype;
} AITData;

typedef struct AITemplateAllocator AITemplateAllocator;

_Static_assert(sizeof(AITData) == 32 && offsetof(AITData, ptr) == 0 && offsetof(AITData, shape.shape_data) == 8 &&
                   offsetof(AITData, shape.size) == 16 && offsetof(AITData, dtype) == 24 && sizeof(AITemplateError) == 4,
               "AITData is laid out as AITemplate's");

#endif

/* A loaded model with the memory of `num_runtimes` concurrent runs. */
typedef struct AITemplateModelOpaque* AITemplateModelHandle;
/* A cudaStream_t; null is the default stream. Nothing on a CPU. */
typedef struct AITemplateStreamOpaque* AITemplateStreamHandle;

/* num_runtimes runs may be under way at once; more wait for one of them. Without an allocator, memory is the device's. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerCreate(AITemplateModelHandle* ret, size_t num_runtimes,
                                                            AITemplateAllocator* allocator AITEMPLATE_DEFAULT(nullptr));
/* No call with this container may be under way or follow. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerDelete(AITemplateModelHandle handle);

/* The memory stays the caller's and must outlive the container, or the next set. Waits for runs under way. Of several
 * either all are set or none. What is folded from them follows at the next FoldConstants. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerSetConstant(AITemplateModelHandle handle, const char* name,
                                                                 const AITData* tensor);
AIT4J_EXPORT AITemplateError AITemplateModelContainerSetManyConstants(AITemplateModelHandle handle, const char** names,
                                                                      const AITData* tensors, size_t num_tensors);

/* Constants for after the next SwapConstants; runs go on meanwhile. What is not set stays as it is. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerSetDoubleBufferConstant(AITemplateModelHandle handle,
                                                                             AITemplateStreamHandle stream_handle,
                                                                             const char* name, const AITData* tensor);
AIT4J_EXPORT AITemplateError AITemplateModelContainerSetManyDoubleBufferConstants(AITemplateModelHandle handle,
                                                                                  AITemplateStreamHandle stream_handle,
                                                                                  const char** names,
                                                                                  const AITData* tensors,
                                                                                  size_t num_tensors);

/* Constants that a client may set: all, or those without a value of the library's own; all, or those that folding reads.
 * Names live as long as the library is loaded. */
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
/* What the model that was compiled calls it. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetConstantOriginalName(AITemplateModelHandle handle,
                                                                             const char* name,
                                                                             const char** original_name_out);

/* Folds first if that never happened. Outputs have room for their maximum shape; output_shapes_out, unless null, gets the
 * true ones, each where it points to. Data of empty tensors may be null. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerRun(AITemplateModelHandle handle, const AITData* inputs,
                                                         size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                         AITemplateStreamHandle stream_handle, bool sync, bool graph_mode,
                                                         int64_t** output_shapes_out);
/* The same for outputs on the host; done when it returns. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerRunWithOutputsOnHost(
    AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs, AITData* outputs, size_t num_outputs,
    AITemplateStreamHandle stream_handle, bool graph_mode, int64_t** output_shapes_out);

/* Times each kernel in num_iters runs. The file gets a JSON object with one for each kernel: ms_per_iter, qps,
 * flops, bytes, constant_bytes; sizes of inputs and outputs, which AITemplate gives, are not in it, since kernels are fused. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerProfile(AITemplateModelHandle handle, const AITData* inputs,
                                                             size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                             AITemplateStreamHandle stream_handle, size_t num_iters,
                                                             const char* filename);
/* `count` runs on each of num_threads threads (0: one for each processor), each of which writes outputs of its own; fails
 * if these differ. runtime_ms gets the milliseconds of one run: the mean, with several threads that of the slowest
 * divided by their number. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerBenchmark(
    AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs, AITData* outputs, size_t num_outputs,
    AITemplateStreamHandle stream_handle, bool graph_mode, size_t count, size_t num_threads,
    bool use_unique_stream_per_thread, float* runtime_ms, int64_t** output_shapes_out);

/* Shapes and names live as long as the container and the library. A maximum of -1 has no bound. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumInputs(AITemplateModelHandle handle, size_t* num_inputs_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetInputName(AITemplateModelHandle handle, size_t input_idx,
                                                                  const char** input_name_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetMaximumInputShape(AITemplateModelHandle handle, size_t input_idx,
                                                                          AITemplateParamShape* shape);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetInputDtype(AITemplateModelHandle handle, size_t input_idx,
                                                                   AITemplateDtype* input_dtype);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumOutputs(AITemplateModelHandle handle, size_t* num_outputs_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetOutputName(AITemplateModelHandle handle, size_t output_idx,
                                                                   const char** output_name_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetMaximumOutputShape(AITemplateModelHandle handle,
                                                                           size_t output_idx,
                                                                           AITemplateParamShape* shape_out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetOutputDtype(AITemplateModelHandle handle, size_t output_idx,
                                                                    AITemplateDtype* out);
AIT4J_EXPORT AITemplateError AITemplateModelContainerGetNumRuntimes(AITemplateModelHandle handle,
                                                                    size_t* num_runtimes_out);

/* FoldConstants waits for runs under way and computes what is folded from the constants set; InDoubleBuffer computes it for
 * after the next swap, while runs go on: from those set for it, which FoldConstants leaves alone, and otherwise from those set.
 * A library exported without --constants updatable has nothing to compute and succeeds; it neither lists nor takes constants
 * that something was folded from, and swaps the others. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerFoldConstants(AITemplateModelHandle handle,
                                                                   AITemplateStreamHandle stream_handle, bool sync);
AIT4J_EXPORT AITemplateError AITemplateModelContainerFoldConstantsInDoubleBuffer(AITemplateModelHandle handle,
                                                                                 AITemplateStreamHandle stream_handle,
                                                                                 bool sync);
/* Runs that begin later use the constants set and folded for it, all at once; those under way keep theirs. Changes nothing
 * where there are none folded for it. */
AIT4J_EXPORT AITemplateError AITemplateModelContainerSwapConstants(AITemplateModelHandle handle);

/* The tracking one sums up the bytes that it was asked for. */
AIT4J_EXPORT AITemplateError AITemplateAllocatorCreate(AITemplateAllocator** allocator_out,
                                                       AITemplateAllocatorType allocator_type);
AIT4J_EXPORT AITemplateError AITemplateAllocatorDelete(AITemplateAllocator* allocator_out);
AIT4J_EXPORT AITemplateError AITemplateTrackingAllocatorGetNumBytes(AITemplateAllocator* allocator, size_t* num_bytes_out);

/* Memory of the device that runs the model. */
AIT4J_EXPORT AITemplateError AITemplateDeviceMalloc(void** ptr_out, size_t size,
                                                    AITemplateStreamHandle stream AITEMPLATE_DEFAULT(nullptr),
                                                    bool sync AITEMPLATE_DEFAULT(true));
AIT4J_EXPORT AITemplateError AITemplateDeviceFree(void* ptr, AITemplateStreamHandle stream AITEMPLATE_DEFAULT(nullptr),
                                                  bool sync AITEMPLATE_DEFAULT(true));
AIT4J_EXPORT AITemplateError AITemplateMemcpy(void* dst, const void* src, size_t count, AITemplateMemcpyKind kind,
                                              AITemplateStreamHandle stream AITEMPLATE_DEFAULT(nullptr),
                                              bool sync AITEMPLATE_DEFAULT(true));

#ifdef __cplusplus
}
#endif

#endif
