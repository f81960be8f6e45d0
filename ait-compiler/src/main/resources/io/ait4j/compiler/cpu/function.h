// What hand-written functions get: tensors by their strides, and a way to tell errors. A function is called once for a
// whole operator, as ait::name(call, arguments...); it splits its work by parallel_for and by sizes only, so that results
// do not depend on the number of threads. It may multiply matrices by gemm.h, whose sums are compiled once for all programs;
// to call dense_conv, dwconv, winograd or sdpa it includes conv_impl.h, dwconv_impl.h, winograd_impl.h or attention_impl.h.
#pragma once
#include <cstdarg>
#include <cstdio>
#include "model.h"
#include "scalar.h"
#include "tensor.h"

AIT_NAMESPACE_BEGIN

struct Call {
  const Context& cx;
  const char* op; // "aten::sort"
};

// Fails the run, naming the operator; from any thread. The caller goes on without touching what it must not.
__attribute__((format(printf, 2, 3), cold, noinline)) inline void fail(const Call& call, const char* format, ...) {
  char text[300];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  fail(call.cx, "%s: %s", call.op, text);
}

// How many pieces of work make a task that is worth handing to another thread; `cost` of one in nanoseconds.
AIT_INLINE int64_t grain(double cost) { return cost >= 2e4 ? 1 : int64_t(2e4 / (cost > 0.05 ? cost : 0.05)); }

AIT_NAMESPACE_END
