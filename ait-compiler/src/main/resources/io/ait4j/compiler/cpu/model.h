// What a generated program defines and may use. One of its files includes model_impl.h, after this.
#pragma once
#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include "parallel.h"
#include "tensor.h"

AIT_NAMESPACE_BEGIN

enum DType : int32_t {
  FLOAT16 = 1,
  FLOAT32 = 2,
  INT32 = 3,
  INT64 = 4,
  BOOL = 5,
  BFLOAT16 = 6,
  INT8 = 7,
  UINT8 = 8,
  INT16 = 9,
  FLOAT64 = 10,
  COMPLEX64 = 11,
  COMPLEX128 = 12
};

// A size that a run brings along. Where it is one of an input's, `input` and `dim` say which; else they are -1.
struct SymbolSpec {
  const char* name;
  int64_t min, max; // INT64_MAX: without bound
  int32_t input, dim;
};

// Strides are in elements. A tensor with these strides reaches the program as it is. A size or stride that depends on
// symbols is -1 until shape() says what it is.
struct TensorSpec {
  const char* name;
  DType dtype;
  int32_t rank;
  int64_t sizes[MAX_RANK];
  int64_t strides[MAX_RANK];
};

enum class ConstantRole : int32_t {
  RawFoldOnly = 0, // only fold() reads it
  Kept = 1,        // run() reads it; fold() may
  Folded = 2       // fold() writes it, run() reads it
};

// What a kernel of a run costs at least: operations in the slots of a multiply-add, two each, and bytes that must come
// and go, those of constants counted apart.
struct Work {
  int64_t flops, bytes, constant_bytes;
};

struct ConstantSpec {
  const char* name;
  DType dtype;
  int64_t bytes;
  ConstantRole role;
  bool feeds_fold = false; // fold() reads it; of no meaning for those that only fold() reads
};

// The first failure of a run, from whichever thread.
struct Failure {
  std::atomic<bool> set{false};
  char text[400];
};

struct Context {
  const int64_t* symbols; // in run(), a value for each
  const Executor& ex;
  char* arena;            // 64-byte aligned
  void* const* constants; // in run(), those that only fold() reads may be null
  void* const* inputs;
  void* const* outputs;
  Failure& failure;
};

// Always 1, so that a kernel may say `return fail(cx, ...)`; from inside parallel_for a plain call fails the run as well.
__attribute__((format(printf, 2, 3), cold, noinline)) inline int fail(const Context& cx, const char* format, ...) {
  if (!cx.failure.set.exchange(true)) {
    va_list args;
    va_start(args, format);
    vsnprintf(cx.failure.text, sizeof cx.failure.text, format, args);
    va_end(args);
  }
  return 1;
}

AIT_NAMESPACE_END

// The generated part. Arrays have at least one element, even where the count is 0.
namespace ait::model {
extern const SymbolSpec symbols[];
extern const int64_t num_symbols;
extern const TensorSpec inputs[];
extern const int64_t num_inputs;
extern const TensorSpec outputs[];
extern const int64_t num_outputs;
extern const ConstantSpec constants[];
extern const int64_t num_constants;
extern const int64_t fold_arena_bytes;
extern const int64_t num_fold_steps;
extern const char* const kernels[]; // of a run, in order
extern const int64_t num_kernels;

int64_t arena_bytes(const int64_t* symbols);
void shape(const int64_t* symbols, TensorSpec* inputs, TensorSpec* outputs); // sets the sizes and strides that depend on them

int run(const Context& cx);                // 0, or what fail() returned
int run_timed(const Context& cx, int64_t* ends); // the same; notes when each kernel was done, in nanos()
void work(const int64_t* symbols, Work* work);   // of each kernel of a run
int fold(const Context& cx, int64_t step); // the same, for one of the steps, in order; has neither inputs nor outputs
}
