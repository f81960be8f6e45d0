// Writes to places that are data. Elements go to their places in the order of the index along the dimension written to, so
// that of equal places the last one stays, and sums are those of a sequential loop. All tensors come with that dimension last.
#pragma once
#include "function.h"
#include "scatter_combine.h"
#include "scratch.h"

AIT_NAMESPACE_BEGIN

// A scalar as a line of one.
template <class T> Tensor<T> as_line(Tensor<T> t) {
  if (t.rank == 0) {
    t.rank = 1;
    t.sizes[0] = 1;
    t.strides[0] = 0;
  }
  return t;
}

// `to` in full, of the shape of `from`.
template <class T> void copy_tensor(const Call& call, const Tensor<const T>& from, const Tensor<T>& to) {
  const int64_t n = to.numel();
  if (from.is_contiguous() && to.is_contiguous()) {
    parallel_for(call.cx.ex, n, grain(0.1 * sizeof(T)), [&](int64_t begin, int64_t end) {
      memcpy(to.data + begin, from.data + begin, (end - begin) * sizeof(T));
    });
    return;
  }
  const Lines<const T> f(from);
  const Lines<T> t(to);
  parallel_for(call.cx.ex, n ? t.count : 0, grain(double(t.size)), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      const T* source = f.row(r);
      T* target = t.row(r);
      for (int64_t i = 0; i < t.size; i++) target[i * t.step] = source[i * f.step];
    }
  });
}

// An index that must lie within [0, size), or with `wrap` counts from the end below 0; -1, and the run fails, if not.
AIT_INLINE int64_t checked_place(const Call& call, int64_t at, int64_t size, bool wrap, int64_t dim) {
  const int64_t place = wrap && at < 0 ? at + size : at;
  if (__builtin_expect(uint64_t(place) < uint64_t(size), 1)) return place;
  fail(call, "index %lld is out of range: dimension %lld has size %lld", (long long)at, (long long)dim, (long long)size);
  return -1;
}

// out = self, then out[..., index[..., j]] is combined with src[..., j] for each j in turn. Where the index is smaller than
// self in a dimension, what lies beyond stays. Without self, places written to forget what they held.
template <int OP, class T>
void scatter(const Call& call, const Tensor<const T>& self_, const Tensor<const int64_t>& index_, const Tensor<const T>& src_,
             const Tensor<T>& out_, int64_t dim, int64_t with_self, int64_t wrap) {
  constexpr int64_t LINES = 64;
  const bool counted = OP == MEAN || (OP != SET && !with_self);
  const Tensor<const T> self = as_line(self_), src = as_line(src_);
  const Tensor<const int64_t> index = as_line(index_);
  const Tensor<T> out = as_line(out_);
  copy_tensor(call, self, out);
  if (index.numel() == 0) return;
  const int32_t last = out.rank - 1;
  for (int32_t d = 0; d <= last; d++)
    if ((d < last && index.sizes[d] > out.sizes[d]) || index.sizes[d] > src.sizes[d])
      return fail(call, "the index has size %lld, more than the tensor or the source", (long long)index.sizes[d]);
  const int64_t n = out.sizes[last], length = index.sizes[last], step = out.strides[last];
  const int64_t lines = last > 0 ? index.sizes[last - 1] : 1;
  const int64_t at_once = step == 1 || lines < 2 ? 1 : lines < LINES ? lines : LINES;
  const int64_t blocks = ceil_div(lines, at_once);
  const int64_t line_step = last > 0 ? out.strides[last - 1] : 0;
  const int64_t index_line = last > 0 ? index.strides[last - 1] : 0, src_line = last > 0 ? src.strides[last - 1] : 0;
  const int64_t outer = last > 0 ? index.numel(last - 1) : 1;
  parallel_for(call.cx.ex, outer * blocks, grain(double(length * at_once) * 3), [&](int64_t begin, int64_t end) {
    int32_t* counts = nullptr;
    if (counted && !(counts = reinterpret_cast<int32_t*>(scratch(SCRATCH_A, n * at_once)))) return;
    for (int64_t task = begin; task < end; task++) {
      int64_t o = task / blocks;
      const int64_t first = task % blocks * at_once, count = lines - first < at_once ? lines - first : at_once;
      T* to = out.data + first * line_step;
      const int64_t* at = index.data + first * index_line;
      const T* from = src.data + first * src_line;
      for (int32_t d = last - 1; d-- > 0;) {
        const int64_t i = o % index.sizes[d];
        o /= index.sizes[d];
        to += i * out.strides[d];
        at += i * index.strides[d];
        from += i * src.strides[d];
      }
      if (counted) memset(counts, 0, sizeof(int32_t) * n * at_once);
      for (int64_t j = 0; j < length; j++)
        for (int64_t l = 0; l < count; l++) {
          const int64_t place =
              checked_place(call, at[j * index.strides[last] + l * index_line], n, wrap, dim);
          if (place < 0) continue;
          T& element = to[place * step + l * line_step];
          const T value = from[j * src.strides[last] + l * src_line];
          if (counted && counts[place * at_once + l]++ == 0 && !with_self) element = combine<OP>(combine_neutral<OP, T>(), value);
          else element = combine<OP>(element, value);
        }
      if constexpr (OP == MEAN)
        for (int64_t place = 0; place < n; place++)
          for (int64_t l = 0; l < count; l++)
            if (const int64_t c = counts[place * at_once + l]) {
              T& element = to[place * step + l * line_step];
              element = mean_of(element, c + with_self);
            }
    }
  });
}

// out = self, whose first dimensions are indexed by one tensor each, all of the same shape, the dimensions of values in front
// of those that stay. Negative indices count from the end.
template <int OP, class T, class... Index>
void index_put(const Call& call, const Tensor<const T>& self, const Tensor<const T>& values, const Tensor<T>& out,
               const Index&... indices) {
  constexpr int64_t BLOCK = 256;
  constexpr int32_t INDEXED = sizeof...(Index);
  copy_tensor(call, self, out);
  const int32_t points_rank = values.rank - (out.rank - INDEXED);
  const int64_t points = values.numel(points_rank);
  int64_t kept = 1;
  for (int32_t d = INDEXED; d < out.rank; d++) kept *= out.sizes[d];
  if (points == 0 || kept == 0) return;
  Tensor<T> rest = out;
  Tensor<const T> value = values;
  rest.rank = value.rank = out.rank - INDEXED;
  for (int32_t d = 0; d < rest.rank; d++) {
    rest.sizes[d] = out.sizes[INDEXED + d];
    rest.strides[d] = out.strides[INDEXED + d];
    value.sizes[d] = values.sizes[points_rank + d];
    value.strides[d] = values.strides[points_rank + d];
  }
  const int64_t blocks = ceil_div(kept, BLOCK);
  parallel_for(call.cx.ex, blocks, grain(double(points) * (kept < BLOCK ? kept : BLOCK) * 3), [&](int64_t begin, int64_t end) {
    int64_t to[BLOCK], from[BLOCK];
    for (int64_t block = begin; block < end; block++) {
      const int64_t first = block * BLOCK, count = kept - first < BLOCK ? kept - first : BLOCK;
      for (int64_t i = 0; i < count; i++) {
        to[i] = rest.offset(rest.rank, first + i);
        from[i] = value.offset(value.rank, first + i);
      }
      for (int64_t p = 0; p < points; p++) {
        int64_t base = 0;
        int32_t d = 0;
        bool inside = true;
        auto add = [&](int64_t at) {
          const int64_t place = checked_place(call, at, out.sizes[d], true, d);
          inside &= place >= 0;
          base += place * out.strides[d++];
        };
        (add(indices[p]), ...);
        if (!inside) continue;
        const T* source = values.data + values.offset(points_rank, p);
        for (int64_t i = 0; i < count; i++) {
          T& element = out.data[base + to[i]];
          element = combine<OP>(element, source[from[i]]);
        }
      }
    }
  });
}

// Elements where the mask holds come from src, in its order; the others from self.
template <class T, class M>
void masked_scatter(const Call& call, const Tensor<const T>& self, const Tensor<const M>& mask, const Tensor<const T>& src,
                    const Tensor<T>& out) {
  const int64_t n = out.numel(), available = src.numel();
  int64_t next = 0;
  for (int64_t i = 0; i < n; i++) {
    if (!mask[i]) {
      out[i] = self[i];
    } else {
      if (next == available)
        return fail(call, "the mask has more true elements than the source has elements, %lld", (long long)available);
      out[i] = src[next++];
    }
  }
}

AIT_NAMESPACE_END
