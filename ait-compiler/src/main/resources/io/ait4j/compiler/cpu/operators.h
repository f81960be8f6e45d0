// The scalar operators of generated loops, overloaded by type, for processors and GPUs: integers with PyTorch's wrapping and guarded
// division, double through libm. Whoever includes it says how functions are declared (AIT_INLINE) and has the functions of float:
// exp, expm1, log, log1p, sin, cos, tanh, erf, sigmoid, silu, gelu_erf, gelu_tanh and pow of namespace ait.
#pragma once
#include <cstdint>
#include <type_traits>

AIT_NAMESPACE_BEGIN

template <class T> AIT_INLINE constexpr T lowest() {
  if constexpr (std::is_floating_point_v<T>) return -T(__builtin_inf());
  else return T(-1) < T(0) ? T(T(1) << (sizeof(T) * 8 - 1)) : T(0);
}
template <class T> AIT_INLINE constexpr T highest() {
  if constexpr (std::is_floating_point_v<T>) return T(__builtin_inf());
  else return T(~lowest<T>());
}

AIT_INLINE int64_t index_floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }
AIT_INLINE int64_t index_mod(int64_t a, int64_t b) { return a % b + (a % b < 0 ? b : 0); }
AIT_INLINE int64_t index_min(int64_t a, int64_t b) { return a < b ? a : b; }
AIT_INLINE int64_t index_max(int64_t a, int64_t b) { return a > b ? a : b; }

template <class T> constexpr bool is_floating = std::is_floating_point_v<T>;
template <class T> struct Unsigned { typedef T type; };
template <> struct Unsigned<int8_t> { typedef uint8_t type; };
template <> struct Unsigned<int16_t> { typedef uint16_t type; };
template <> struct Unsigned<int32_t> { typedef uint32_t type; };
template <> struct Unsigned<int64_t> { typedef uint64_t type; };

// Integers wrap around.
template <class T> AIT_INLINE T op_add(T a, T b) { typedef typename Unsigned<T>::type U; return T(U(a) + U(b)); }
template <class T> AIT_INLINE T op_sub(T a, T b) { typedef typename Unsigned<T>::type U; return T(U(a) - U(b)); }
template <class T> AIT_INLINE T op_mul(T a, T b) { typedef typename Unsigned<T>::type U; return T(uint64_t(U(a)) * uint64_t(U(b))); }
template <class T> AIT_INLINE T op_neg(T a) {
  if constexpr (is_floating<T>) return -a;
  else return op_sub(T(0), a);
}
template <class T> AIT_INLINE T op_abs(T a) {
  if constexpr (sizeof(T) == 4 && is_floating<T>) return __builtin_fabsf(a);
  else if constexpr (is_floating<T>) return __builtin_fabs(a);
  else return a < T(0) ? op_neg(a) : a;
}
template <class T> AIT_INLINE T op_sign(T a) { return T((a > T(0)) - (a < T(0))); } // 0 for NaN, as torch.sign
template <class T> AIT_INLINE T op_relu(T a) { return a < T(0) ? T(0) : a; }
template <class T> AIT_INLINE T op_max(T a, T b) { return (a > b) | (a != a) ? a : b; }
template <class T> AIT_INLINE T op_min(T a, T b) { return (a < b) | (a != a) ? a : b; }
template <class T> AIT_INLINE bool op_is_nan(T a) { return a != a; }
template <class T> AIT_INLINE bool op_is_inf(T a) {
  if constexpr (is_floating<T>) return op_abs(a) == T(__builtin_inf());
  else return false;
}
template <class T> AIT_INLINE bool op_logical_not(T a) { return a == T(0); }
template <class T> AIT_INLINE T op_bitwise_not(T a) { return T(~a); }
AIT_INLINE bool op_bitwise_not(bool a) { return !a; }

#define AIT_FLOAT_OP(name, f, d)                        \
  AIT_INLINE float op_##name(float x) { return f(x); } \
  AIT_INLINE double op_##name(double x) { return d(x); }
AIT_FLOAT_OP(exp, ait::exp, __builtin_exp)
AIT_FLOAT_OP(expm1, ait::expm1, __builtin_expm1)
AIT_FLOAT_OP(log, ait::log, __builtin_log)
AIT_FLOAT_OP(log1p, ait::log1p, __builtin_log1p)
AIT_FLOAT_OP(log2, __builtin_log2f, __builtin_log2)
AIT_FLOAT_OP(sqrt, __builtin_sqrtf, __builtin_sqrt)
AIT_FLOAT_OP(sin, ait::sin, __builtin_sin)
AIT_FLOAT_OP(cos, ait::cos, __builtin_cos)
AIT_FLOAT_OP(tan, __builtin_tanf, __builtin_tan)
AIT_FLOAT_OP(tanh, ait::tanh, __builtin_tanh)
AIT_FLOAT_OP(erf, ait::erf, __builtin_erf)
AIT_FLOAT_OP(asin, __builtin_asinf, __builtin_asin)
AIT_FLOAT_OP(acos, __builtin_acosf, __builtin_acos)
AIT_FLOAT_OP(atan, __builtin_atanf, __builtin_atan)
AIT_FLOAT_OP(sinh, __builtin_sinhf, __builtin_sinh)
AIT_FLOAT_OP(cosh, __builtin_coshf, __builtin_cosh)
AIT_FLOAT_OP(asinh, __builtin_asinhf, __builtin_asinh)
AIT_FLOAT_OP(acosh, __builtin_acoshf, __builtin_acosh)
AIT_FLOAT_OP(atanh, __builtin_atanhf, __builtin_atanh)
AIT_FLOAT_OP(erfc, __builtin_erfcf, __builtin_erfc)
AIT_FLOAT_OP(log10, __builtin_log10f, __builtin_log10)
AIT_FLOAT_OP(floor, __builtin_floorf, __builtin_floor)
AIT_FLOAT_OP(ceil, __builtin_ceilf, __builtin_ceil)
AIT_FLOAT_OP(round, __builtin_rintf, __builtin_rint)
AIT_FLOAT_OP(trunc, __builtin_truncf, __builtin_trunc)
#undef AIT_FLOAT_OP
template <class T> AIT_INLINE T op_rsqrt(T x) { return T(1) / op_sqrt(x); }
template <class T> AIT_INLINE T op_reciprocal(T x) { return T(1) / x; }
AIT_INLINE float op_sigmoid(float x) { return ait::sigmoid(x); }
AIT_INLINE double op_sigmoid(double x) { return 1.0 / (1.0 + __builtin_exp(-x)); }
template <class T> AIT_INLINE T op_floor(T x) { return x; } // integers are whole
template <class T> AIT_INLINE T op_ceil(T x) { return x; }
template <class T> AIT_INLINE T op_round(T x) { return x; }
template <class T> AIT_INLINE T op_trunc(T x) { return x; }

AIT_INLINE float op_silu(float x) { return ait::silu(x); }
AIT_INLINE double op_silu(double x) { return x / (1.0 + __builtin_exp(-x)); }
AIT_INLINE float op_gelu_erf(float x) { return ait::gelu_erf(x); }
AIT_INLINE double op_gelu_erf(double x) { return 0.5 * x * (1.0 + __builtin_erf(x * 0.70710678118654752440)); }
AIT_INLINE float op_gelu_tanh(float x) { return ait::gelu_tanh(x); }
AIT_INLINE double op_gelu_tanh(double x) { return 0.5 * x * (1.0 + __builtin_tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x))); }

AIT_INLINE float op_pow(float a, float b) { return ait::pow(a, b); }
AIT_INLINE double op_pow(double a, double b) { return __builtin_pow(a, b); }
// By squaring, wrapping; with a negative exponent what of 1 / a^-b is whole.
template <class T> AIT_INLINE T op_pow(T a, T b) {
  if constexpr (T(-1) < T(0)) {
    if (b < T(0)) return a == T(1) ? T(1) : a == T(-1) ? (b & T(1) ? T(-1) : T(1)) : T(0);
  }
  T result = 1;
  for (; b != T(0); b = T(b >> 1)) {
    if (b & T(1)) result = op_mul(result, a);
    a = op_mul(a, a);
  }
  return result;
}
AIT_INLINE float op_atan2(float a, float b) { return __builtin_atan2f(a, b); }
AIT_INLINE double op_atan2(double a, double b) { return __builtin_atan2(a, b); }
AIT_INLINE float op_fmod(float a, float b) { return __builtin_fmodf(a, b); }
AIT_INLINE double op_fmod(double a, double b) { return __builtin_fmod(a, b); }
AIT_INLINE float op_div(float a, float b) { return a / b; }
AIT_INLINE double op_div(double a, double b) { return a / b; }
AIT_INLINE float op_trunc_div(float a, float b) { return __builtin_truncf(a / b); }
AIT_INLINE double op_trunc_div(double a, double b) { return __builtin_trunc(a / b); }

// Shifts by a negative amount or by more than the type is wide leave nothing but the sign.
template <class T> AIT_INLINE T op_shift_left(T a, T b) {
  return b < T(0) || b >= T(sizeof(T) * 8) ? T(0) : T(uint64_t(a) << b);
}
template <class T> AIT_INLINE T op_shift_right(T a, T b) {
  constexpr T most = T(sizeof(T) * 8 - (T(-1) < T(0)));
  if (b >= T(0) && b < most) return T(a >> b);
  return T(-1) < T(0) ? T(a >> most) : T(0);
}

// Integer division by 0 and of the least number by -1 is guarded: 0, and wrapping.
template <class T> AIT_INLINE bool is_minus_one(T a) { return T(-1) < T(0) && a == T(-1); }
template <class T> AIT_INLINE T op_trunc_div(T a, T b) { return b == T(0) ? T(0) : is_minus_one(b) ? op_neg(a) : T(a / b); }
template <class T> AIT_INLINE T op_fmod(T a, T b) { return b == T(0) || is_minus_one(b) ? T(0) : T(a % b); }

// Python's remainder and floor division: the remainder has the sign of the divisor.
template <class T> AIT_INLINE T op_remainder(T a, T b) {
  T r = op_fmod(a, b);
  return r != T(0) && (r < T(0)) != (b < T(0)) ? T(r + b) : r;
}
template <class T> AIT_INLINE T op_floor_div(T a, T b) {
  if constexpr (is_floating<T>) {
    if (b == T(0)) return a / b;
    T r = op_fmod(a, b);
    T q = (a - r) / b;
    if (r != T(0) && (r < T(0)) != (b < T(0))) q -= T(1);
    if (q == T(0)) return __builtin_copysign(T(0), a / b);
    T f = op_floor(q);
    return q - f > T(0.5) ? f + T(1) : f;
  } else {
    T q = op_trunc_div(a, b);
    return b != T(0) && op_remainder(a, b) != op_fmod(a, b) ? T(q - 1) : q;
  }
}

AIT_NAMESPACE_END
