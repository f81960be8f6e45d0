// The half types of memory, for processors and GPUs. Whoever includes it has the conversions of bits: float16_bits, float16_value,
// bfloat16_bits and bfloat16_value of namespace ait.
#pragma once
#include <cstdint>

AIT_NAMESPACE_BEGIN

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
