// The operators of reductions, for processors and GPUs: `of` combines vectors or numbers, `start` is neutral; NaN wins in Max and Min.
#pragma once
#include "operators.h"

AIT_NAMESPACE_BEGIN

struct Sum {
  template <class T> static constexpr T start = T(0);
  template <class T> AIT_INLINE static T of(T a, T b) {
    if constexpr (std::is_integral_v<T>) return op_add(a, b);
    else return a + b;
  }
};
struct Prod {
  template <class T> static constexpr T start = T(1);
  template <class T> AIT_INLINE static T of(T a, T b) {
    if constexpr (std::is_integral_v<T>) return op_mul(a, b);
    else return a * b;
  }
};
struct Max {
  template <class T> static constexpr T start = lowest<T>();
  template <class T> AIT_INLINE static T of(T a, T b) { return (a > b) | (a != a) ? a : b; }
};
struct Min {
  template <class T> static constexpr T start = highest<T>();
  template <class T> AIT_INLINE static T of(T a, T b) { return (a < b) | (a != a) ? a : b; }
};
struct Any {
  template <class T> static constexpr T start = T(0);
  template <class T> AIT_INLINE static T of(T a, T b) { return a | b; }
};
struct All {
  template <class T> static constexpr T start = T(1);
  template <class T> AIT_INLINE static T of(T a, T b) { return a & b; }
};

AIT_NAMESPACE_END
