// Writes to places that are data: scatter.h for GPUs. Elements go to their places in the order of the index, as there: each
// place belongs to one thread or warp, which walks all indices and takes those of its own. All tensors come with the
// dimension written to last.
#pragma once
#include "function.cuh"
#include "scatter_combine.h"
#include "scatter_step.h"

AIT_NAMESPACE_BEGIN

template <class T> AIT_INLINE void copy_tensor(const Tensor<const T>& from, const Tensor<T>& to) {
  const bool alike = from.is_contiguous() && to.is_contiguous();
  for (int64_t i = grid_thread(), n = to.numel(); i < n; i += grid_threads()) {
    if (alike) to.data[i] = from.data[i];
    else to[i] = from[i];
  }
}

// Element i of the first dimensions of `shape` lies there in `t`.
template <class S, class T> AIT_INLINE int64_t offset_in(const Tensor<S>& shape, const Tensor<T>& t, int32_t dims, int64_t i) {
  return offset_of(shape.sizes, t.strides, dims, i);
}

// One write: its place, -1 if there is none, and where target and source lie from the start of a line.
struct Spot {
  int64_t place, to, from;
};

// What is written to a place. Without self, the first write forgets what it held; `counts` are of earlier writes.
template <int OP, class T> struct Writer {
  int32_t* counts; // null: nothing depends on them
  int64_t low;     // the place of the first count
  bool with_self;

  AIT_INLINE T value(T old, T next, int64_t place) const {
    if (counts && counts[place - low] == 0 && !with_self) return combine<OP>(combine_neutral<OP, T>(), next);
    return combine<OP>(old, next);
  }
};

// The places of one warp's partition.
struct Range {
  int64_t low, high;
  AIT_INLINE bool holds(int64_t place) const { return place >= low && place < high; }
};

// A warp takes 32 indices of a line at once; those of equal places write one after another.
template <int OP, class T, class Spots>
AIT_INLINE void scatter_line(const Range& range, int64_t length, const Spots& spots, T* to, const T* from, const Writer<OP, T>& writer) {
  const int lane = threadIdx.x % 32;
  for (int64_t first = 0; first < length; first += 32) {
    const Spot spot = first + lane < length ? spots(first + lane) : Spot{-1, 0, 0};
    const bool mine = range.holds(spot.place);
    const unsigned active = __ballot_sync(0xffffffffu, mine);
    if (active == 0) continue;
    const unsigned equal = __match_any_sync(0xffffffffu, mine ? (long long)spot.place : -1 - (long long)lane);
    const unsigned turn = mine ? __popc(equal & ((1u << lane) - 1)) : 0;
    const unsigned turns = __reduce_max_sync(0xffffffffu, turn) + 1;
    const T next = mine ? from[spot.from] : T();
    for (unsigned t = 0; t < turns; t++) {
      if (mine && turn == t) {
        to[spot.to] = writer.value(to[spot.to], next, spot.place);
        if (writer.counts) writer.counts[spot.place - range.low]++;
      }
      __syncwarp();
    }
  }
}

// A warp takes 32 lines, a lane each, and all writes of its partition in turn.
template <int OP, class T, class Spots>
AIT_INLINE void scatter_lines(const Range& range, int64_t length, const Spots& spots, bool inside, T* to, const T* from, const Writer<OP, T>& writer) {
  const int lane = threadIdx.x % 32;
  for (int64_t first = 0; first < length; first += 32) {
    const Spot spot = first + lane < length ? spots(first + lane) : Spot{-1, 0, 0};
    for (unsigned left = __ballot_sync(0xffffffffu, range.holds(spot.place)); left; left &= left - 1) {
      const int one = __ffs(left) - 1;
      const int64_t place = of_lane(spot.place, one), at = of_lane(spot.to, one), source = of_lane(spot.from, one);
      if (inside) to[at] = writer.value(to[at], from[source], place);
      if (writer.counts) {
        __syncwarp();
        if (lane == 0) writer.counts[place - range.low]++;
        __syncwarp();
      }
    }
  }
}

// Calls work(unit, range, counts) for what is this warp's.
template <class Work> AIT_INLINE void over_partitions(const ScatterStep& step, int64_t units, int64_t places, const Work& work) {
  extern __shared__ int32_t scatter_counts[];
  const int warp = threadIdx.x / 32;
  int32_t* counts = step.counting ? scatter_counts + warp * step.counting : nullptr;
  for (int64_t task = int64_t(blockIdx.x) * 8 + warp; task < units * step.partitions; task += int64_t(gridDim.x) * 8) {
    const int64_t unit = quotient(task, step.partitions), low = (task - unit * step.partitions) * step.range;
    if (counts) {
      for (int64_t i = threadIdx.x % 32; i < step.counting; i += 32) counts[i] = 0;
      __syncwarp();
    }
    work(unit, Range{low, low + step.range < places ? low + step.range : places}, counts);
    __syncwarp();
  }
}

// out = self, then out[..., index[..., j]] is combined with src[..., j] for each j in turn. Where the index is smaller than
// self in a dimension, what lies beyond stays. Without self, places written to forget what they held.
template <int OP, class T>
AIT_INLINE void scatter_device(const Call& call, const ScatterStep& step, const Tensor<const T>& self, const Tensor<const int64_t>& index,
                               const Tensor<const T>& src, const Tensor<T>& out, int64_t, int64_t with_self, int64_t wrap) {
  if (step.part == ScatterStep::COPY) return copy_tensor(self, out);
  const Lines<T> target(out);
  const Lines<const T> source(src);
  const Lines<const int64_t> indices(index);
  const int32_t dims = index.rank > 0 ? index.rank - 1 : 0;
  const int64_t length = indices.size, places = target.size;
  auto spots = [&](const int64_t* line) {
    return [&, line](int64_t j) {
      const int64_t place = checked_place(call, line[j * indices.step], places, wrap);
      return Spot{place, place * target.step, j * source.step};
    };
  };
  auto to = [&](int64_t l) { return out.data + offset_in(index, out, dims, l); };
  auto from = [&](int64_t l) { return src.data + offset_in(index, src, dims, l); };
  auto line = [&](int64_t l) { return index.data + offset_in(index, index, dims, l); };
  const int lane = threadIdx.x % 32;

  if (step.part == ScatterStep::ALONE) {
    for (int64_t l = grid_thread(); l < indices.count; l += grid_threads()) {
      const auto spot_of = spots(line(l));
      T* start = to(l);
      const T* values = from(l);
      for (int64_t j = 0; j < length; j++) {
        const Spot spot = spot_of(j);
        if (spot.place >= 0) start[spot.to] = combine<OP>(start[spot.to], values[spot.from]);
      }
    }
  } else if (step.part == ScatterStep::LINE) {
    over_partitions(step, indices.count, places, [&](int64_t l, const Range& range, int32_t* counts) {
      T* start = to(l);
      scatter_line<OP>(range, length, spots(line(l)), start, from(l), Writer<OP, T>{counts, range.low, with_self != 0});
      if constexpr (OP == MEAN)
        for (int64_t p = range.low + lane; p < range.high; p += 32)
          if (const int64_t count = counts[p - range.low]) start[p * target.step] = mean_of(start[p * target.step], count + with_self);
    });
  } else {
    over_partitions(step, (indices.count + 31) / 32, places, [&](int64_t unit, const Range& range, int32_t* counts) {
      const int64_t l = unit * 32 + lane;
      const bool inside = l < indices.count;
      T* start = inside ? to(l) : nullptr;
      scatter_lines<OP>(range, length, spots(index.data), inside, start, inside ? from(l) : nullptr,
                        Writer<OP, T>{counts, range.low, with_self != 0});
      if constexpr (OP == MEAN)
        for (int64_t p = range.low; p < range.high; p++)
          if (const int64_t count = counts[p - range.low]; count && inside)
            start[p * target.step] = mean_of(start[p * target.step], count + with_self);
    });
  }
}

// out = self, whose first dimensions are indexed by one tensor each, all of the same shape, the dimensions of values in front
// of those that stay. Negative indices count from the end.
template <int OP, class T, class... Index>
AIT_INLINE void index_put_device(const Call& call, const ScatterStep& step, const Tensor<const T>& self, const Tensor<const T>& values,
                                 const Tensor<T>& out, const Index&... indices) {
  if (step.part == ScatterStep::COPY) return copy_tensor(self, out);
  constexpr int32_t INDEXED = sizeof...(Index);
  const int32_t points_rank = values.rank - (out.rank - INDEXED);
  const int64_t points = values.numel(points_rank);
  int64_t kept = 1;
  for (int32_t d = INDEXED; d < out.rank; d++) kept *= out.sizes[d];
  auto spots = [&](int64_t p) {
    Spot spot{0, 0, values.offset(points_rank, p)};
    bool inside = true;
    int32_t d = 0;
    auto add = [&](int64_t at) {
      const int64_t place = checked_place(call, at, out.sizes[d], true);
      inside = inside && place >= 0;
      spot.place = spot.place * out.sizes[d] + place;
      spot.to += place * out.strides[d++];
    };
    (add(indices[p]), ...);
    if (!inside) spot.place = -1;
    return spot;
  };
  if (step.part == ScatterStep::LINE) {
    over_partitions(step, 1, out.numel(INDEXED), [&](int64_t, const Range& range, int32_t*) {
      scatter_line<OP>(range, points, spots, out.data, values.data, Writer<OP, T>{nullptr, 0, true});
    });
    return;
  }
  over_partitions(step, (kept + 31) / 32, out.numel(INDEXED), [&](int64_t unit, const Range& range, int32_t*) {
    int64_t rest = unit * 32 + threadIdx.x % 32, to = 0, from = 0;
    const bool inside = rest < kept;
    for (int32_t d = out.rank; d-- > INDEXED;) {
      const int64_t next = quotient(rest, out.sizes[d]), at = rest - next * out.sizes[d];
      rest = next;
      to += at * out.strides[d];
      from += at * values.strides[d - INDEXED + points_rank];
    }
    scatter_lines<OP>(range, points, spots, inside, out.data + to, values.data + from, Writer<OP, T>{nullptr, 0, true});
  });
}

// Elements where the mask holds come from src, in its order; the others from self. One block counts.
template <class T, class M>
AIT_INLINE void masked_scatter_device(const Call& call, const ScatterStep&, const Tensor<const T>& self, const Tensor<const M>& mask,
                                      const Tensor<const T>& src, const Tensor<T>& out) {
  __shared__ int warps[8];
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t n = out.numel(), available = src.numel();
  for (int64_t first = 0, taken = 0; first < n; first += 256) {
    const int64_t i = first + threadIdx.x;
    const bool holds = i < n && mask[i] != M(0);
    const unsigned votes = __ballot_sync(0xffffffffu, holds);
    __syncthreads();
    if (lane == 0) warps[warp] = __popc(votes);
    __syncthreads();
    int64_t next = taken + __popc(votes & ((1u << lane) - 1));
    for (int w = 0; w < 8; w++) {
      if (w < warp) next += warps[w];
      taken += warps[w];
    }
    if (i >= n) continue;
    if (!holds) out[i] = self[i];
    else if (checked_place(call, next, available, false) >= 0) out[i] = src[next];
  }
}

AIT_NAMESPACE_END
