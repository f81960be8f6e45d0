// The functions of a library that measures the machine.
#pragma once
#include "ait4j.h"
#include "roofline.h"

extern "C" {

/* Multiply-adds a second, two operations each, with vectors of the library's target. */
AIT4J_EXPORT double ait4j_measure_flops(int32_t threads) {
  const double best = ait::measure_flops(ait::pool_executor(threads));
  ait::shutdown();
  return best;
}

/* Bytes a second through a block of so many, read and, if `writes`, half of them written; 0 if there is no memory. */
AIT4J_EXPORT double ait4j_measure_bandwidth(int32_t threads, int64_t bytes, int32_t writes) {
  float* data = ait::aligned_floats(bytes / 4);
  if (!data) return 0;
  memset(data, 0, size_t(bytes));
  const double best = ait::measure_bandwidth(ait::pool_executor(threads), data, bytes / 4, writes != 0);
  free(data);
  ait::shutdown();
  return best;
}
}
