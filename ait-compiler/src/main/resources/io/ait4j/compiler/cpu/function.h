// What hand-written functions get: tensors by their strides, and a way to tell errors. A function is called once for a
// whole operator, as ait::name(call, arguments...); it splits its work by parallel_for and by sizes only, so that results
// do not depend on the number of threads. It may multiply matrices by gemm.h, whose sums are compiled once for all programs;
// to call dense_conv, dwconv, winograd or sdpa it includes conv_impl.h, dwconv_impl.h, winograd_impl.h or attention_impl.h.
#pragma once
#include <cstdarg>
#include <cstdio>
#include "model.h"
#include "scalar.h"

AIT_NAMESPACE_BEGIN

// Sizes and strides in elements; a stride may be 0. T is const for what is read.
template <class T> struct Tensor {
  T* data;
  int32_t rank;
  int64_t sizes[MAX_RANK], strides[MAX_RANK];

  int64_t numel() const { return numel(rank); }

  // Of the first dimensions.
  int64_t numel(int32_t dims) const {
    int64_t n = 1;
    for (int32_t d = 0; d < dims; d++) n *= sizes[d];
    return n;
  }

  // Where element i of the first dimensions lies, i counted in row-major order.
  int64_t offset(int32_t dims, int64_t i) const {
    int64_t at = 0;
    for (int32_t d = dims; d-- > 0;) {
      at += i % sizes[d] * strides[d];
      i /= sizes[d];
    }
    return at;
  }

  T& operator[](int64_t i) const { return data[offset(rank, i)]; }

  int64_t last_size() const { return sizes[rank - 1]; }
  int64_t last_stride() const { return strides[rank - 1]; }

  // Whether elements lie one after another in row-major order.
  bool is_contiguous() const {
    int64_t step = 1;
    for (int32_t d = rank; d-- > 0;) {
      if (sizes[d] != 1 && strides[d] != step) return false;
      step *= sizes[d];
    }
    return true;
  }
};

// A tensor as rows along its last dimension; a scalar is one row of one.
template <class T> struct Lines {
  Tensor<T> tensor;
  int64_t count, size, step;

  explicit Lines(const Tensor<T>& t)
      : tensor(t), count(t.rank ? t.numel(t.rank - 1) : 1), size(t.rank ? t.last_size() : 1), step(t.rank ? t.last_stride() : 0) {}

  T* row(int64_t i) const { return tensor.rank ? tensor.data + tensor.offset(tensor.rank - 1, i) : tensor.data; }
};

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
