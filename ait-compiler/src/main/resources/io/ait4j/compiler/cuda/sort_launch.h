// The launches of the functions of sort.cuh.
#pragma once
#include <type_traits>
#include "function_launch.h"
#include "sort_step.h"

AIT_NAMESPACE_BEGIN

// Of each row the first `keep` in order are wanted; `row` are the bytes of shared memory that each takes beside its elements.
template <class T>
bool order_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<const T>& x, int64_t keep, int64_t row = 0) {
  constexpr int64_t CHUNK = SortStep::CHUNK, ELEMENT = (sizeof(T) > 4 ? 8 : 4) + 4;
  const Lines<const T> from(x);
  const int64_t n = from.size, rows = from.count, chunks = (n + CHUNK - 1) / CHUNK;
  if (n > 0x7fffffff) return refuse(call, "a row of %lld elements is too long", (long long)n);
  if (rows * keep == 0) return false;
  if (n <= CHUNK) {
    if (number > 0) return false;
    while (step.width < n) step.width *= 2;
    const int64_t fair = (rows + call.cx.sms * 2 - 1) / (call.cx.sms * 2), most = CHUNK / step.width;
    step.at_once = int32_t(fair < most ? fair : most);
    how = blocks_over(call, rows, step.at_once);
    how.shared = unsigned((step.at_once * step.width * ELEMENT + 7) / 8 * 8 + step.at_once * row);
    return true;
  }
  int64_t merges = 0;
  while ((CHUNK << merges) < n) merges++;
  step.keep = keep;
  step.row = chunks * (keep < CHUNK ? keep : CHUNK);
  if (number == 0) {
    step.part = SortStep::CHUNKS;
    step.width = int32_t(CHUNK);
    how = blocks_over(call, rows * chunks, 1);
    how.shared = unsigned(CHUNK * ELEMENT);
    return true;
  }
  step.span = CHUNK << (number - 1);
  step.half = int32_t((number - 1) % 2);
  if (number <= merges) {
    step.part = SortStep::MERGE;
    how = blocks_over(call, rows * step.row, 256);
    how.shared = 0;
    return true;
  }
  step.part = SortStep::FINISH;
  how = blocks_over(call, rows, 1);
  how.shared = unsigned(row);
  return number == merges + 1;
}

// The same where results are the elements in order, which many threads put to their places.
template <class T>
bool put_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<const T>& x, int64_t keep) {
  const bool more = order_launch(call, number, step, how, x, keep);
  if (step.part == SortStep::FINISH) how = blocks_over(call, Lines<const T>(x).count * keep, 256);
  return more;
}

template <class T>
bool sort_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<const T>& x, const Tensor<T>&,
                 const Tensor<int64_t>&, int64_t, const int64_t*) {
  return put_launch(call, number, step, how, x, Lines<const T>(x).size);
}

template <class T>
bool topk_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<const T>& x, const Tensor<T>& values,
                 const Tensor<int64_t>&, int64_t, const int64_t*) {
  const int64_t n = Lines<const T>(x).size, k = Lines<T>(values).size;
  if (k > n) return refuse(call, "%lld elements of a dimension of size %lld", (long long)k, (long long)n);
  return put_launch(call, number, step, how, x, k);
}

// A choice among no elements is NaN where there is one.
template <class T> bool nothing_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<T>& values) {
  if (number > 0 || values.numel() == 0) return false;
  if constexpr (std::is_integral_v<T>) return refuse(call, "a choice among no elements");
  step.part = SortStep::NOTHING;
  how = blocks_over(call, values.numel(), 256);
  return true;
}

template <int CHOICE, class T>
bool choose_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<const T>& x, const Tensor<T>& values,
                   const Tensor<int64_t>&, int64_t k, const int64_t*) {
  constexpr int KTH = 0;
  const int64_t n = Lines<const T>(x).size;
  if (CHOICE == KTH && (k < 1 || k > n)) return refuse(call, "element %lld of a dimension of size %lld", (long long)k, (long long)n);
  return n == 0 ? nothing_launch(call, number, step, how, values) : order_launch(call, number, step, how, x, n);
}

template <class T>
bool most_frequent_launch(const LaunchCall& call, int64_t number, SortStep& step, Launch& how, const Tensor<const T>& x,
                          const Tensor<T>& values, const Tensor<int64_t>&, const int64_t*) {
  const int64_t n = Lines<const T>(x).size;
  return n == 0 ? nothing_launch(call, number, step, how, values) : order_launch(call, number, step, how, x, n, sizeof(uint64_t));
}

AIT_NAMESPACE_END
