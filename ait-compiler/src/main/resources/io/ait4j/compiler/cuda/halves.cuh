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

#define AIT_HALF(name)                                                        \
  struct name {                                                               \
    uint16_t bits;                                                            \
    name() = default;                                                         \
    AIT_INLINE explicit name(float x) : bits(name##_bits(x)) {}               \
    AIT_INLINE explicit operator float() const { return name##_value(bits); } \
  };
AIT_HALF(float16)
AIT_HALF(bfloat16)
#undef AIT_HALF

AIT_INLINE float op_round_float16(float x) { return float16_value(float16_bits(x)); }
AIT_INLINE float op_round_bfloat16(float x) { return bfloat16_value(bfloat16_bits(x)); }

AIT_NAMESPACE_END
