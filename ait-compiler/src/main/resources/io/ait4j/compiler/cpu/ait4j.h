/* The C interface of a compiled library. Plain C; every function may be called from any thread.
 *
 * A function that returns int returns 0 for success, else a number that is not 0; ait4j_last_error() then has the
 * reason, one line fit for a user. Pointers to names, sizes and strides live as long as the library is loaded.
 */
#ifndef AIT4J_H
#define AIT4J_H

#include <stdint.h>

#define AIT4J_ABI_VERSION 5

#define AIT4J_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* Where memory is, by DLPack's numbers. */
enum { AIT4J_HOST = 1, AIT4J_CUDA = 2 };

/* A loaded model: its constants and the memory of its concurrent runs. */
typedef struct ait4j_model ait4j_model;

/* dtype: float16 1, float32 2, int32 3, int64 4, bool 5, bfloat16 6 (AITemplate's numbers), int8 7, uint8 8, int16 9,
 * float64 10, complex64 11, complex128 12. Strides are in elements; a null `strides` means row-major. */
typedef struct ait4j_tensor {
  void* data;
  int32_t dtype;
  int32_t rank;
  const int64_t* sizes;
  const int64_t* strides;
  int32_t device;       /* AIT4J_HOST or AIT4J_CUDA */
  int32_t device_index; /* which of the latter */
} ait4j_tensor;

/* A size that differs from run to run, between `min` and `max` (INT64_MAX: without bound). `name` is the source graph's.
 * Where it is the size of an input, `input` and `dim` say which; else they are -1. */
typedef struct ait4j_symbol_spec {
  const char* name;
  int64_t min;
  int64_t max;
  int32_t input;
  int32_t dim;
} ait4j_symbol_spec;

/* What the model takes or gives. A tensor with these strides is used in place; one with others is copied, and counted
 * in ait4j_border_copy_bytes(). A size or stride of -1 depends on symbols. */
typedef struct ait4j_tensor_spec {
  const char* name;
  int32_t dtype;
  int32_t rank;
  const int64_t* sizes;
  const int64_t* strides;
} ait4j_tensor_spec;

enum {
  AIT4J_RAW_FOLD_ONLY = 0, /* read by ait4j_fold() alone; may be absent where the folded ones are given */
  AIT4J_KEPT = 1,          /* read by runs as it is */
  AIT4J_FOLDED = 2         /* written by ait4j_fold(), read by runs */
};

typedef struct ait4j_constant_spec {
  const char* name;
  int32_t dtype;
  int32_t role;
  int64_t bytes;
  int32_t feeds_fold; /* whether folding reads it */
  int32_t bound;      /* whether the library brings its value, which need not be set then */
} ait4j_constant_spec;

/* A constant's memory: of the host or, for a model on a GPU, of its device. */
typedef struct ait4j_constant {
  int64_t index; /* as ait4j_constant_spec_at() counts */
  void* data;
  int64_t bytes;
  int32_t device; /* AIT4J_HOST or AIT4J_CUDA */
} ait4j_constant;

/* Calls body(ctx, begin, end) for [0, grain), [grain, 2 grain), ... up to n, in any order and on any threads, and returns
 * when all are done. The cuts must be exactly these: results depend on them. */
typedef void (*ait4j_parallel_for)(int64_t n, int64_t grain, void (*body)(void* ctx, int64_t begin, int64_t end),
                                   void* ctx, void* user);

/* AIT4J_ABI_VERSION of the library: check it before calling anything else. */
AIT4J_EXPORT int32_t ait4j_abi_version(void);

/* Why the last call of this thread failed; never null; valid until this thread's next call. */
AIT4J_EXPORT const char* ait4j_last_error(void);

AIT4J_EXPORT int ait4j_create(ait4j_model** model);
/* No call with this model may be under way or follow. Deleting the last model of the library joins its threads. */
AIT4J_EXPORT int ait4j_delete(ait4j_model* model);

AIT4J_EXPORT int64_t ait4j_num_symbols(const ait4j_model* model);
AIT4J_EXPORT int64_t ait4j_num_inputs(const ait4j_model* model);
AIT4J_EXPORT int64_t ait4j_num_outputs(const ait4j_model* model);
AIT4J_EXPORT int64_t ait4j_num_constants(const ait4j_model* model);
AIT4J_EXPORT int ait4j_symbol_spec_at(const ait4j_model* model, int64_t index, ait4j_symbol_spec* spec);
AIT4J_EXPORT int ait4j_input_spec(const ait4j_model* model, int64_t index, ait4j_tensor_spec* spec);
AIT4J_EXPORT int ait4j_output_spec(const ait4j_model* model, int64_t index, ait4j_tensor_spec* spec);
AIT4J_EXPORT int ait4j_constant_spec_at(const ait4j_model* model, int64_t index, ait4j_constant_spec* spec);

/* Constants are a set that never changes while a run reads it: a run takes the one that is current when it begins, until it is
 * done, on a GPU until what it queued is; functions that change constants make the next one, and are each all or nothing. */

/* For runs that begin later. The pointers are kept, the memory must outlive the model, or the next set, and not change; that of
 * before is free when this returns, for which it waits for runs that read it. A GPU has copies of what is on the host. What
 * folding reads counts there from the next fold on; where runs must not see it half changed, stage, fold and swap instead. */
AIT4J_EXPORT int ait4j_set_constants(ait4j_model* model, const ait4j_constant* constants, int64_t count);

/* ait4j_set_constants() of one in memory of the host. */
AIT4J_EXPORT int ait4j_set_constant(ait4j_model* model, int64_t index, void* data, int64_t bytes);

/* Folds into memory of the library's own. Runs go on, those that begin later read the results. The first run does it by itself
 * if a folded constant is not set. */
AIT4J_EXPORT int ait4j_fold_constants(ait4j_model* model);

/* ait4j_set_constants() into a second set, which only ait4j_swap_constants() makes current. What has not been staged stays as it
 * is; what takes the place of a constant that the library brings is copied, on a GPU in the order of `stream`, a cudaStream_t. */
AIT4J_EXPORT int ait4j_stage_constants(ait4j_model* model, const ait4j_constant* constants, int64_t count, void* stream);

/* ait4j_fold_constants() of the second set. */
AIT4J_EXPORT int ait4j_fold_staged_constants(ait4j_model* model);

/* Makes the second set current: a run reads the one or the other, never some of both. Waits for no run. */
AIT4J_EXPORT int ait4j_swap_constants(ait4j_model* model);

/* Waits for runs that read memory which a swap replaced: the caller may free it then. */
AIT4J_EXPORT int ait4j_settle(ait4j_model* model);

/* Told on the caller's thread that folding has done a step and begins the next: what only earlier steps use may go. */
typedef void (*ait4j_fold_step)(void* user, int64_t step);

/* Computes every FOLDED constant into the memory set for it, for whoever builds. `done` may be null, and calls no
 * function of this model. Waits for runs under way. */
AIT4J_EXPORT int ait4j_fold(ait4j_model* model, ait4j_fold_step done, void* user);

/* What runs return. AIT4J_FAILED may also tell of an earlier run, which ait4j_run_on() queued. */
enum { AIT4J_FAILED = 1, AIT4J_REFUSED = 2 /* this call failed, and nothing else */ };

/* Runs once. Inputs must have the spec's dtypes and sizes; outputs, too, and are written in place. `symbols` has a value for
 * each symbol; if it is null, they are taken from the inputs' sizes. Concurrent calls are welcome: each has an arena of its
 * own, which grows with the sizes it has seen, so the caller bounds their number. */
AIT4J_EXPORT int ait4j_run(ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
                           const ait4j_tensor* outputs, int64_t num_outputs);

/* Where the model runs: AIT4J_HOST or AIT4J_CUDA. A model of the latter takes tensors of the host and of its device; those
 * of the host are copied there and back. */
AIT4J_EXPORT int32_t ait4j_device(const ait4j_model* model);

/* Which of the machine's GPUs runs it, 0 if never said. Only before the first run. */
AIT4J_EXPORT int ait4j_set_device_index(ait4j_model* model, int32_t index);

/* ait4j_run() of device tensors on the caller's cudaStream_t: returns as soon as the work is queued. What fails later,
 * ait4j_check() tells once the stream is done. Models for CPUs refuse it. */
AIT4J_EXPORT int ait4j_run_on(ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
                              const ait4j_tensor* outputs, int64_t num_outputs, void* stream);

/* Whether what ait4j_run_on() queued, and is done by now, went well. */
AIT4J_EXPORT int ait4j_check(ait4j_model* model);

/* Whether runs of device tensors are replayed from a graph of their launches, which is recorded when the same tensors come
 * once more: fewer microseconds a launch. Off at first; models for CPUs refuse it. */
AIT4J_EXPORT int ait4j_set_graphs(ait4j_model* model, int32_t on);

/* Writes the sizes that outputs have for these inputs (data may be null) to sizes[i][0 .. rank of output i). `symbols` as in
 * ait4j_run(). */
AIT4J_EXPORT int ait4j_infer_output_shapes(const ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs,
                                           int64_t num_inputs, int64_t* const* sizes, int64_t num_outputs);

/* A kernel of a run. `flops` counts the slots of multiply-adds that it needs, two each; `bytes` what it must read and
 * write at least, `constant_bytes` those of constants apart. */
typedef struct ait4j_kernel_profile {
  const char* name;
  int64_t nanos;
  int64_t flops;
  int64_t bytes;
  int64_t constant_bytes;
} ait4j_kernel_profile;

AIT4J_EXPORT int64_t ait4j_num_kernels(const ait4j_model* model);

/* ait4j_run() that also says of each kernel, in their order, what it took. */
AIT4J_EXPORT int ait4j_profile(ait4j_model* model, const int64_t* symbols, const ait4j_tensor* inputs, int64_t num_inputs,
                               const ait4j_tensor* outputs, int64_t num_outputs, ait4j_kernel_profile* kernels);

/* Whether ait4j_profile() empties the GPU's cache before each kernel, and lets nothing wait for the host: for comparing
 * kernels with each other. Off at first; models for CPUs refuse it. */
AIT4J_EXPORT int ait4j_set_cold_profiles(ait4j_model* model, int32_t on);

/* Frees the memory that runs at rest keep for the next. */
AIT4J_EXPORT int ait4j_trim(ait4j_model* model);

/* Runs parallel work through `run` instead of the library's own threads; null restores those. Waits for runs under way. */
AIT4J_EXPORT int ait4j_set_executor(ait4j_model* model, ait4j_parallel_for run, void* user);

/* At most this many of the library's own threads serve this model; 0 is one for each available processor. */
AIT4J_EXPORT int ait4j_set_threads(ait4j_model* model, int32_t threads);

/* Bytes of scratch memory that one run needs at most; -1 if a symbol without bound decides. */
AIT4J_EXPORT int64_t ait4j_arena_bytes(const ait4j_model* model);

/* Bytes copied so far because a tensor did not have the spec's strides, was misaligned or overlapped another one. */
AIT4J_EXPORT int64_t ait4j_border_copy_bytes(const ait4j_model* model);

#ifdef __cplusplus
}
#endif

#endif
