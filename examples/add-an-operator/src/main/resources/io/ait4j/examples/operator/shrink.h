// myops::shrink for any number of dimensions, strides and element types.
#pragma once
#include "function.h"

AIT_NAMESPACE_BEGIN

template <class T> void shrink(const Call& call, const Tensor<const T>& x, const Tensor<T>& y, double below) {
  parallel_for(call.cx.ex, x.numel(), grain(2), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const T value = x[i];
      y[i] = value <= T(below) ? T(0) : value; // NaN stays
    }
  });
}

AIT_NAMESPACE_END
