// Starts attention on Hopper: the copy engine's maps of queries, keys and values.
#pragma once
#include "attention_launch.h"
#include "attention_tile.h"
#include "tensor_map.h"

namespace ait {

inline bool attention_map(const cuda::Context& cx, CUtensorMap* map, DType dtype, const void* at, const int64_t (&step)[4], int64_t rows,
                          int64_t width, int64_t heads, int64_t batch, int box_rows) {
  // Strides of dimensions of one element do not matter, but must be legal.
  const auto bytes = [](int64_t stride, int64_t size) { return uint64_t(size <= 1 || stride <= 0 ? 16 : stride * 2); };
  const uint64_t sizes[] = {uint64_t(width), uint64_t(rows), uint64_t(heads), uint64_t(batch)};
  const uint64_t strides[] = {bytes(step[2], rows), bytes(step[1], heads), bytes(step[0], batch)};
  const uint32_t box[] = {64, uint32_t(box_rows), 1, 1}, each[] = {1, 1, 1, 1};
  return tensor_map(cx, map, dtype, 4, at, sizes, strides, box, each);
}

template <class Tile, class... Arguments>
void launch_attention_wgmma(const cuda::Context& cx, DeviceKernel& kernel, const AttentionProblem& p, DType dtype, const void* q,
                            const void* k, const void* v, const Arguments&... arguments) {
  if (p.batch == 0 || p.heads == 0 || p.queries == 0 || p.value_width == 0) return;
  CUtensorMap q_map, k_map, v_map;
  if (!attention_map(cx, &q_map, dtype, q, p.q_step, p.queries, p.width, p.heads, p.batch, Tile::Queries)) return;
  if (!attention_map(cx, &k_map, dtype, k, p.k_step, p.keys, p.width, p.key_heads, p.batch, Tile::Keys)) return;
  if (!attention_map(cx, &v_map, dtype, v, p.v_step, p.keys, p.value_width, p.key_heads, p.batch, Tile::Keys)) return;
  const AttentionSizes sizes{int(p.heads), int(p.heads / p.key_heads), int(p.queries), int(p.keys), int(p.value_width), p.scale};
  Launch how;
  how.x = unsigned((p.queries + Tile::Queries - 1) / Tile::Queries * p.heads * p.batch);
  how.threads = Tile::Threads;
  how.shared = Tile::SharedBytes;
  launch(cx, kernel, how, q_map, k_map, v_map, sizes, arguments...);
}

} // namespace ait
