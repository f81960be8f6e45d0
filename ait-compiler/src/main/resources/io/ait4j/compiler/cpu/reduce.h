// Reductions along memory, for generated loops: enough partial results side by side that none waits for itself, combined
// in an order that depends on the length only.
#pragma once
#include "scalar.h"
#include "combine.h"

AIT_NAMESPACE_BEGIN

// Of anything: lanes that the compiler makes vectors of. Body: T operator()(int64_t i).
template <class Op, class T> struct Reduction {
  static constexpr int LANES = 32;
  T lanes[LANES];

  Reduction() {
    for (T& lane : lanes) lane = Op::template start<T>;
  }

  template <class Body> AIT_INLINE void add(int64_t n, const Body& body) {
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES) {
#pragma omp simd
      for (int j = 0; j < LANES; j++) lanes[j] = Op::of(lanes[j], T(body(i + j)));
    }
    for (int j = 0; i + j < n; j++) lanes[j] = Op::of(lanes[j], T(body(i + j)));
  }

  // For a body that may fail, which a vector cannot.
  template <class Body> AIT_INLINE void add_each(int64_t n, const Body& body) {
    for (int64_t i = 0; i < n; i++) lanes[i % LANES] = Op::of(lanes[i % LANES], T(body(i)));
  }

  AIT_INLINE T total() const {
    T all = lanes[0];
    for (int j = 1; j < LANES; j++) all = Op::of(all, lanes[j]);
    return all;
  }
};

template <class Op> AIT_INLINE float fold_lanes(Vec<4>::type v) { return Op::of(Op::of(v[0], v[2]), Op::of(v[1], v[3])); }
template <class Op> AIT_INLINE float fold_lanes(Vec<8>::type v) {
  return fold_lanes<Op>(Op::of(__builtin_shufflevector(v, v, 0, 1, 2, 3), __builtin_shufflevector(v, v, 4, 5, 6, 7)));
}
template <class Op> AIT_INLINE float fold_lanes(Vec<16>::type v) {
  return fold_lanes<Op>(Op::of(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)));
}

// The lanes of a vector from `first` on; those before it are neutral.
template <class Op> AIT_INLINE vf lanes_from(vf v, int64_t first) {
  vmask lane{};
#pragma GCC unroll 16
  for (int i = 0; i < W; i++) lane[i] = i;
  return lane < int32_t(first) ? broadcast(Op::template start<float>) : v;
}

// Of floats: vectors in registers.
template <class Op> struct Reduction<Op, float> {
  static constexpr int VECTORS = 4, BLOCK = VECTORS * W;
  vf part[VECTORS];
  Vec<4>::type narrow[2] = {splatn<4>(Op::template start<float>), splatn<4>(Op::template start<float>)}; // of rows too short for vectors
  float each = Op::template start<float>; // of what makes none of either

  Reduction() {
    for (vf& p : part) p = broadcast(Op::template start<float>);
  }

  AIT_INLINE void add_block(const float* v) {
#pragma GCC unroll 4
    for (int q = 0; q < VECTORS; q++) part[q] = Op::of(part[q], load(v + q * W));
  }

  // Numbers as they lie in memory.
  AIT_INLINE void add_row(int64_t n, const float* values) {
    int64_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) add_block(values + i);
    for (; i + W <= n; i += W) part[0] = Op::of(part[0], load(values + i));
    if (i == n) return;
    if (n < W) return add_narrow(n, [&](int64_t j) __attribute__((always_inline)) { return values[j]; });
    part[1] = Op::of(part[1], lanes_from<Op>(load(values + n - W), i - (n - W))); // the last vector, less what has been
  }

  template <class Body> AIT_INLINE void add(int64_t n, const Body& body) {
    alignas(64) float v[BLOCK];
    int64_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
#pragma omp simd
      for (int j = 0; j < BLOCK; j++) v[j] = body(i + j);
      add_block(v);
    }
    for (; i + W <= n; i += W) {
#pragma omp simd
      for (int j = 0; j < W; j++) v[j] = body(i + j);
      part[0] = Op::of(part[0], load(v));
    }
    if (i == n) return;
    if (n < W) return add_narrow(n, body);
#pragma omp simd
    for (int j = 0; j < W; j++) v[j] = body(n - W + j);
    part[1] = Op::of(part[1], lanes_from<Op>(load(v), i - (n - W)));
  }

  template <class Body> AIT_INLINE void add_narrow(int64_t n, const Body& body) {
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      const Vec<4>::type v{float(body(i)), float(body(i + 1)), float(body(i + 2)), float(body(i + 3))};
      narrow[i / 4 % 2] = Op::of(narrow[i / 4 % 2], v);
    }
    for (; i < n; i++) each = Op::of(each, float(body(i)));
  }

  template <class Body> AIT_INLINE void add_each(int64_t n, const Body& body) {
    if (n <= 0) return;
    float all = Op::template start<float>;
    for (int64_t i = 0; i < n; i++) all = Op::of(all, float(body(i)));
    each = Op::of(each, all);
  }

  AIT_INLINE float total() const {
    const float rest = Op::of(fold_lanes<Op>(Op::of(narrow[0], narrow[1])), each);
    return Op::of(fold_lanes<Op>(Op::of(Op::of(part[0], part[1]), Op::of(part[2], part[3]))), rest);
  }
};

AIT_NAMESPACE_END
