// How many threads the functions of scan.cuh take.
#pragma once
#include "function_launch.h"
#include "scan_step.h"

AIT_NAMESPACE_BEGIN

// Many lines of which neighbours lie side by side: a thread for each. Else threads share a line.
template <class T> bool scan_lines_launch(const LaunchCall& call, int64_t number, ScanStep& step, Launch& how, const Tensor<const T>& x) {
  if (number > 0) return false;
  const Sheets<const T> from(x);
  const int64_t lines = from.outer * from.inner, n = from.size;
  if (lines * n == 0) return false;
  const bool apart = from.step != 1 && from.inner > 1;
  const int64_t threads = int64_t(call.cx.sms) * 128;
  step.group = n <= 8 || (apart && (lines >= threads || n <= 64)) ? 1 : n <= 1024 || lines >= threads ? 32 : 256;
  how = blocks_over(call, lines, 256 / step.group);
  return true;
}

template <int SCAN, class T>
bool scan_launch(const LaunchCall& call, int64_t number, ScanStep& step, Launch& how, const Tensor<const T>& x, const Tensor<T>&) {
  return scan_lines_launch(call, number, step, how, x);
}

template <int LARGEST, class T>
bool running_extreme_launch(const LaunchCall& call, int64_t number, ScanStep& step, Launch& how, const Tensor<const T>& x,
                            const Tensor<T>&, const Tensor<int64_t>&) {
  return scan_lines_launch(call, number, step, how, x);
}

template <class T, class O>
bool search_sorted_launch(const LaunchCall& call, int64_t number, ScanStep&, Launch& how, const Tensor<const T>&,
                          const Tensor<const T>& values, const Tensor<O>&, int64_t) {
  how = blocks_over(call, values.numel(), 256);
  return number == 0 && values.numel() > 0;
}

AIT_NAMESPACE_END
