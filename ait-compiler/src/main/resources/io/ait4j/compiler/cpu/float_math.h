// Scalar float functions without branches, tables or libm, so that loops calling them vectorise.
//
// Errors are the largest found by kernel_test.cpp against double libm, in units of the float result's last place.
#pragma once
#include <math.h>
#include "vec.h"

AIT_NAMESPACE_BEGIN

AIT_INLINE int32_t bits_of(float x) { return __builtin_bit_cast(int32_t, x); }
AIT_INLINE float float_of(int32_t i) { return __builtin_bit_cast(float, i); }
constexpr float INF = __builtin_inff(), NOT_A_NUMBER = __builtin_nanf("");

// Rounds to an integer in the low mantissa bits; valid for |x| < 2^22.
constexpr float ROUND_MAGIC = 12582912.0f; // 1.5 * 2^23

struct ExpParts { float r, q; int32_t n; }; // x = n ln2 + r, exp(r) = 1 + r + r^2 q

AIT_INLINE ExpParts exp_reduce(float x) {
  float t = x * 1.44269504f + ROUND_MAGIC;
  int32_t n = int32_t(uint32_t(bits_of(t)) - uint32_t(bits_of(ROUND_MAGIC))); // wraps for NaN
  float f = t - ROUND_MAGIC;
  float r = x - f * 0.693145751953125f;
  r = r - f * 1.4286068e-6f;
  float q = 1.9766994e-4f;
  q = q * r + 1.3933228e-3f;
  q = q * r + 8.333541e-3f;
  q = q * r + 4.1666485e-2f;
  q = q * r + 1.6666666e-1f;
  q = q * r + 0.5f;
  return {r, q, n};
}

AIT_INLINE float pow2i(int32_t n) { return float_of(int32_t(uint32_t(n + 127) << 23)); } // -126 <= n <= 127

// 1 ulp; denormal results are exact to rounding.
AIT_INLINE float exp(float x) {
  float c = x < -104.0f ? -104.0f : x;
  c = c > 89.0f ? 89.0f : c;
  ExpParts e = exp_reduce(c);
  float p = e.q * (e.r * e.r) + e.r + 1.0f;
  int32_t half = e.n >> 1; // two factors: 2^n itself may be denormal or overflow
  return p * pow2i(half) * pow2i(e.n - half);
}

// 2 ulp.
AIT_INLINE float expm1(float x) {
  float c = x < -30.0f ? -30.0f : x;
  c = c > 89.0f ? 89.0f : c;
  ExpParts e = exp_reduce(c);
  float p = e.q * (e.r * e.r) + e.r;
  float s = pow2i(e.n - 1); // halved: n may be 128
  float y = 2.0f * (p * s + (s - 0.5f));
  return x == 0 ? x : y;
}

// 1 ulp, denormal arguments included.
AIT_INLINE float log(float x) {
  const bool tiny = x < 1.17549435e-38f;
  uint32_t i = bits_of(tiny ? x * 8388608.0f : x);
  int32_t k = int32_t(i - 0x3f3504f3u) >> 23; // mantissa into [sqrt(1/2), sqrt(2))
  float f = float_of(i - (uint32_t(k) << 23)) - 1.0f;
  float e = float(k - (tiny ? 23 : 0));
  float p = 6.7495406e-2f;
  p = p * f - 1.16701834e-1f;
  p = p * f + 1.1883471e-1f;
  p = p * f - 1.2406208e-1f;
  p = p * f + 1.4220363e-1f;
  p = p * f - 1.666799e-1f;
  p = p * f + 2.0002072e-1f;
  p = p * f - 2.500001e-1f;
  p = p * f + 3.3333313e-1f;
  float h = f * f;
  float low = e * 1.4286068e-6f + p * (f * h) - 0.5f * h;
  float y = e * 0.693145751953125f + (f + low);
  y = x < INF ? y : x; // inf and NaN
  y = x == 0 ? -INF : y;
  return x < 0 ? NOT_A_NUMBER : y;
}

// 2 ulp.
AIT_INLINE float log1p(float x) {
  float u = 1.0f + x;
  float lost = x > 1.0f ? 1.0f - (u - x) : x - (u - 1.0f); // what the addition rounded away
  float y = log(u) + lost / u;
  y = x < INF ? y : x;
  y = x == -1.0f ? -INF : y;
  y = x < -1.0f ? NOT_A_NUMBER : y;
  return x == 0 ? x : y;
}

// 3 ulp.
AIT_INLINE float tanh(float x) {
  float t = expm1(-2.0f * __builtin_fabsf(x));
  return __builtin_copysignf(t / (t + 2.0f), x); // t <= 0, so the quotient's sign is the copied one's business
}

// 3 ulp, denormal results included.
AIT_INLINE float sigmoid(float x) {
  float e = exp(-__builtin_fabsf(x));
  return (x < 0 ? e : 1.0f) / (1.0f + e);
}

// 3 ulp; results below 1e-36 in magnitude (x < -87) flush to zero. NaN at -inf, as x * sigmoid(x).
AIT_INLINE float silu(float x) { return x / (1.0f + exp(-x)); }

struct ErfParts { float small, e; bool large; }; // erf = |x| < 1 ? small : sign * (1 - e), e = erfc|x|

AIT_INLINE ErfParts erf_parts(float x) {
  float a = __builtin_fabsf(x), s = x * x;
  float p = 7.920368e-5f;
  p = p * s - 8.0307614e-4f;
  p = p * s + 5.190734e-3f;
  p = p * s - 2.6855126e-2f;
  p = p * s + 1.1283618e-1f;
  p = p * s - 3.761263e-1f;
  p = p * s + 1.2837917e-1f;
  float t = a < 5.7f ? a : 5.7f;
  float q = -8.998192e-9f; // log(erfc(t)) / t
  q = q * t + 2.0927976e-7f;
  q = q * t - 8.2109466e-7f;
  q = q * t - 2.6668296e-5f;
  q = q * t + 4.8824027e-4f;
  q = q * t - 4.335321e-3f;
  q = q * t + 2.5297686e-2f;
  q = q * t - 1.0813292e-1f;
  q = q * t - 6.3392e-1f;
  q = q * t - 1.128976f;
  float e = exp(q * t);
  return {p * x + x, a > 5.7f ? 0.0f : e, a >= 1.0f};
}

// 2 ulp.
AIT_INLINE float erf(float x) {
  ErfParts r = erf_parts(x);
  return r.large ? __builtin_copysignf(1.0f - r.e, x) : r.small;
}

// 3 ulp for x > -1; below, within 2e-5 relative down to -8, where it flushes to -0 (the true value is -5e-15).
AIT_INLINE float gelu_erf(float x) {
  ErfParts r = erf_parts(x * 0.707106781f);
  float y = r.large ? (x < 0 ? r.e : 2.0f - r.e) : 1.0f + r.small;
  return 0.5f * x * y;
}

// 0.5 x (1 + tanh u) = x sigmoid(2u): 14 ulp for x > -3, 86 ulp for x > -8; the left side would cancel.
AIT_INLINE float gelu_tanh(float x) {
  float u2 = 1.59576912f * (x + 0.044715f * (x * x * x));
  return x / (1.0f + exp(-u2));
}

// Quadrant and remainder of x / (pi/2), exact for every float: 2/pi in 29-bit pieces makes each product exact, and
// whole turns are dropped from each before they are added.
struct TrigParts { double sin, cos; int32_t quadrant; };

AIT_INLINE double drop_turns(double p) { return p - 4.0 * __builtin_rint(p * 0.25); }

AIT_INLINE TrigParts trig_parts(float x) {
  const double d = x;
  const double f0 = drop_turns(d * 0x1.45f306dp-1), f1 = drop_turns(d * 0x1.9391054p-30), f2 = drop_turns(d * 0x1.4fe13abp-59);
  const double f3 = drop_turns(d * 0x1.d1f534dp-88), f4 = drop_turns(d * 0x1.b81b6c5p-117), f5 = drop_turns(d * 0x1.5993c4p-148);
  const double f6 = d * 0x1.c820ff2p-175;
  const double n = __builtin_rint(f0 + f1 + f2 + f3 + f4);
  const double r = ((((((f0 - n) + f1) + f2) + f3) + f4) + f5) + f6;
  const double t = r * 0x1.921fb54442d18p+0, s = t * t;
  double p = -2.4761401832572806e-08;
  p = p * s + 2.7555354375999825e-06;
  p = p * s - 0.00019841263807470982;
  p = p * s + 0.008333333325244175;
  p = p * s - 0.1666666666663144;
  double q = 2.064715757978791e-09;
  q = q * s - 2.755555819508665e-07;
  q = q * s + 2.4801580923174065e-05;
  q = q * s - 0.001388888887816699;
  q = q * s + 0.04166666666660148;
  return {t + t * s * p, 1.0 - 0.5 * s + s * s * q, int32_t(n)};
}

// 1 ulp for every argument.
AIT_INLINE float sin(float x) {
  TrigParts t = trig_parts(x);
  float y = float(t.quadrant & 1 ? t.cos : t.sin);
  y = t.quadrant & 2 ? -y : y;
  return x == 0 ? x : y;
}

AIT_INLINE float cos(float x) {
  TrigParts t = trig_parts(x);
  float y = float(t.quadrant & 1 ? t.sin : t.cos);
  return (t.quadrant + 1) & 2 ? -y : y;
}

// 2 ulp.
AIT_INLINE float rsqrt(float x) { return 1.0f / __builtin_sqrtf(x); }

// 1 ulp, with the special cases of C99. Works in double, where no float result is out of range.
AIT_INLINE float pow(float x, float y) {
  const float ax = __builtin_fabsf(x);
  const bool tiny = ax < 1.17549435e-38f;
  uint32_t i = bits_of(tiny ? ax * 8388608.0f : ax);
  int32_t k = int32_t(i - 0x3f3504f3u) >> 23;
  const double f = double(float_of(i - (uint32_t(k) << 23))) - 1.0, z = f / (f + 2.0), s = z * z;
  double p = 0.2831067742497195;
  p = p * s + 0.3198920763356063;
  p = p * s + 0.4122095610928514;
  p = p * s + 0.5770779395885548;
  p = p * s + 0.9617966941215608;
  p = p * s + 2.885390081777847;
  double l = double(k - (tiny ? 23 : 0)) + z * p; // log2|x|
  l = ax == 0 ? double(-INF) : l;
  l = ax == INF ? double(INF) : l;
  double e = ax == 1.0f ? 0.0 : double(y) * l;
  e = e < -200.0 ? -200.0 : e;
  e = e > 200.0 ? 200.0 : e;
  const double n = __builtin_rint(e), g = e - n;
  double r = 1.5200896876621119e-05;
  r = r * g + 0.00015470606411724155;
  r = r * g + 0.0013333937354272803;
  r = r * g + 0.009618023147157968;
  r = r * g + 0.05550410321939655;
  r = r * g + 0.24022651228757957;
  r = r * g + 0.6931471807423673;
  r = r * g + 0.9999999999585514;
  const int64_t scale = (int64_t(int32_t(n)) + 1023) << 52;
  float v = float(r * __builtin_bit_cast(double, scale));

  const float half = y * 0.5f;
  const bool integer = __builtin_rintf(y) == y, odd = integer & (__builtin_rintf(half) != half);
  const bool negative = bits_of(x) < 0;
  v = negative & odd ? -v : v;
  v = negative & !integer & (ax != 0) & (ax < INF) ? NOT_A_NUMBER : v;
  v = (x != x) | (y != y) ? NOT_A_NUMBER : v;
  return (y == 0) | (x == 1.0f) ? 1.0f : v;
}

AIT_NAMESPACE_END
