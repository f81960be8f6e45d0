// Tensors by their strides: what memory they reach, and copying one layout to another.
#pragma once
#include <cstdint>
#include <cstring>
#include "model.h"

AIT_NAMESPACE_BEGIN

struct Span { // of elements, relative to element 0; empty when end == begin
  int64_t begin, end;
};

inline int64_t numel(int32_t rank, const int64_t* sizes) {
  int64_t n = 1;
  for (int32_t i = 0; i < rank; i++) n *= sizes[i];
  return n;
}

inline Span reach(int32_t rank, const int64_t* sizes, const int64_t* strides) {
  Span span = {0, 1};
  for (int32_t i = 0; i < rank; i++) {
    if (sizes[i] == 0) return {0, 0};
    (strides[i] < 0 ? span.begin : span.end) += (sizes[i] - 1) * strides[i];
  }
  return span;
}

// A dimension of size 1 has no stride to speak of.
inline bool same_strides(int32_t rank, const int64_t* sizes, const int64_t* a, const int64_t* b) {
  for (int32_t i = 0; i < rank; i++)
    if (sizes[i] > 1 && a[i] != b[i]) return false;
  return true;
}

inline void row_major(int32_t rank, const int64_t* sizes, int64_t* strides) {
  int64_t step = 1;
  for (int32_t i = rank; i-- > 0;) {
    strides[i] = step;
    step *= sizes[i] > 0 ? sizes[i] : 1;
  }
}

struct CopyDim {
  int64_t size, to, from;
};

inline int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

// Slowest first by the destination, without the dimensions of size 1.
inline int32_t order_dims(CopyDim* dims, int32_t rank, const int64_t* sizes, const int64_t* to, const int64_t* from) {
  int32_t n = 0;
  for (int32_t i = 0; i < rank; i++) {
    if (sizes[i] == 1) continue;
    int32_t at = n++;
    for (; at > 0 && magnitude(dims[at - 1].to) < magnitude(to[i]); at--) dims[at] = dims[at - 1];
    dims[at] = {sizes[i], to[i], from[i]};
  }
  return n;
}

// Whether no two indices share an element, as far as strides show; writing through others would lose values.
inline bool is_injective(int32_t rank, const int64_t* sizes, const int64_t* strides) {
  CopyDim dims[MAX_RANK];
  int64_t reached = 0;
  for (int32_t i = order_dims(dims, rank, sizes, strides, strides); i-- > 0;) {
    if (dims[i].size == 0) return true;
    if (magnitude(dims[i].to) <= reached) return false;
    reached += (dims[i].size - 1) * magnitude(dims[i].to);
  }
  return true;
}

template <int BYTES> inline void copy_row(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  if (to_step == BYTES && from_step == BYTES) {
    memcpy(to, from, n * BYTES);
    return;
  }
  for (int64_t i = 0; i < n; i++) memcpy(to + i * to_step, from + i * from_step, BYTES); // any alignment
}

template <int BYTES> inline void copy_dims(char* to, const char* from, const CopyDim* dims, int32_t n) {
  if (n == 0) {
    memcpy(to, from, BYTES);
  } else if (n == 1) {
    copy_row<BYTES>(to, dims->to * BYTES, from, dims->from * BYTES, dims->size);
  } else {
    for (int64_t i = 0; i < dims->size; i++)
      copy_dims<BYTES>(to + i * dims->to * BYTES, from + i * dims->from * BYTES, dims + 1, n - 1);
  }
}

// Copies every element; the two may not overlap.
inline void copy_strided(void* to, const int64_t* to_strides, const void* from, const int64_t* from_strides,
                         int32_t rank, const int64_t* sizes, int64_t element_bytes) {
  if (numel(rank, sizes) == 0) return;
  CopyDim dims[MAX_RANK];
  int32_t n = order_dims(dims, rank, sizes, to_strides, from_strides);
  int32_t last = 0; // neighbours that step alike on both sides are one dimension
  for (int32_t i = 1; i < n; i++) {
    CopyDim& outer = dims[last];
    if (outer.to == dims[i].to * dims[i].size && outer.from == dims[i].from * dims[i].size)
      outer = {outer.size * dims[i].size, dims[i].to, dims[i].from};
    else
      dims[++last] = dims[i];
  }
  if (n > 0) n = last + 1;
  char* t = static_cast<char*>(to);
  const char* f = static_cast<const char*>(from);
  switch (element_bytes) {
    case 1: return copy_dims<1>(t, f, dims, n);
    case 2: return copy_dims<2>(t, f, dims, n);
    case 4: return copy_dims<4>(t, f, dims, n);
    case 8: return copy_dims<8>(t, f, dims, n);
    default: return copy_dims<16>(t, f, dims, n);
  }
}

AIT_NAMESPACE_END
