// Scaled dot-product attention on Hopper: the copy engine brings tiles of keys and values, the scores stay in registers; the softmax
// goes along with a running maximum and sum. While the softmax of one tile is computed, the tensor cores weigh the values of the one
// before (Milakov and Gimelshein 2018; Dao 2022; Shah et al. 2024).
#pragma once
#include "attention_fragment.cuh"
#include "fragment.cuh"
#include "hopper.cuh"

namespace ait {

AIT_INLINE void load_matrices(uint32_t (&r)[4], uint32_t at) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(at) : "memory");
}

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes. Blocks: tiles of queries fastest, then heads, then batches.
// There is at least one key, and the scale is positive. With `Whole`, values are as wide as the tile.
template <class T, class Tile, bool Causal, bool HiddenIsZero, bool Whole, class Score, class Epilogue>
AIT_INLINE void attention_wgmma(const TensorMap& q_map, const TensorMap& k_map, const TensorMap& v_map, const AttentionSizes& p,
                                const Score& score, const Epilogue& epilogue) {
  constexpr int Keys = Tile::Keys, Stages = Tile::Stages, Groups = Tile::Groups, Width = Tile::Width;
  static_assert(Stages > 1); // values come a tile later than keys
  constexpr float Log2E = 1.4426950408889634f;
  extern __shared__ uint8_t raw[];
  uint8_t* q = raw + (-shared_address(raw) & 1023);
  uint8_t* ks = q + Tile::QueryBytes;
  uint8_t* vs = ks + Stages * Tile::TileBytes;
  uint64_t* q_full = reinterpret_cast<uint64_t*>(vs + Stages * Tile::TileBytes);
  uint64_t *k_full = q_full + 1, *v_full = k_full + Stages, *k_empty = v_full + Stages, *v_empty = k_empty + Stages;

  const int query_tiles = (p.queries + Tile::Queries - 1) / Tile::Queries;
  const int place = blockIdx.x / query_tiles, in_head = blockIdx.x - place * query_tiles;
  const int first = (Causal ? query_tiles - 1 - in_head : in_head) * Tile::Queries; // the longest first
  const int batch = place / p.heads, head = place - batch * p.heads, key_head = head / p.heads_each;
  const int keys = Causal ? min(p.keys, first + Tile::Queries) : p.keys;
  const int tiles = (keys + Keys - 1) / Keys;
  const bool copies = threadIdx.x == 0;

  auto copy = [&](uint8_t* to, const TensorMap& map, uint64_t* full, int tile) {
    barrier_expect(full, Tile::TileBytes);
#pragma unroll
    for (int c = 0; c < Tile::Slabs; ++c) tensor_load(to + c * Tile::SlabBytes, &map, full, c * 64, tile * Keys, key_head, batch);
  };
  if (copies) {
    tensor_prefetch(&q_map);
    tensor_prefetch(&k_map);
    tensor_prefetch(&v_map);
    barrier_init(q_full, 1);
    for (int s = 0; s < Stages; ++s) {
      barrier_init(k_full + s, 1);
      barrier_init(v_full + s, 1);
      barrier_init(k_empty + s, Groups);
      barrier_init(v_empty + s, Groups);
    }
    barrier_init_fence();
  }
  __syncthreads();
  wait_for_previous();
  let_next_begin();
  if (copies) {
    barrier_expect(q_full, Tile::QueryBytes);
#pragma unroll
    for (int c = 0; c < Tile::Slabs; ++c) tensor_load(q + c * Tile::Queries * 128, &q_map, q_full, c * 64, first, head, batch);
    for (int s = 0; s < Stages && s < tiles; ++s) {
      copy(ks + s * Tile::TileBytes, k_map, k_full + s, s);
      copy(vs + s * Tile::TileBytes, v_map, v_full + s, s);
    }
  }
  __syncwarp();

  const int group = threadIdx.x / 128, warp = threadIdx.x % 128 / 32, lane = threadIdx.x % 32;
  const int row = first + group * 64 + warp * 16 + lane / 4, column = lane % 4 * 2;
  const bool leader = threadIdx.x % 128 == 0;
  uint32_t queries[Width / 16][4];
  barrier_wait(q_full, 0);
#pragma unroll
  for (int k = 0; k < Width / 16; ++k) {
    const int r = group * 64 + warp * 16 + lane % 16;
    const int piece = (k % 4 * 2 + lane / 16) ^ (r % 8);
    load_matrices(queries[k], shared_address(q) + k / 4 * Tile::Queries * 128 + r * 128 + piece * 16);
  }

  float o[Width / 2], s[Keys / 2], keep[2];
  uint32_t weights[Keys / 16][4];
  RunningSoftmax<Keys> softmax;
  const float scale = Score::Any ? Log2E : p.scale * Log2E;
  auto multiply_keys = [&](int stage) {
    const uint64_t dk = tile_descriptor(ks + stage * Tile::TileBytes, 16, 1024);
    product_fence();
#pragma unroll
    for (int k = 0; k < Width / 16; ++k) product<T, Keys, 0>(s, queries[k], dk + k / 4 * (Tile::SlabBytes / 16) + k % 4 * 2, k > 0);
    product_commit();
  };
  auto weigh_values = [&](int stage, bool accumulate) {
    const uint64_t dv = tile_descriptor(vs + stage * Tile::TileBytes, Tile::SlabBytes, 1024);
    product_fence();
#pragma unroll
    for (int k = 0; k < Keys / 16; ++k) product<T, Width, 1>(o, weights[k], dv + k * 128, accumulate || k > 0);
    product_commit();
  };
  auto finish_scores = [&](int tile) {
    const int base = tile * Keys;
    const bool ragged = base + Keys > p.keys || (Causal && base + Keys > first + group * 64);
    place_scores<Keys, Causal>(s, score, p, batch, head, row, base + column, ragged);
  };

  // Tile t lies in buffer `stage`, t - 1 in `before`; `phase` is the parity of the former's use.
  barrier_wait(k_full, 0);
  multiply_keys(0);
  product_wait<0>();
  if (leader) barrier_arrive(k_empty);
  finish_scores(0);
  softmax.step(s, scale, keep);
  pack_weights<T, Keys>(weights, s);
  int stage = Stages > 1 ? 1 : 0, phase = Stages > 1 ? 0 : 1, before = 0, before_phase = 0;
  for (int t = 1; t < tiles; ++t) {
    if (copies && t > 1 && t - 2 + Stages < tiles) {
      // Values of tile t - 2 were weighed in the last step.
      const int last = before == 0 ? Stages - 1 : before - 1;
      barrier_wait(v_empty + last, (t - 2) / Stages & 1);
      copy(vs + last * Tile::TileBytes, v_map, v_full + last, t - 2 + Stages);
    }
    if (copies && t - 1 + Stages < tiles) {
      barrier_wait(k_empty + before, before_phase);
      copy(ks + before * Tile::TileBytes, k_map, k_full + before, t - 1 + Stages);
    }
    __syncwarp();
    barrier_wait(k_full + stage, phase);
    multiply_keys(stage);
    barrier_wait(v_full + before, before_phase);
    weigh_values(before, t > 1);
    product_wait<1>();
    if (leader) barrier_arrive(k_empty + stage);
    finish_scores(t);
    softmax.step(s, scale, keep);
    product_wait<0>();
    if (leader) barrier_arrive(v_empty + before);
#pragma unroll
    for (int i = 0; i < Width / 2; ++i) o[i] *= keep[i % 4 / 2];
    pack_weights<T, Keys>(weights, s);
    before = stage, before_phase = phase;
    if (++stage == Stages) stage = 0, phase ^= 1;
  }
  barrier_wait(v_full + before, before_phase);
  weigh_values(before, tiles > 1);
  product_wait<0>();

  float share[2];
  shares<HiddenIsZero>(share, softmax);
#pragma unroll
  for (int i = 0; i < Width / 2; ++i) o[i] *= share[i % 4 / 2];
  finish_fragment<Width / 8, Whole>(epilogue, o, place, first + group * 64 + warp * 16, 0, p.queries, p.value_width);
}

} // namespace ait
