// How what is written to a place is combined with what is there, on processors and GPUs.
#pragma once
#include "operators.h"

AIT_NAMESPACE_BEGIN

enum Combine { SET, ADD, MULTIPLY, MEAN, LARGEST, SMALLEST };

template <int OP, class T> AIT_INLINE T combine(T a, T b) {
  if constexpr (OP == ADD || OP == MEAN) return op_add(a, b);
  else if constexpr (OP == MULTIPLY && is_floating<T>) return a * b;
  else if constexpr (OP == MULTIPLY) return op_mul(a, b);
  else if constexpr (OP == LARGEST) return op_max(a, b);
  else if constexpr (OP == SMALLEST) return op_min(a, b);
  else return b;
}

template <int OP, class T> AIT_INLINE T combine_neutral() {
  if constexpr (OP == LARGEST) return lowest<T>();
  else if constexpr (OP == SMALLEST) return highest<T>();
  else return T(OP == MULTIPLY ? 1 : 0);
}

template <class T> AIT_INLINE T mean_of(T sum, int64_t count) {
  if constexpr (is_floating<T>) return sum / T(count);
  else return op_floor_div(sum, T(count));
}

AIT_NAMESPACE_END
