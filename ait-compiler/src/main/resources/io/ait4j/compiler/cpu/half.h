// float16 and bfloat16 as they lie in memory. Computing is in float: widen() is exact, to_float16() and to_bfloat16() round to
// the nearest, ties to even, with infinities, NaN and subnormal numbers. No branches and no tables, so that loops vectorise.
#pragma once
#include <cstdint>
#include "vec.h"

AIT_NAMESPACE_BEGIN

enum class float16 : uint16_t {}; // scalars, unlike structs: selections between them vectorise
enum class bfloat16 : uint16_t {};

AIT_INLINE float widen(bfloat16 x) { return __builtin_bit_cast(float, uint32_t(x) << 16); }

AIT_INLINE bfloat16 to_bfloat16(float x) {
  const uint32_t b = __builtin_bit_cast(uint32_t, x);
  const uint32_t rounded = (b + 0x7fff + (b >> 16 & 1)) >> 16;
  return bfloat16(x != x ? 0x7fc0 : rounded);
}

// The exponent is moved by a product with a power of two, which is exact for subnormal numbers too.
AIT_INLINE float widen(float16 x) {
  const uint32_t b = uint32_t(x), magnitude = (b & 0x7fff) << 13;
  const uint32_t moved = __builtin_bit_cast(uint32_t, __builtin_bit_cast(float, magnitude) * 0x1p112f);
  const uint32_t finite = magnitude >= 0x0f800000 ? magnitude | 0x7f800000 : moved;
  return __builtin_bit_cast(float, finite | (b & 0x8000) << 16);
}

AIT_INLINE float16 to_float16(float x) {
  const uint32_t b = __builtin_bit_cast(uint32_t, x), magnitude = b & 0x7fffffff;
  const uint32_t normal = (magnitude - 0x38000000 + 0xfff + (b >> 13 & 1)) >> 13; // carries into the exponent, up to infinity
  // Below the least normal number: adding 0.5 leaves the multiples of 2^-24 in the low bits, rounded.
  const uint32_t small = __builtin_bit_cast(uint32_t, __builtin_bit_cast(float, magnitude) + 0.5f) - 0x3f000000;
  uint32_t half = magnitude < 0x38800000 ? small : normal;
  half = magnitude >= 0x47800000 ? 0x7c00 : half;
  half = magnitude > 0x7f800000 ? 0x7e00 : half;
  return float16(half | (b >> 16 & 0x8000));
}

AIT_INLINE float op_round_float16(float x) { return widen(to_float16(x)); }
AIT_INLINE float op_round_bfloat16(float x) { return widen(to_bfloat16(x)); }

AIT_NAMESPACE_END
