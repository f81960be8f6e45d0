// Portable SIMD vectors on GCC/Clang vector extensions: the only place that knows the register width.
#pragma once
#include <cstdint>
#include <cstring>

// Hidden: two generated libraries in one process must never share (or pin) each other's pool, scratch or statics.
#define AIT_NAMESPACE_BEGIN namespace ait __attribute__((visibility("hidden"))) {
#define AIT_NAMESPACE_END }

#ifndef AIT_VEC_BYTES
#if defined(__AVX512F__)
#define AIT_VEC_BYTES 64
#elif defined(__AVX__)
#define AIT_VEC_BYTES 32
#else
#define AIT_VEC_BYTES 16
#endif
#endif

#define AIT_INLINE inline __attribute__((always_inline))
#define AIT_NOINLINE __attribute__((noinline)) // too long to be repeated wherever it is called

AIT_NAMESPACE_BEGIN

constexpr int W = AIT_VEC_BYTES / 4; // float lanes of a register

// A vector of L floats; spelt out because dependent vector_size attributes are not portable.
template <int L> struct Vec;
#define AIT_VEC(L)                                                          \
  template <> struct Vec<L> {                                               \
    typedef float type __attribute__((vector_size(L * 4)));                 \
    typedef float mem __attribute__((vector_size(L * 4), aligned(4), may_alias)); \
    typedef int32_t mask __attribute__((vector_size(L * 4)));               \
  };
AIT_VEC(4)
AIT_VEC(8)
AIT_VEC(16)
#undef AIT_VEC
template <> struct Vec<1> { typedef float type; typedef float mem; };

typedef Vec<W>::type vf;
typedef Vec<W>::mask vmask;

template <int L> AIT_INLINE typename Vec<L>::type loadn(const float* p) {
  return *reinterpret_cast<const typename Vec<L>::mem*>(p);
}
template <int L> AIT_INLINE void storen(float* p, typename Vec<L>::type v) {
  *reinterpret_cast<typename Vec<L>::mem*>(p) = v;
}
template <int L> AIT_INLINE typename Vec<L>::type splatn(float x) {
  if constexpr (L == 1) return x;
  else return x - typename Vec<L>::type{}; // x - 0 keeps the sign of zero; folds to one broadcast
}

AIT_INLINE vf load(const float* p) { return loadn<W>(p); }
AIT_INLINE void store(float* p, vf v) { storen<W>(p, v); }
AIT_INLINE vf broadcast(float x) { return splatn<W>(x); }

// NaN in either operand wins, as in PyTorch's maximum/minimum/amax/amin.
AIT_INLINE vf max(vf a, vf b) { return (a > b) | (a != a) ? a : b; }
AIT_INLINE vf min(vf a, vf b) { return (a < b) | (a != a) ? a : b; }
AIT_INLINE float max(float a, float b) { return (a > b) | (a != a) ? a : b; }
AIT_INLINE float min(float a, float b) { return (a < b) | (a != a) ? a : b; }

AIT_INLINE int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
AIT_INLINE int64_t round_up(int64_t a, int64_t b) { return ceil_div(a, b) * b; }

// Start of part i when n items are spread over `parts` as evenly as possible.
AIT_INLINE int64_t part_begin(int64_t n, int64_t parts, int64_t i) { return i * (n / parts) + (i < n % parts ? i : n % parts); }

AIT_NAMESPACE_END
