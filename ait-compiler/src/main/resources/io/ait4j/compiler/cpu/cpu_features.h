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
#undef AIT_REQUIRE
#endif
  return nullptr;
}

AIT_NAMESPACE_END
