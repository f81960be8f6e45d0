// The functions of float behind the scalar operators: CUDA's own, the accurate ones.
#pragma once
#include "device.cuh"

AIT_NAMESPACE_BEGIN

AIT_INLINE float exp(float x) { return ::expf(x); }
AIT_INLINE float expm1(float x) { return ::expm1f(x); }
AIT_INLINE float log(float x) { return ::logf(x); }
AIT_INLINE float log1p(float x) { return ::log1pf(x); }
AIT_INLINE float sin(float x) { return ::sinf(x); }
AIT_INLINE float cos(float x) { return ::cosf(x); }
AIT_INLINE float tanh(float x) { return ::tanhf(x); }
AIT_INLINE float erf(float x) { return ::erff(x); }
AIT_INLINE float pow(float x, float y) { return ::powf(x, y); }
AIT_INLINE double log_gamma(double x) { return ::lgamma(x); }

// NaN wins, as in the operators of all types.
AIT_INLINE float op_max(float a, float b) {
  float most;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(most) : "f"(a), "f"(b));
  return most;
}
AIT_INLINE float op_min(float a, float b) {
  float least;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(least) : "f"(a), "f"(b));
  return least;
}

AIT_INLINE float sigmoid(float x) { return 1.0f / (1.0f + ::expf(-x)); }
AIT_INLINE float silu(float x) { return x / (1.0f + ::expf(-x)); } // NaN at -inf, as x * sigmoid(x)
AIT_INLINE float gelu_erf(float x) { return 0.5f * x * (1.0f + ::erff(x * 0.707106781f)); }
// 0.5 x (1 + tanh u) = x sigmoid(2u)
AIT_INLINE float gelu_tanh(float x) { return x / (1.0f + ::expf(-1.59576912f * (x + 0.044715f * (x * x * x)))); }

AIT_NAMESPACE_END
