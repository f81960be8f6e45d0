// How the functions of scatter.cuh share their work out.
#pragma once
#include "function_launch.h"
#include "scatter_combine.h"
#include "scatter_step.h"

AIT_NAMESPACE_BEGIN

// A scalar is a line of one.
template <class T> int64_t size_at(const Tensor<T>& t, int32_t d) { return t.rank ? t.sizes[d] : 1; }

// `same`: all lines have the same places. `alone`: a thread may take a line. `places` of which some are written to `length` times in a line.
inline bool scatter_parts(const LaunchCall& call, ScatterStep& step, Launch& how, int64_t lines, bool same, int64_t length,
                          int64_t places, bool alone, bool counted) {
  constexpr int64_t Warps = 8, Counted = 1024, Skips = 64;
  const int64_t warps = call.cx.sms * Warps * 4;
  if (alone && !counted && !same && (length <= 4 || lines >= warps * 32)) {
    step.part = ScatterStep::ALONE;
    how = blocks_over(call, lines, 256);
    return true;
  }
  step.part = same ? ScatterStep::LINES : ScatterStep::LINE;
  const int64_t units = same ? (lines + 31) / 32 : lines;
  // Each partition looks at all indices, some tens at once, and is quick about those of others.
  const int64_t useful = length / Skips + 1, most = same ? 128 : 16;
  int64_t parts = warps / units;
  parts = parts < 1 ? 1 : parts < most ? parts : most;
  parts = parts < useful ? parts : useful;
  parts = parts < places ? parts : places > 0 ? places : 1;
  if (counted && parts * Counted < places) parts = (places + Counted - 1) / Counted;
  step.range = (places + parts - 1) / parts;
  step.partitions = parts;
  if (counted) step.counting = int32_t(step.range);
  how = blocks_over(call, units * parts, Warps);
  how.shared = unsigned(Warps * step.counting * 4);
  return true;
}

template <int OP, class T>
bool scatter_launch(const LaunchCall& call, int64_t number, ScatterStep& step, Launch& how, const Tensor<const T>&,
                    const Tensor<const int64_t>& index, const Tensor<const T>& src, const Tensor<T>& out, int64_t,
                    int64_t with_self, int64_t) {
  if (number == 0) {
    how = blocks_over(call, out.numel(), 256);
    return true;
  }
  if (number > 1 || index.numel() == 0) return false;
  const int32_t last = out.rank > 0 ? out.rank - 1 : 0;
  bool same = true;
  int64_t lines = 1;
  for (int32_t d = 0; d <= last; d++) {
    const int64_t size = size_at(index, d);
    if ((d < last && size > size_at(out, d)) || size > size_at(src, d))
      return refuse(call, "the index has size %lld, more than the tensor or the source", (long long)size);
    if (d == last) continue;
    lines *= size;
    same = same && (size == 1 || index.strides[d] == 0);
  }
  return scatter_parts(call, step, how, lines, same && lines > 1, size_at(index, last), size_at(out, last),
                       true, OP == MEAN || (OP != SET && !with_self));
}

template <int OP, class T, class... Index>
bool index_put_launch(const LaunchCall& call, int64_t number, ScatterStep& step, Launch& how, const Tensor<const T>&,
                      const Tensor<const T>& values, const Tensor<T>& out, const Index&...) {
  constexpr int32_t INDEXED = sizeof...(Index);
  if (number == 0) {
    how = blocks_over(call, out.numel(), 256);
    return true;
  }
  if (number > 1 || values.numel() == 0) return false;
  const int64_t points = values.numel(values.rank - (out.rank - INDEXED)), places = out.numel(INDEXED);
  const int64_t lines = values.numel() / points;
  return scatter_parts(call, step, how, lines, lines > 1, points, places, false, false);
}

template <class T, class M>
bool masked_scatter_launch(const LaunchCall&, int64_t number, ScatterStep&, Launch& how, const Tensor<const T>&,
                           const Tensor<const M>&, const Tensor<const T>&, const Tensor<T>& out) {
  how = {};
  return number == 0 && out.numel() > 0;
}

AIT_NAMESPACE_END
