// Where the elements of a line come from that repeats each of another's as often as data says, as torch.repeat_interleave.
#pragma once
#include "function.h"

AIT_NAMESPACE_BEGIN

// out = 0 repeats[0] times, then 1 repeats[1] times, and so on; in all there must be as many as `out` has elements.
template <class T> void repeat_places(const Call& call, const Tensor<const T>& repeats, const Tensor<T>& out) {
  const int64_t n = repeats.sizes[0], wanted = out.sizes[0];
  int64_t total = 0;
  for (int64_t i = 0; i < n; i++) {
    const int64_t times = repeats.data[i * repeats.strides[0]];
    if (times < 0) return fail(call, "element %lld is to be repeated %lld times", (long long)i, (long long)times);
    if (__builtin_add_overflow(total, times, &total)) total = INT64_MAX;
  }
  if (total != wanted) return fail(call, "the repeats add up to %lld, the declared size is %lld", (long long)total, (long long)wanted);
  T* to = out.data;
  for (int64_t i = 0; i < n; i++)
    for (int64_t k = repeats.data[i * repeats.strides[0]]; k > 0; k--, to += out.strides[0]) *to = T(i);
}

AIT_NAMESPACE_END
