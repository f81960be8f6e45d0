// float16 and bfloat16 as they lie in memory. Computing is in float: float(x) is exact, float16(x) and bfloat16(x) round to the
// nearest, ties to even, with infinities, NaN and subnormal numbers. No branches and no tables, so that loops vectorise.
#pragma once
#include <cstdint>
#include "vec.h"

AIT_NAMESPACE_BEGIN

AIT_INLINE float bfloat16_value(uint16_t bits) { return __builtin_bit_cast(float, uint32_t(bits) << 16); }

AIT_INLINE uint16_t bfloat16_bits(float x) {
  const uint32_t b = __builtin_bit_cast(uint32_t, x);
  const uint32_t rounded = (b + 0x7fff + (b >> 16 & 1)) >> 16;
  return uint16_t(x != x ? 0x7fc0 : rounded);
}

// The exponent is moved by a product with a power of two, which is exact for subnormal numbers too.
AIT_INLINE float float16_value(uint16_t bits) {
  const uint32_t b = bits, magnitude = (b & 0x7fff) << 13;
  const uint32_t moved = __builtin_bit_cast(uint32_t, __builtin_bit_cast(float, magnitude) * 0x1p112f);
  const uint32_t finite = magnitude >= 0x0f800000 ? magnitude | 0x7f800000 : moved;
  return __builtin_bit_cast(float, finite | (b & 0x8000) << 16);
}

AIT_INLINE uint16_t float16_bits(float x) {
  const uint32_t b = __builtin_bit_cast(uint32_t, x), magnitude = b & 0x7fffffff;
  const uint32_t normal = (magnitude - 0x38000000 + 0xfff + (b >> 13 & 1)) >> 13; // carries into the exponent, up to infinity
  // Below the least normal number: adding 0.5 leaves the multiples of 2^-24 in the low bits, rounded.
  const uint32_t small = __builtin_bit_cast(uint32_t, __builtin_bit_cast(float, magnitude) + 0.5f) - 0x3f000000;
  uint32_t half = magnitude < 0x38800000 ? small : normal;
  half = magnitude >= 0x47800000 ? 0x7c00 : half;
  half = magnitude > 0x7f800000 ? 0x7e00 : half;
  return uint16_t(half | (b >> 16 & 0x8000));
}

AIT_NAMESPACE_END

// Loops use the functions above on the bits: they vectorise, functions of structs do not.
#include "half_types.h"
