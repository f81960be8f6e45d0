// Elements as unsigned numbers of the same order: NaN is greater than any number, both zeros are equal.
#pragma once
#include <cstdint>
#include <cstring>
#include <type_traits>

AIT_NAMESPACE_BEGIN

AIT_INLINE uint32_t order_key(float x) {
  if (x != x) return ~uint32_t(0);
  uint32_t bits;
  x += 0.0f; // -0 becomes 0
  memcpy(&bits, &x, sizeof bits);
  return bits >> 31 ? ~bits : bits | uint32_t(1) << 31;
}

AIT_INLINE uint64_t order_key(double x) {
  if (x != x) return ~uint64_t(0);
  uint64_t bits;
  x += 0.0;
  memcpy(&bits, &x, sizeof bits);
  return bits >> 63 ? ~bits : bits | uint64_t(1) << 63;
}

AIT_INLINE uint64_t order_key(int64_t x) { return uint64_t(x) ^ uint64_t(1) << 63; }

template <class T> AIT_INLINE uint32_t order_key(T x) {
  if constexpr (std::is_integral_v<T>) return uint32_t(int32_t(x)) ^ uint32_t(1) << 31;
  else return order_key(float(x)); // 16 bits wide
}

template <class T> using OrderKey = decltype(order_key(T()));

AIT_NAMESPACE_END
