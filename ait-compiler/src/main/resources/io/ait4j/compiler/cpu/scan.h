// Running sums, products and extremes along the last dimension, and places in sorted rows.
#pragma once
#include "function.h"

AIT_NAMESPACE_BEGIN

enum Scan { SCAN_SUM, SCAN_PRODUCT, SCAN_LOG_SUM_EXP };

// As PyTorch: floating-point numbers are accumulated in double, integers wrap.
template <class T> struct ScanState { typedef T type; };
template <> struct ScanState<float> { typedef double type; };

inline double log_add_exp(double x, double y) {
  const double low = y != y || y < x ? y : x, high = y != y || y > x ? y : x;
  if (low != high || (low - low == 0)) return __builtin_log1p(__builtin_exp(low - high)) + high;
  return x;
}

template <int SCAN, class A> AIT_INLINE A scan_step(A sum, A x) {
  switch (SCAN) {
    case SCAN_SUM: return op_add(sum, x);
    case SCAN_PRODUCT:
      if constexpr (is_floating<A>) return sum * x;
      else return op_mul(sum, x);
    default: return A(log_add_exp(double(x), double(sum)));
  }
}

template <int SCAN, class A> constexpr A scan_start() {
  if constexpr (SCAN == SCAN_LOG_SUM_EXP) return A(-__builtin_inf());
  else return SCAN == SCAN_SUM ? A(0) : A(1);
}

// Calls work(first line, count, offsets) for runs of lines that lie side by side: each walks its own way where the last
// dimension is the fastest, else some go together so that every cache line is used while it is there.
template <class Work> void over_lines(const Call& call, int64_t outer, int64_t inner, bool together, double cost, Work&& work) {
  constexpr int64_t MOST = 64;
  const int64_t at_once = !together ? 1 : inner < MOST ? inner : MOST;
  if (outer * inner == 0) return;
  const int64_t blocks = ceil_div(inner, at_once);
  parallel_for(call.cx.ex, outer * blocks, grain(cost * double(at_once)), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t first = task % blocks * at_once;
      work(task / blocks, first, inner - first < at_once ? inner - first : at_once);
    }
  });
}

template <int SCAN, class T> void scan(const Call& call, const Tensor<const T>& x, const Tensor<T>& out) {
  typedef typename ScanState<T>::type A;
  const Sheets<const T> from(x);
  const Sheets<T> to(out);
  const int64_t n = from.size;
  const double cost = double(n) * (SCAN == SCAN_LOG_SUM_EXP ? 40 : 1.5);
  over_lines(call, n ? from.outer : 0, from.inner, from.step != 1 && from.inner > 1, cost, [&](int64_t o, int64_t first, int64_t count) {
    A state[64];
    for (int64_t l = 0; l < count; l++) state[l] = scan_start<SCAN, A>();
    const T* f = from.at(o, first);
    T* t = to.at(o, first);
    for (int64_t i = 0; i < n; i++)
      for (int64_t l = 0; l < count; l++) {
        state[l] = scan_step<SCAN, A>(state[l], A(f[i * from.step + l * from.inner_step]));
        t[i * to.step + l * to.inner_step] = T(state[l]);
      }
  });
}

// The latest of equal extremes; NaN once met stays.
template <int LARGEST_SO_FAR, class T>
void running_extreme(const Call& call, const Tensor<const T>& x, const Tensor<T>& values, const Tensor<int64_t>& indices) {
  const Sheets<const T> from(x);
  const Sheets<T> to(values);
  const Sheets<int64_t> at(indices);
  const int64_t n = from.size;
  over_lines(call, n ? from.outer : 0, from.inner, from.step != 1 && from.inner > 1, double(n) * 2, [&](int64_t o, int64_t first, int64_t count) {
    const T* f = from.at(o, first);
    T* t = to.at(o, first);
    int64_t* a = at.at(o, first);
    for (int64_t l = 0; l < count; l++) {
      t[l * to.inner_step] = f[l * from.inner_step];
      a[l * at.inner_step] = 0;
    }
    for (int64_t i = 1; i < n; i++)
      for (int64_t l = 0; l < count; l++) {
        const T next = f[i * from.step + l * from.inner_step], best = t[(i - 1) * to.step + l * to.inner_step];
        const bool better = next != next || (best == best && (LARGEST_SO_FAR ? !(next < best) : !(best < next)));
        t[i * to.step + l * to.inner_step] = better ? next : best;
        a[i * at.step + l * at.inner_step] = better ? i : a[(i - 1) * at.step + l * at.inner_step];
      }
  });
}

// How many elements of its sorted row are below each value; with `right`, not above it. Comparisons with NaN are false.
template <class T, class O>
void search_sorted(const Call& call, const Tensor<const T>& rows, const Tensor<const T>& values, const Tensor<O>& out, int64_t right) {
  const Lines<const T> row(rows), value(values);
  const Lines<O> to(out);
  const int64_t n = row.size;
  parallel_for(call.cx.ex, values.numel(), grain(30), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t line = value.size ? i / value.size : 0, at = value.size ? i % value.size : 0;
      const T* sorted = row.row(line);
      const T x = value.row(line)[at * value.step];
      int64_t low = 0, high = n;
      while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const T y = sorted[middle * row.step];
        if (right ? !(y > x) : !(y >= x)) low = middle + 1;
        else high = middle;
      }
      to.row(line)[at * to.step] = O(low);
    }
  });
}

AIT_NAMESPACE_END
