// The reason of a thread's last failure, for ait4j_last_error().
#pragma once
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include "model.h"

AIT_NAMESPACE_BEGIN

inline __thread char last_error[1024];

// Always 1.
__attribute__((format(printf, 1, 2), cold, noinline)) inline int error(const char* format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(last_error, sizeof last_error, format, args);
  va_end(args);
  return 1;
}

inline const char* dtype_name(int32_t dtype) {
  static const char* const names[] = {"no type", "float16", "float32", "int32", "int64",   "bool",      "bfloat16",
                                      "int8",    "uint8",   "int16",   "float64", "complex64", "complex128"};
  return dtype >= 1 && dtype <= 12 ? names[dtype] : names[0];
}

inline int64_t dtype_bytes(int32_t dtype) {
  static const int8_t bytes[] = {0, 2, 4, 4, 8, 1, 2, 1, 1, 2, 8, 8, 16};
  return dtype >= 1 && dtype <= 12 ? bytes[dtype] : 0;
}

// "float32 [1, 3, 224, 224]"
struct TypeText {
  char text[300];

  TypeText(int32_t dtype, int32_t rank, const int64_t* sizes) {
    int used = snprintf(text, sizeof text, "%s [", dtype_name(dtype));
    for (int32_t i = 0; i < rank && used < int(sizeof text) - 30; i++)
      used += snprintf(text + used, sizeof text - used, i ? ", %lld" : "%lld", (long long)sizes[i]);
    snprintf(text + used, sizeof text - used, "]");
  }
};

AIT_NAMESPACE_END
