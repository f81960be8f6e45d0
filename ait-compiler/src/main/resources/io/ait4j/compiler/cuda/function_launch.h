// What the launches of hand-written functions are computed with. What sizes alone tell to be wrong is refused here.
#pragma once
#include <cstdarg>
#include <cstdio>
#include "launch.h"
#include "tensor.h"

AIT_NAMESPACE_BEGIN

struct LaunchCall {
  const cuda::Context& cx;
  const char* op; // "aten::sort"
};

// Fails the run, naming the operator; false, so that nothing is launched.
__attribute__((format(printf, 2, 3), cold, noinline)) inline bool refuse(const LaunchCall& call, const char* format, ...) {
  LaunchError& e = *call.cx.error;
  if (e.code != cudaSuccess) return false;
  e.code = cudaErrorInvalidValue;
  const int named = snprintf(e.text, sizeof e.text, "%s: ", call.op);
  va_list args;
  va_start(args, format);
  vsnprintf(e.text + named, sizeof e.text - size_t(named), format, args);
  va_end(args);
  return false;
}

// Blocks for work that a grid strides over: all of it at once, or a few waves.
inline Launch blocks_over(const LaunchCall& call, int64_t count, int64_t each) {
  const int64_t wanted = (count + each - 1) / each, most = int64_t(call.cx.sms) * 32;
  return {.x = unsigned(wanted < most ? wanted : most)};
}

AIT_NAMESPACE_END
