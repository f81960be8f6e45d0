// Whether this processor has the instructions that the library was compiled for: an error beats SIGILL.
#pragma once
#include "vec.h"

AIT_NAMESPACE_BEGIN

// The first instruction set that is missing; null if there is none.
inline const char* missing_cpu_feature() {
#if defined(__x86_64__)
  __builtin_cpu_init();
#define AIT_REQUIRE(name) \
  if (!__builtin_cpu_supports(name)) return name;
#ifdef __AVX__
  AIT_REQUIRE("avx")
#endif
#ifdef __AVX2__
  AIT_REQUIRE("avx2")
#endif
#ifdef __FMA__
  AIT_REQUIRE("fma")
#endif
#ifdef __BMI2__
  AIT_REQUIRE("bmi2")
#endif
#ifdef __AVX512F__
  AIT_REQUIRE("avx512f")
#endif
#ifdef __AVX512BW__
  AIT_REQUIRE("avx512bw")
#endif
#ifdef __AVX512DQ__
  AIT_REQUIRE("avx512dq")
#endif
#ifdef __AVX512VL__
  AIT_REQUIRE("avx512vl")
#endif
#ifdef __AVX512VBMI__
  AIT_REQUIRE("avx512vbmi")
#endif
#ifdef __AVX512VNNI__
  AIT_REQUIRE("avx512vnni")
#endif
#ifdef __BMI__
  AIT_REQUIRE("bmi")
#endif
#ifdef __GFNI__
  AIT_REQUIRE("gfni")
#endif
#ifdef __AVX512CD__
  AIT_REQUIRE("avx512cd")
#endif
#ifdef __AVX512IFMA__
  AIT_REQUIRE("avx512ifma")
#endif
#ifdef __AVX512VBMI2__
  AIT_REQUIRE("avx512vbmi2")
#endif
#ifdef __AVX512BITALG__
  AIT_REQUIRE("avx512bitalg")
#endif
#ifdef __AVX512VPOPCNTDQ__
  AIT_REQUIRE("avx512vpopcntdq")
#endif
#ifdef __AVX512BF16__
  AIT_REQUIRE("avx512bf16")
#endif
#undef AIT_REQUIRE
#endif
  return nullptr;
}

AIT_NAMESPACE_END
