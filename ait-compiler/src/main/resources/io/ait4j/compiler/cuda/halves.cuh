// float16 and bfloat16 as they lie in memory. Computing is in float; conversions are the hardware's: to the nearest, ties to even.
#pragma once
#include "device.cuh"

AIT_NAMESPACE_BEGIN

AIT_INLINE float bfloat16_value(uint16_t bits) { return __uint_as_float(uint32_t(bits) << 16); }

AIT_INLINE uint16_t bfloat16_bits(float x) {
  uint16_t bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}

AIT_INLINE float float16_value(uint16_t bits) {
  float x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
  return x;
}

AIT_INLINE uint16_t float16_bits(float x) {
  uint16_t bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}

AIT_NAMESPACE_END

#include "half_types.h"

AIT_NAMESPACE_BEGIN

// An element of memory as what is computed with.
AIT_INLINE float widened(float v) { return v; }
AIT_INLINE float widened(float16 v) { return float16_value(v.bits); }
AIT_INLINE float widened(bfloat16 v) { return bfloat16_value(v.bits); }

AIT_NAMESPACE_END
