// Running sums, products and extremes along the last dimension, and places in sorted rows: scan.h for GPUs. One thread walks
// a line, or a group of threads takes it piece by piece: the order in which numbers are combined follows from the shape.
#pragma once
#include "function.cuh"
#include "scan_step.h"

AIT_NAMESPACE_BEGIN

enum Scan { SCAN_SUM, SCAN_PRODUCT, SCAN_LOG_SUM_EXP };

// Floating-point numbers are accumulated in double, integers wrap.
template <class T> struct ScanState { typedef T type; };
template <> struct ScanState<float> { typedef double type; };

AIT_NOINLINE inline double log_add_exp(double x, double y) {
  const double low = y != y || y < x ? y : x, high = y != y || y > x ? y : x;
  if (low != high || (low - low == 0)) return ::log1p(::exp(low - high)) + high;
  return x;
}

// What has been combined of a line so far.
template <int SCAN, class T> struct Total {
  typedef typename ScanState<T>::type A;
  A sum;

  AIT_INLINE static Total none() {
    if constexpr (SCAN == SCAN_LOG_SUM_EXP) return {A(-__builtin_inf())};
    else return {SCAN == SCAN_SUM ? A(0) : A(1)};
  }
  AIT_INLINE static Total one(T x, int64_t) { return {A(x)}; }

  AIT_INLINE static Total of(Total a, Total b) {
    if constexpr (SCAN == SCAN_LOG_SUM_EXP) return {A(log_add_exp(double(b.sum), double(a.sum)))};
    else if constexpr (std::is_floating_point_v<A>) return {SCAN == SCAN_SUM ? a.sum + b.sum : a.sum * b.sum};
    else if constexpr (SCAN == SCAN_SUM) return {op_add(a.sum, b.sum)};
    else return {op_mul(a.sum, b.sum)};
  }
  AIT_INLINE Total of_lane(int from) const { return {ait::of_lane(sum, from)}; }
};

// The latest of equal extremes; NaN once met stays, and the latest of them.
template <int LARGEST, class T> struct Extreme {
  T value;
  int64_t at; // below 0: nothing so far

  AIT_INLINE static Extreme none() { return {T(0), -1}; }
  AIT_INLINE static Extreme one(T x, int64_t at) { return {x, at}; }

  AIT_INLINE static Extreme of(Extreme a, Extreme b) {
    if (a.at < 0 || b.at < 0) return a.at < 0 ? b : a;
    const bool better = b.value != b.value || (a.value == a.value && (LARGEST ? !(b.value < a.value) : !(a.value < b.value)));
    return better ? b : a;
  }
  AIT_INLINE Extreme of_lane(int from) const { return {ait::of_lane(value, from), ait::of_lane(at, from)}; }
};

// A line of a tensor, element by element.
template <class T> struct Line {
  T* start;
  int64_t step;
  AIT_INLINE Line(const Sheets<T>& s, int64_t line) : step(s.step) {
    const int64_t outer = quotient(line, s.inner);
    start = s.at(outer, line - outer * s.inner);
  }
  AIT_INLINE T& operator[](int64_t i) const { return start[i * step]; }
};

// `state` is Total or Extreme; store(line, i, state) keeps it.
template <class State, class T, class Store> AIT_INLINE void scan_alone(const Sheets<const T>& from, const Store& store) {
  for (int64_t l = grid_thread(); l < from.outer * from.inner; l += grid_threads()) {
    const Line<const T> line(from, l);
    const auto to = store.line(l);
    State state = State::none();
    for (int64_t i = 0; i < from.size; i++) {
      state = State::of(state, State::one(line[i], i));
      store.put(to, i, state);
    }
  }
}

template <int GROUP, class State, class T, class Store> AIT_INLINE void scan_together(const Sheets<const T>& from, const Store& store) {
  constexpr int EACH = 4, WARPS = GROUP / 32, LINES = 256 / GROUP; // a thread takes some neighbours, a block some lines
  __shared__ State totals[WARPS];
  const int lane = threadIdx.x % 32, member = threadIdx.x % GROUP;
  for (int64_t l = int64_t(blockIdx.x) * LINES + threadIdx.x / GROUP; l < from.outer * from.inner; l += int64_t(gridDim.x) * LINES) {
    const Line<const T> line(from, l);
    const auto to = store.line(l);
    State carry = State::none();
    for (int64_t piece = 0; piece < from.size; piece += GROUP * EACH) {
      const int64_t first = piece + member * EACH;
      State own[EACH], sum = State::none();
#pragma unroll
      for (int v = 0; v < EACH; v++) {
        if (first + v < from.size) sum = State::of(sum, State::one(line[first + v], first + v));
        own[v] = sum;
      }
#pragma unroll
      for (int by = 1; by < 32; by *= 2) {
        const State left = sum.of_lane(lane < by ? lane : lane - by);
        if (lane >= by) sum = State::of(left, sum);
      }
      State before = sum.of_lane(lane == 0 ? 0 : lane - 1), all;
      if (lane == 0) before = State::none();
      if constexpr (WARPS == 1) {
        all = sum.of_lane(31);
      } else {
        __syncthreads(); // the last piece's totals have been read
        if (lane == 31) totals[member / 32] = sum;
        __syncthreads();
        State warps = State::none();
        all = State::none();
#pragma unroll
        for (int w = 0; w < WARPS; w++) {
          if (w == member / 32) warps = all;
          all = State::of(all, totals[w]);
        }
        before = State::of(warps, before);
      }
      before = State::of(carry, before);
#pragma unroll
      for (int v = 0; v < EACH; v++)
        if (first + v < from.size) store.put(to, first + v, State::of(before, own[v]));
      carry = State::of(carry, all);
    }
  }
}

template <class State, class T, class Store> AIT_INLINE void scan_over(const ScanStep& step, const Sheets<const T>& from, const Store& store) {
  if (step.group == 1) scan_alone<State>(from, store);
  else if (step.group == 32) scan_together<32, State>(from, store);
  else scan_together<256, State>(from, store);
}

template <class T> struct StoreTotals {
  const Sheets<T>& to;
  AIT_INLINE Line<T> line(int64_t l) const { return {to, l}; }
  template <class State> AIT_INLINE void put(const Line<T>& line, int64_t i, const State& s) const { line[i] = T(s.sum); }
};

template <class T> struct StoreExtremes {
  const Sheets<T>& values;
  const Sheets<int64_t>& indices;
  struct Both {
    Line<T> values;
    Line<int64_t> indices;
  };
  AIT_INLINE Both line(int64_t l) const { return {{values, l}, {indices, l}}; }
  template <class State> AIT_INLINE void put(const Both& line, int64_t i, const State& s) const {
    line.values[i] = s.value;
    line.indices[i] = s.at;
  }
};

template <int SCAN, class T>
AIT_INLINE void scan_device(const Call&, const ScanStep& step, const Tensor<const T>& x, const Tensor<T>& out) {
  const Sheets<const T> from(x);
  const Sheets<T> to(out);
  scan_over<Total<SCAN, T>>(step, from, StoreTotals<T>{to});
}

template <int LARGEST, class T>
AIT_INLINE void running_extreme_device(const Call&, const ScanStep& step, const Tensor<const T>& x, const Tensor<T>& values,
                                       const Tensor<int64_t>& indices) {
  const Sheets<const T> from(x);
  const Sheets<T> to(values);
  const Sheets<int64_t> at(indices);
  scan_over<Extreme<LARGEST, T>>(step, from, StoreExtremes<T>{to, at});
}

// How many elements of its sorted row are below each value; with `right`, not above it. Comparisons with NaN are false.
template <class T, class O>
AIT_INLINE void search_sorted_device(const Call&, const ScanStep&, const Tensor<const T>& rows, const Tensor<const T>& values,
                                     const Tensor<O>& out, int64_t right) {
  const Lines<const T> row(rows), value(values);
  const Lines<O> to(out);
  for (int64_t i = grid_thread(); i < values.numel(); i += grid_threads()) {
    const int64_t line = quotient(i, value.size), at = i - line * value.size;
    const T* sorted = row.row(line);
    const T x = value.row(line)[at * value.step];
    int64_t low = 0, high = row.size;
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      const T y = sorted[middle * row.step];
      if (right ? !(y > x) : !(y >= x)) low = middle + 1;
      else high = middle;
    }
    to.row(line)[at * to.step] = O(low);
  }
}

AIT_NAMESPACE_END
