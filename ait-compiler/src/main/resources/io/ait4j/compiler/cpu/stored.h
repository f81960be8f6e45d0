// Elements as they lie in memory, floats or halves, read as the floats that kernels compute with.
#pragma once
#include "half.h"

AIT_NAMESPACE_BEGIN

// The bits of L halves.
template <int L> struct HalfBits;
#define AIT_HALF_BITS(L)                                                        \
  template <> struct HalfBits<L> {                                              \
    typedef uint16_t type __attribute__((vector_size(L * 2)));                  \
    typedef uint16_t mem __attribute__((vector_size(L * 2), aligned(2), may_alias)); \
  };
AIT_HALF_BITS(4)
AIT_HALF_BITS(8)
AIT_HALF_BITS(16)
#undef AIT_HALF_BITS

template <int L> AIT_INLINE typename Vec<L>::type widened(typename HalfBits<L>::type bits, bfloat16) {
  return (typename Vec<L>::type)(__builtin_convertvector(bits, typename Vec<L>::mask) << 16);
}

// As float16_value.
template <int L> AIT_INLINE typename Vec<L>::type widened(typename HalfBits<L>::type bits, float16) {
#if defined(__F16C__)
  typedef short eight __attribute__((vector_size(16)));
  if constexpr (L == 16) {
    typedef HalfBits<8>::type half;
    half low, high;
    __builtin_memcpy(&low, &bits, 16);
    __builtin_memcpy(&high, reinterpret_cast<const char*>(&bits) + 16, 16);
    const auto a = widened<8>(low, float16{}), b = widened<8>(high, float16{});
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  } else if constexpr (L == 8) {
    return __builtin_ia32_vcvtph2ps256((eight)bits);
  } else {
    return __builtin_ia32_vcvtph2ps((eight)__builtin_shufflevector(bits, bits, 0, 1, 2, 3, 0, 1, 2, 3));
  }
#else
  typedef typename Vec<L>::mask ints;
  typedef typename Vec<L>::type floats;
  const ints b = __builtin_convertvector(bits, ints), magnitude = (b & 0x7fff) << 13;
  const ints moved = (ints)((floats)magnitude * 0x1p112f), finite = magnitude >= 0x0f800000 ? magnitude | 0x7f800000 : moved;
  return (floats)(finite | (b & 0x8000) << 16);
#endif
}

// L elements from p on.
template <int L, class H> AIT_INLINE typename Vec<L>::type load_halves(const H* p) {
  if constexpr (L == 1) return float(*p);
  else return widened<L>(*reinterpret_cast<const typename HalfBits<L>::mem*>(p), H{});
}
template <int L> AIT_INLINE typename Vec<L>::type loadn(const float16* p) { return load_halves<L>(p); }
template <int L> AIT_INLINE typename Vec<L>::type loadn(const bfloat16* p) { return load_halves<L>(p); }
AIT_INLINE vf load(const float16* p) { return loadn<W>(p); }
AIT_INLINE vf load(const bfloat16* p) { return loadn<W>(p); }

template <class T> inline void copy_floats(float* dst, const T* src, int64_t n) {
  int64_t i = 0;
  for (; i + W <= n; i += W) store(dst + i, load(src + i));
  if (i < n && n >= W) store(dst + n - W, load(src + n - W)); // overlaps; cheaper than a remainder loop
  else
    for (; i < n; i++) dst[i] = float(src[i]);
}

AIT_NAMESPACE_END
