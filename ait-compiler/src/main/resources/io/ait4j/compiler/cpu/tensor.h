// Tensors by their strides, as hand-written functions get them, on processors and GPUs.
#pragma once
#include <cstdint>

#ifdef __CUDACC__
#define AIT_SHARED AIT_NOINLINE inline
#else
#define AIT_SHARED inline
#endif

AIT_NAMESPACE_BEGIN

constexpr int MAX_RANK = 16;

AIT_SHARED int64_t quotient(int64_t a, int64_t b) {
  return (uint64_t(a) | uint64_t(b)) >> 32 ? a / b : int64_t(uint32_t(a) / uint32_t(b)); // the latter is several times faster
}

// Where element i of dimensions of these sizes lies, i counted in row-major order. Not inlined on GPUs, where divisions are long.
AIT_SHARED int64_t offset_of(const int64_t* sizes, const int64_t* strides, int32_t dims, int64_t i) {
  int64_t at = 0;
  for (int32_t d = dims; d-- > 1;) {
    const int64_t rest = quotient(i, sizes[d]);
    at += (i - rest * sizes[d]) * strides[d];
    i = rest;
  }
  return dims > 0 ? at + i * strides[0] : at;
}

// Sizes and strides in elements; a stride may be 0. T is const for what is read.
template <class T> struct Tensor {
  T* data;
  int32_t rank;
  int64_t sizes[MAX_RANK], strides[MAX_RANK];

  AIT_INLINE int64_t numel() const { return numel(rank); }

  // Of the first dimensions.
  AIT_INLINE int64_t numel(int32_t dims) const {
    int64_t n = 1;
    for (int32_t d = 0; d < dims; d++) n *= sizes[d];
    return n;
  }

  // Where element i of the first dimensions lies, i counted in row-major order.
  AIT_INLINE int64_t offset(int32_t dims, int64_t i) const { return offset_of(sizes, strides, dims, i); }

  AIT_INLINE T& operator[](int64_t i) const { return data[offset(rank, i)]; }

  AIT_INLINE int64_t last_size() const { return sizes[rank - 1]; }
  AIT_INLINE int64_t last_stride() const { return strides[rank - 1]; }

  // Whether elements lie one after another in row-major order.
  AIT_INLINE bool is_contiguous() const {
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
  const Tensor<T>& tensor;
  int64_t count, size, step;

  AIT_INLINE explicit Lines(const Tensor<T>& t)
      : tensor(t), count(t.rank ? t.numel(t.rank - 1) : 1), size(t.rank ? t.last_size() : 1), step(t.rank ? t.last_stride() : 0) {}

  AIT_INLINE T* row(int64_t i) const { return tensor.rank ? tensor.data + tensor.offset(tensor.rank - 1, i) : tensor.data; }
};

// Rows of rows: the dimensions before the last two, the one before the last, the last.
template <class T> struct Sheets {
  const Tensor<T>& tensor;
  int64_t outer, inner, inner_step, size, step;

  AIT_INLINE explicit Sheets(const Tensor<T>& t) : tensor(t) {
    const int32_t r = t.rank;
    outer = r > 2 ? t.numel(r - 2) : 1;
    inner = r > 1 ? t.sizes[r - 2] : 1;
    inner_step = r > 1 ? t.strides[r - 2] : 0;
    size = r > 0 ? t.sizes[r - 1] : 1;
    step = r > 0 ? t.strides[r - 1] : 0;
  }

  AIT_INLINE T* at(int64_t o, int64_t i) const {
    return tensor.data + (tensor.rank > 2 ? tensor.offset(tensor.rank - 2, o) : 0) + i * inner_step;
  }
};

AIT_NAMESPACE_END
