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

// The hardware's, 1 and 2 ulp.
AIT_INLINE float quick_reciprocal(float x) {
  float y;
  asm("rcp.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
AIT_INLINE float quick_exp2(float x) {
  float y;
  asm("ex2.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

// Activations stand in epilogues of products, where a division that is exact to the last bit costs more than all the rest: 4 ulp;
// what is below 1e-37 may flush to zero.
AIT_INLINE float sigmoid(float x) { return quick_reciprocal(1.0f + ::expf(-x)); }
AIT_INLINE float silu(float x) { return x * sigmoid(x); } // NaN at -inf
// 0.5 x (1 + tanh u) = x sigmoid(2u)
AIT_INLINE float gelu_tanh(float x) { return x * sigmoid(1.59576912f * (x + 0.044715f * (x * x * x))); }

// x/2 (1 + erf(x / sqrt 2)) by Hastings' polynomial for erfc (Abramowitz and Stegun 7.1.26): within 4.3e-7, as the formula itself
// in float; no branches.
AIT_INLINE float gelu_erf(float x) {
  const float t = quick_reciprocal(1.0f + 0.231641888f * ::fabsf(x)); // 0.3275911 / sqrt 2
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const float tail = p * t * quick_exp2(x * x * -0.72134752f); // erfc(|x| / sqrt 2)
  return 0.5f * x * (x < 0 ? tail : 2.0f - tail);
}

AIT_NAMESPACE_END
