// Order along the last dimension: sort.h for GPUs.
#pragma once
#include "order.cuh"

AIT_NAMESPACE_BEGIN

// The first `k` of each row in order, and their places.
template <class T>
AIT_INLINE void put_places(const SortStep& step, const Tensor<const T>& x, const Tensor<T>& values, const Tensor<int64_t>& indices,
                           bool backwards, int64_t k, int64_t* workspace) {
  typedef OrderKey<T> K;
  const Lines<const T> from(x);
  const Lines<T> to(values);
  const Lines<int64_t> at(indices);
  auto put = [&](int64_t row, int64_t i, int64_t place) {
    to.row(row)[i * to.step] = from.row(row)[place * from.step];
    at.row(row)[i * at.step] = place;
  };
  if (step.part == SortStep::FINISH) {
    const Place<K>* places = sorted_half<K>(step, from.count, workspace);
    for (int64_t e = grid_thread(); e < from.count * k; e += grid_threads()) {
      const int64_t row = quotient(e, k), i = e - row * k;
      put(row, i, int64_t(places[row * step.row + i].at));
    }
    return;
  }
  order_rows(step, x, backwards ? K(~K(0)) : K(0), workspace, [&](int64_t first, int64_t rows, const auto& sorted) {
    for (int64_t e = threadIdx.x; e < rows * k; e += 256) {
      const int64_t r = quotient(e, k), i = e - r * k;
      put(first + r, i, int64_t(sorted(r, i).at));
    }
  });
}

template <class T>
AIT_INLINE void sort_device(const Call&, const SortStep& step, const Tensor<const T>& x, const Tensor<T>& values,
                            const Tensor<int64_t>& indices, int64_t descending, int64_t* workspace) {
  put_places(step, x, values, indices, descending != 0, Lines<const T>(x).size, workspace);
}

// k is the size of a row of the results, which come in order.
template <class T>
AIT_INLINE void topk_device(const Call&, const SortStep& step, const Tensor<const T>& x, const Tensor<T>& values,
                            const Tensor<int64_t>& indices, int64_t largest, int64_t* workspace) {
  put_places(step, x, values, indices, largest != 0, Lines<T>(values).size, workspace);
}

// What stands for a choice among no elements.
template <class T> AIT_INLINE void put_nothing(const Tensor<T>& values, const Tensor<int64_t>& indices) {
  for (int64_t r = grid_thread(); r < values.numel(); r += grid_threads()) {
    if constexpr (!std::is_integral_v<T>) values[r] = T(__builtin_nanf(""));
    indices[r] = 0;
  }
}

template <class T>
AIT_INLINE void put_choice(const Lines<const T>& from, const Tensor<T>& values, const Tensor<int64_t>& indices, int64_t row, int64_t place) {
  values[row] = from.row(row)[place * from.step];
  indices[row] = place;
}

enum Choice { KTH, MEDIAN, NAN_MEDIAN };

// One element of each row: the k-th in order (from 1), or the lower of the middle ones. A median of a row with NaN is the
// first NaN, unless NaN does not count.
template <int CHOICE, class T>
AIT_INLINE void choose_device(const Call&, const SortStep& step, const Tensor<const T>& x, const Tensor<T>& values,
                              const Tensor<int64_t>& indices, int64_t k, int64_t* workspace) {
  typedef OrderKey<T> K;
  if (step.part == SortStep::NOTHING) return put_nothing(values, indices);
  const Lines<const T> from(x);
  const int64_t n = from.size;
  order_rows(step, x, K(0), workspace, [&](int64_t first, int64_t rows, const auto& sorted) {
    for (int64_t r = threadIdx.x; r < rows; r += 256) {
      int64_t numbers = n;
      if constexpr (!std::is_integral_v<T>) {
        int64_t low = 0; // of the NaN
        while (low < numbers) {
          const int64_t middle = low + (numbers - low) / 2;
          if (sorted(r, middle).key == K(~K(0))) numbers = middle;
          else low = middle + 1;
        }
      }
      const int64_t chosen = CHOICE == KTH ? k - 1 : CHOICE == MEDIAN && numbers < n ? numbers : numbers > 0 ? (numbers - 1) / 2 : 0;
      put_choice(from, values, indices, first + r, int64_t(sorted(r, chosen).at));
    }
  });
}

// The least of the most frequent elements of each row, and the last place of it.
template <class T>
AIT_INLINE void most_frequent_device(const Call&, const SortStep& step, const Tensor<const T>& x, const Tensor<T>& values,
                                     const Tensor<int64_t>& indices, int64_t* workspace) {
  typedef OrderKey<T> K;
  extern __shared__ uint64_t order_memory[];
  if (step.part == SortStep::NOTHING) return put_nothing(values, indices);
  const Lines<const T> from(x);
  const int64_t n = from.size;
  const int64_t held = step.part == SortStep::ROWS ? (int64_t(step.at_once) * step.width * (sizeof(K) + 4) + 7) / 8 * 8 : 0;
  // How often the best so far occurs, above the complement of where its last one is in order.
  auto* best = reinterpret_cast<unsigned long long*>(reinterpret_cast<char*>(order_memory) + held);
  order_rows(step, x, K(0), workspace, [&](int64_t first, int64_t rows, const auto& sorted) {
    __syncthreads(); // the last rows' have been read
    for (int64_t r = threadIdx.x; r < rows; r += 256) best[r] = 0;
    __syncthreads();
    for (int64_t e = threadIdx.x; e < rows * n; e += 256) {
      const int64_t r = quotient(e, n), i = e - r * n;
      const K key = sorted(r, i).key;
      if (i < n - 1 && sorted(r, i + 1).key == key) continue;
      int64_t low = 0, high = i; // the first of its equals
      while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (sorted(r, middle).key < key) low = middle + 1;
        else high = middle;
      }
      atomicMax(&best[r], (unsigned long long)(i - low + 1) << 32 | (0xffffffffu - uint32_t(i)));
    }
    __syncthreads();
    for (int64_t r = threadIdx.x; r < rows; r += 256)
      put_choice(from, values, indices, first + r, int64_t(sorted(r, 0xffffffffu - uint32_t(best[r])).at));
  });
}

AIT_NAMESPACE_END
