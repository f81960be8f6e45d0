// Special functions that models rarely hold: one by one, in double precision. float results are off by no more than their
// rounding; double ones by some 1e-13 of the result, or of 1 beside a zero of digamma and lgamma. Whoever includes it has log_gamma.
#pragma once
#include "operators.h"

AIT_NAMESPACE_BEGIN

// exp(x^2) erfc(x).
AIT_NOINLINE inline double erfc_scaled(double x) {
  if (x < 25) return __builtin_exp(x * x) * __builtin_erfc(x);
  const double s = 0.5 / (x * x);
  return 0.56418958354775629 / x * (1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s)))); // 1 / sqrt(pi)
}

// x with erfc(x) = q: Winitzki's formula, then Halley's steps, each of which triples the digits that are right.
AIT_NOINLINE inline double erfc_inverse(double q) {
  if (!(q >= 0 && q <= 2)) return __builtin_nan("");
  if (q == 0) return __builtin_inf();
  if (q == 2) return -__builtin_inf();
  if (q > 1) return -erfc_inverse(2 - q);
  const double c = 0.147, w = __builtin_log(q * (2 - q)), t = 2 / (3.14159265358979324 * c) + 0.5 * w;
  double x = __builtin_sqrt(-w / c / (__builtin_sqrt(t * t - w / c) + t));
  if (q < 1e-3) { // the logarithm is nearly a parabola: Newton's steps
    for (int step = 0; step < 5; step++) {
      const double e = erfc_scaled(x);
      x += (__builtin_log(e) - x * x - __builtin_log(q)) * e * 0.88622692545275801; // sqrt(pi) / 2
    }
    return x;
  }
  for (int step = 0; step < 4; step++) {
    const double u = (q - __builtin_erfc(x)) * 0.88622692545275801 * __builtin_exp(x * x);
    x += -u / (1 - x * u);
  }
  return x;
}

AIT_NOINLINE inline double erf_inverse(double y) {
  if (!(__builtin_fabs(y) < 0.5)) return y < 0 ? -erfc_inverse(1 + y) : erfc_inverse(1 - y);
  double x = y * 0.88622692545275801;
  for (int step = 0; step < 3; step++) {
    const double u = (__builtin_erf(x) - y) * 0.88622692545275801 * __builtin_exp(x * x);
    x -= u / (1 + x * u);
  }
  return x;
}

// Recurrence up to where the asymptotic series converges; reflection below 0.
AIT_NOINLINE inline double digamma(double x) {
  if (x == 0) return __builtin_copysign(__builtin_inf(), -x);
  if (x < 0) {
    const double rest = x - __builtin_trunc(x);
    if (rest == 0 || x == -__builtin_inf()) return __builtin_nan("");
    return digamma(1 - x) - 3.14159265358979324 / __builtin_tan(3.14159265358979324 * rest);
  }
  double sum = 0;
  for (; x < 10; x += 1) sum -= 1 / x;
  const double s = 1 / (x * x);
  double p = 1.0 / 12; // Bernoulli numbers by their index
  p = 691.0 / 32760 - s * p;
  p = 1.0 / 132 - s * p;
  p = 1.0 / 240 - s * p;
  p = 1.0 / 252 - s * p;
  p = 1.0 / 120 - s * p;
  p = 1.0 / 12 - s * p;
  return x == __builtin_inf() ? x : sum + __builtin_log(x) - 0.5 / x - s * p;
}

// The modified Bessel function of order 0 or 1 times exp(-|x|): its power series, far out its asymptotic one.
AIT_NOINLINE inline double bessel_i_scaled(int order, double x) {
  const double a = __builtin_fabs(x);
  double sum = 1, term = 1;
  if (a < 30) {
    const double s = 0.25 * a * a;
    for (int k = 1; term > sum * 1e-17; k++) sum += term *= s / (double(k) * (k + order));
    if (order == 1) sum *= 0.5 * a;
    sum *= __builtin_exp(-a);
  } else if (a >= 30) {
    for (int k = 1; k < 30; k++) sum += term *= ((2 * k - 1) * (2 * k - 1) - 4 * order) / (8.0 * k * a);
    sum /= __builtin_sqrt(6.28318530717958648 * a);
  } else {
    return x;
  }
  return order == 1 ? __builtin_copysign(sum, x) : sum;
}

AIT_NOINLINE inline double bessel_i(int order, double x) {
  const double half = __builtin_exp(0.5 * __builtin_fabs(x)); // its square may overflow before the product does
  return bessel_i_scaled(order, x) * half * half; // NaN at infinity, as PyTorch's
}

AIT_NOINLINE inline double log_normal_distribution(double x) {
  const double t = x * 0.70710678118654752;
  return x < -1 ? __builtin_log(0.5 * erfc_scaled(-t)) - t * t : __builtin_log1p(-0.5 * __builtin_erfc(t));
}

#define AIT_SPECIAL_OP(name, value)                                  \
  AIT_INLINE double op_##name(double x) { return value; }            \
  AIT_INLINE float op_##name(float f) { double x = f; return float(value); }
AIT_SPECIAL_OP(erfinv, erf_inverse(x))
AIT_SPECIAL_OP(erfcx, erfc_scaled(x))
AIT_SPECIAL_OP(ndtri, -1.41421356237309505 * erfc_inverse(2 * x))
AIT_SPECIAL_OP(log_ndtr, log_normal_distribution(x))
AIT_SPECIAL_OP(lgamma, log_gamma(x))
AIT_SPECIAL_OP(digamma, digamma(x))
AIT_SPECIAL_OP(i0, bessel_i(0, x))
AIT_SPECIAL_OP(i0e, bessel_i_scaled(0, x))
AIT_SPECIAL_OP(i1, bessel_i(1, x))
AIT_SPECIAL_OP(i1e, bessel_i_scaled(1, x))
#undef AIT_SPECIAL_OP

// By the bits: GCC 12 fails on a vector of __builtin_signbit.
AIT_INLINE bool op_sign_bit(float x) { return __builtin_bit_cast(int32_t, x) < 0; }
AIT_INLINE bool op_sign_bit(double x) { return __builtin_bit_cast(int64_t, x) < 0; }
AIT_INLINE float op_copy_sign(float a, float b) { return __builtin_copysignf(a, b); }
AIT_INLINE double op_copy_sign(double a, double b) { return __builtin_copysign(a, b); }
AIT_INLINE float op_hypot(float a, float b) { return __builtin_hypotf(a, b); }
AIT_INLINE double op_hypot(double a, double b) { return __builtin_hypot(a, b); }
AIT_INLINE float op_next_after(float a, float b) { return __builtin_nextafterf(a, b); }
AIT_INLINE double op_next_after(double a, double b) { return __builtin_nextafter(a, b); }

// The least number has no absolute value; what follows from that is PyTorch's.
template <class T> AIT_INLINE T op_gcd(T a, T b) {
  a = op_abs(a), b = op_abs(b);
  while (a != T(0)) {
    const T rest = op_fmod(b, a);
    b = a;
    a = rest;
  }
  return b;
}
template <class T> AIT_INLINE T op_lcm(T a, T b) {
  typedef decltype(a / a) Wide; // at least int
  const T divisor = op_gcd(a, b);
  return divisor == T(0) ? T(0) : T(op_abs(op_mul(Wide(op_trunc_div(a, divisor)), Wide(b))));
}

AIT_NAMESPACE_END
