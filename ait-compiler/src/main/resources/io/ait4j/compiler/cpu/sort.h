// Order along the last dimension, as PyTorch has it: NaN is greater than any number, both zeros are equal, equal elements
// keep their order. Elements become unsigned numbers of the same order, each with its place.
#pragma once
#include "function.h"
#include "order_key.h"
#include "scratch.h"

AIT_NAMESPACE_BEGIN

// As wide as each other, so that a pair is one move.
template <class K> struct Place {
  K key, at;
};

template <class K> void insertion_sort(Place<K>* a, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    const Place<K> x = a[i];
    int64_t j = i;
    for (; j > 0 && a[j - 1].key > x.key; j--) a[j] = a[j - 1];
    a[j] = x;
  }
}

// Least significant byte first, which is stable; bytes that all keys share cost nothing. Returns where the result is.
template <class K> Place<K>* radix_sort(Place<K>* a, Place<K>* b, int64_t n) {
  constexpr int BYTES = sizeof(K);
  int64_t counts[BYTES][256];
  memset(counts, 0, sizeof counts);
  for (int64_t i = 0; i < n; i++)
    for (int d = 0; d < BYTES; d++) counts[d][uint8_t(a[i].key >> 8 * d)]++;
  for (int d = 0; d < BYTES; d++) {
    int64_t* c = counts[d];
    if (c[uint8_t(a[0].key >> 8 * d)] == n) continue;
    for (int64_t sum = 0, v = 0; v < 256; v++) {
      const int64_t here = c[v];
      c[v] = sum;
      sum += here;
    }
    for (int64_t i = 0; i < n; i++) b[c[uint8_t(a[i].key >> 8 * d)]++] = a[i];
    Place<K>* t = a;
    a = b;
    b = t;
  }
  return a;
}

template <class K> Place<K>* stable_sort(Place<K>* a, Place<K>* b, int64_t n) {
  if (n > 48) return radix_sort(a, b, n);
  insertion_sort(a, n);
  return a;
}

// The keys of a row, complemented where `flip` is all ones; room for as many behind them. Null without memory.
template <class T> Place<OrderKey<T>>* row_places(const T* x, int64_t step, int64_t n, OrderKey<T> flip) {
  typedef Place<OrderKey<T>> P;
  P* places = reinterpret_cast<P*>(scratch(SCRATCH_A, 2 * n * int64_t(sizeof(P) / sizeof(float))));
  if (places)
    for (int64_t i = 0; i < n; i++) places[i] = {OrderKey<T>(order_key(x[i * step]) ^ flip), OrderKey<T>(i)};
  return places;
}

template <class T>
void put_places(const T* x, int64_t step, const Place<OrderKey<T>>* places, int64_t n, T* values, int64_t values_step,
                int64_t* indices, int64_t indices_step) {
  for (int64_t i = 0; i < n; i++) {
    values[i * values_step] = x[int64_t(places[i].at) * step];
    indices[i * indices_step] = int64_t(places[i].at);
  }
}

// A place in 32 bits beside a 32-bit key.
inline bool row_fits(const Call& call, int64_t n) {
  if (n <= 0x7fffffff) return true;
  fail(call, "a row of %lld elements is too long", (long long)n);
  return false;
}

template <class T>
void sort(const Call& call, const Tensor<const T>& x, const Tensor<T>& values, const Tensor<int64_t>& indices, int64_t descending) {
  typedef OrderKey<T> K;
  const Lines<const T> from(x);
  const Lines<T> to(values);
  const Lines<int64_t> at(indices);
  if (!row_fits(call, from.size) || from.size == 0) return;
  parallel_for(call.cx.ex, from.count, grain(double(from.size) * 12), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      const T* row = from.row(r);
      Place<K>* places = row_places<T>(row, from.step, from.size, descending ? K(~K(0)) : K(0));
      if (!places) return;
      const Place<K>* sorted = stable_sort(places, places + from.size, from.size);
      put_places(row, from.step, sorted, from.size, to.row(r), to.step, at.row(r), at.step);
    }
  });
}

// Of equal keys the first place comes first.
template <class K> AIT_INLINE bool precedes(const Place<K>& a, const Place<K>& b) {
  return a.key < b.key || (a.key == b.key && a.at < b.at);
}

// Restores the heap, whose root is the last in order, below `i`.
template <class K> AIT_INLINE void sift_down(Place<K>* heap, int64_t n, int64_t i) {
  const Place<K> x = heap[i];
  for (int64_t child; (child = 2 * i + 1) < n; i = child) {
    if (child + 1 < n && precedes(heap[child], heap[child + 1])) child++;
    if (!precedes(x, heap[child])) break;
    heap[i] = heap[child];
  }
  heap[i] = x;
}

// The first k in order among n > k, in order, at the front.
template <class K> void select_first(Place<K>* a, int64_t n, int64_t k) {
  if (k <= 0) return;
  for (int64_t i = k / 2; i-- > 0;) sift_down(a, k, i);
  for (int64_t i = k; i < n; i++)
    if (precedes(a[i], a[0])) {
      a[0] = a[i];
      sift_down(a, k, 0);
    }
  for (int64_t last = k; last-- > 1;) {
    const Place<K> x = a[last];
    a[last] = a[0];
    a[0] = x;
    sift_down(a, last, 0);
  }
}

// k is the size of a row of the results, which come in order.
template <class T>
void topk(const Call& call, const Tensor<const T>& x, const Tensor<T>& values, const Tensor<int64_t>& indices, int64_t largest) {
  typedef OrderKey<T> K;
  const Lines<const T> from(x);
  const Lines<T> to(values);
  const Lines<int64_t> at(indices);
  const int64_t n = from.size, k = to.size;
  if (k > n) return fail(call, "%lld elements of a dimension of size %lld", (long long)k, (long long)n);
  if (!row_fits(call, n) || k == 0) return;
  parallel_for(call.cx.ex, from.count, grain(double(n) * (k > n / 8 ? 12 : 3)), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      const T* row = from.row(r);
      Place<K>* places = row_places<T>(row, from.step, n, largest ? K(~K(0)) : K(0));
      if (!places) return;
      if (k > n / 8) places = stable_sort(places, places + n, n);
      else select_first(places, n, k);
      put_places(row, from.step, places, k, to.row(r), to.step, at.row(r), at.step);
    }
  });
}

// What stands for a choice among no elements: NaN where there is one.
template <class T> void put_nothing(const Call& call, const Tensor<T>& values, const Tensor<int64_t>& indices) {
  for (int64_t r = 0; r < values.numel(); r++) {
    if constexpr (std::is_integral_v<T>) return fail(call, "a choice among no elements");
    else values[r] = T(__builtin_nanf(""));
    indices[r] = 0;
  }
}

enum Choice { KTH, MEDIAN, NAN_MEDIAN };

// One element of each row: the k-th in order (from 1), or the lower of the middle ones. A median of a row with NaN is the
// first NaN, unless NaN does not count.
template <int CHOICE, class T>
void choose(const Call& call, const Tensor<const T>& x, const Tensor<T>& values, const Tensor<int64_t>& indices, int64_t k) {
  typedef OrderKey<T> K;
  const Lines<const T> from(x);
  const int64_t n = from.size;
  if (CHOICE == KTH && (k < 1 || k > n))
    return fail(call, "element %lld of a dimension of size %lld", (long long)k, (long long)n);
  if (!row_fits(call, n)) return;
  if (n == 0) return put_nothing(call, values, indices);
  parallel_for(call.cx.ex, from.count, grain(double(n) * 12), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      const T* row = from.row(r);
      Place<K>* places = row_places<T>(row, from.step, n, K(0));
      if (!places) return;
      const Place<K>* sorted = stable_sort(places, places + n, n);
      int64_t numbers = n;
      if constexpr (!std::is_integral_v<T>)
        while (numbers > 0 && sorted[numbers - 1].key == K(~K(0))) numbers--;
      const int64_t chosen = CHOICE == KTH ? k - 1
                             : CHOICE == MEDIAN && numbers < n ? numbers
                             : numbers > 0 ? (numbers - 1) / 2 : 0;
      const int64_t at = int64_t(sorted[chosen].at);
      values[r] = row[at * from.step];
      indices[r] = at;
    }
  });
}

// The least of the most frequent elements of each row, and the last place of it.
template <class T>
void most_frequent(const Call& call, const Tensor<const T>& x, const Tensor<T>& values, const Tensor<int64_t>& indices) {
  typedef OrderKey<T> K;
  const Lines<const T> from(x);
  const int64_t n = from.size;
  if (!row_fits(call, n)) return;
  if (n == 0) return put_nothing(call, values, indices);
  parallel_for(call.cx.ex, from.count, grain(double(n) * 12), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      const T* row = from.row(r);
      Place<K>* places = row_places<T>(row, from.step, n, K(0));
      if (!places) return;
      const Place<K>* sorted = stable_sort(places, places + n, n);
      int64_t most = 0, chosen = 0;
      for (int64_t i = 0, run = 0; i < n; i++) {
        run = i > 0 && sorted[i].key == sorted[i - 1].key ? run + 1 : 1;
        if ((i == n - 1 || sorted[i].key != sorted[i + 1].key) && run > most) {
          most = run;
          chosen = int64_t(sorted[i].at);
        }
      }
      values[r] = row[chosen * from.step];
      indices[r] = chosen;
    }
  });
}

AIT_NAMESPACE_END
