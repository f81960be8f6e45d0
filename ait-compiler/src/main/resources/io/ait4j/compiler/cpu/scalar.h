// The scalar operators of generated loops on processors: float through our vectorisable functions.
#pragma once
#include "half.h"
#include "float_math.h"
#include "model.h"
#include "operators.h"

AIT_NAMESPACE_BEGIN

// A data-dependent index of an operator: outside of [0, extent) the run fails and element 0 is read instead.
AIT_INLINE int64_t checked_index(const Context& cx, const char* op, int64_t at, int64_t extent) {
  if (__builtin_expect(uint64_t(at) < uint64_t(extent), 1)) return at;
  fail(cx, "%s: index %lld is out of range: the dimension has size %lld", op, (long long)at, (long long)extent);
  return 0;
}

AIT_INLINE double log_gamma(double x) {
  int sign;
  return ::lgamma_r(x, &sign); // lgamma() would write a global
}

AIT_NAMESPACE_END

#include "special.h"
