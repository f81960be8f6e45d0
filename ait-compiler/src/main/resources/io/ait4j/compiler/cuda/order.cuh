// Rows in order, each element with its place: of equal elements the first comes first.
#pragma once
#include "function.cuh"
#include "order_key.h"
#include "sort_step.h"

AIT_NAMESPACE_BEGIN

template <class K> struct Place {
  K key, at;
};

template <class K> AIT_INLINE bool follows(K a, uint32_t at, K b, uint32_t bt) { return a > b || (a == b && at > bt); }

// Sorts groups of `width` neighbours, a power of two, by exchanging pairs at fixed distances.
template <class K> AIT_INLINE void sort_shared(K* keys, uint32_t* at, int count, int width) {
  for (int size = 2; size <= width; size *= 2) {
    for (int apart = size / 2; apart > 0; apart /= 2) {
      __syncthreads();
      for (int t = threadIdx.x; t < count / 2; t += 256) {
        const int i = 2 * t - (t & (apart - 1)), j = i + apart;
        const bool upwards = (i & (width - 1) & size) == 0;
        const K a = keys[i], b = keys[j];
        const uint32_t ai = at[i], bi = at[j];
        if (follows(a, ai, b, bi) == upwards) {
          keys[i] = b, keys[j] = a;
          at[i] = bi, at[j] = ai;
        }
      }
    }
  }
  __syncthreads();
}

// Rows in shared memory.
template <class K> struct SharedRows {
  const K* keys;
  const uint32_t* at;
  int width;
  AIT_INLINE Place<K> operator()(int64_t row, int64_t i) const { return {keys[row * width + i], K(at[row * width + i])}; }
};

// One row in the workspace.
template <class K> struct SortedRow {
  const Place<K>* places;
  AIT_INLINE Place<K> operator()(int64_t, int64_t i) const { return places[i]; }
};

// How many of `count` places in order have keys below, or with `equal` not above.
template <class K> AIT_INLINE int64_t count_below(const Place<K>* places, int64_t count, K key, bool equal) {
  int64_t low = 0;
  while (low < count) {
    const int64_t middle = low + (count - low) / 2;
    const K other = places[middle].key;
    if (other < key || (equal && other == key)) low = middle + 1;
    else count = middle;
  }
  return low;
}

// The runs of a row: how long they may be, and how long each is.
struct Runs {
  int64_t n, span, keep;
  AIT_INLINE int64_t room() const { return span < keep ? span : keep; }
  AIT_INLINE int64_t length(int64_t run) const {
    const int64_t left = n - run * span, held = left < span ? left : span;
    return held < 0 ? 0 : held < keep ? held : keep;
  }
};

// Merges neighbouring runs: each element counts those of the other run that come before it.
template <class K> AIT_INLINE void merge_runs(const SortStep& step, int64_t rows, int64_t n, const Place<K>* from, Place<K>* to) {
  const Runs runs{n, step.span, step.keep}, merged{n, step.span * 2, step.keep};
  for (int64_t e = grid_thread(); e < rows * step.row; e += grid_threads()) {
    const int64_t row = quotient(e, step.row), in_row = e - row * step.row, run = quotient(in_row, runs.room());
    const int64_t i = in_row - run * runs.room(), start = row * step.row;
    if (i >= runs.length(run)) continue;
    const Place<K> place = from[e];
    const int64_t other = run ^ 1;
    const int64_t rank = i + count_below(from + start + other * runs.room(), runs.length(other), place.key, other < run);
    if (rank < merged.room()) to[start + run / 2 * merged.room() + rank] = place;
  }
}

// The half of the workspace that has the runs.
template <class K> AIT_INLINE Place<K>* sorted_half(const SortStep& step, int64_t rows, int64_t* workspace) {
  return reinterpret_cast<Place<K>*>(workspace) + step.half * rows * step.row;
}

// Does the step's part. In the last of them finish(first row, rows, sorted) sees rows in order, where sorted(row, i) is the
// i-th place of such a row; all threads of the block call it. Keys are complemented where `flip` is all ones.
template <class T, class Finish>
AIT_INLINE void order_rows(const SortStep& step, const Tensor<const T>& x, OrderKey<T> flip, int64_t* workspace, const Finish& finish) {
  typedef OrderKey<T> K;
  extern __shared__ uint64_t order_memory[];
  const Lines<const T> from(x);
  const int64_t n = from.size, rows = from.count;
  Place<K>* const half = sorted_half<K>(step, rows, workspace);
  Place<K>* const other = reinterpret_cast<Place<K>*>(workspace) + (1 - step.half) * rows * step.row;
  const int count = step.at_once * step.width;
  K* keys = reinterpret_cast<K*>(order_memory);
  uint32_t* at = reinterpret_cast<uint32_t*>(keys + count);
  if (step.part == SortStep::MERGE) return merge_runs<K>(step, rows, n, half, other);
  if (step.part == SortStep::FINISH) {
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) finish(row, 1, SortedRow<K>{half + row * step.row});
    return;
  }
  const int64_t chunks = step.part == SortStep::ROWS ? 1 : (n + SortStep::CHUNK - 1) / SortStep::CHUNK;
  for (int64_t first = int64_t(blockIdx.x) * step.at_once; first < rows * chunks; first += int64_t(gridDim.x) * step.at_once) {
    __syncthreads(); // what was sorted before has been read
    const int64_t row = quotient(first, chunks), chunk = first - row * chunks, begin = chunk * SortStep::CHUNK;
    for (int e = threadIdx.x; e < count; e += 256) {
      const int r = e / step.width;
      const int64_t i = begin + e % step.width;
      at[e] = uint32_t(i);
      keys[e] = row + r < rows && i < n ? K(order_key(from.row(row + r)[i * from.step]) ^ flip) : K(~K(0)); // what is missing comes last
    }
    sort_shared(keys, at, count, step.width);
    if (step.part == SortStep::ROWS) {
      finish(row, step.at_once < rows - row ? step.at_once : rows - row, SharedRows<K>{keys, at, step.width});
    } else {
      const Runs runs{n, SortStep::CHUNK, step.keep};
      for (int64_t i = threadIdx.x; i < runs.length(chunk); i += 256)
        half[row * step.row + chunk * runs.room() + i] = {keys[i], K(at[i])};
    }
  }
}

AIT_NAMESPACE_END
