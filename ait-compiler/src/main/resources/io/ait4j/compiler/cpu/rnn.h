// The recurrence of LSTM, GRU and plain networks over one layer in one direction. What the input contributes to the gates is
// given for all steps; each step adds the product of the last state with the recurrent weights and applies the gates while the
// sums are in the nearest cache. Work of a step is split over tiles of the batch and groups of units.
#pragma once
#include "function.h"
#include "microkernel.h"
#include "rnn_cells.h"

AIT_NAMESPACE_BEGIN

// Recurrent weights as the steps read them: by group of GEMM_NR units, by gate, K rows of GEMM_NR columns; zeros beyond the
// last unit.
inline void pack_recurrent(const Call& call, const Tensor<const float>& weight, const Tensor<float>& packed, int64_t gates) {
  const int64_t K = weight.sizes[1], units = weight.sizes[0] / gates, groups = ceil_div(units, GEMM_NR);
  parallel_for(call.cx.ex, groups * gates, 1, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; panel++) {
      const int64_t group = panel / gates, gate = panel % gates;
      float* to = packed.data + panel * K * GEMM_NR;
      for (int64_t k = 0; k < K; k++)
        for (int64_t c = 0; c < GEMM_NR; c++) {
          const int64_t unit = group * GEMM_NR + c;
          *to++ = unit < units ? weight.data[(gate * units + unit) * weight.strides[0] + k * weight.strides[1]] : 0.0f;
        }
    }
  });
}

// Distance between the states of a batch, so that rows do not fall into the same sets of the cache.
inline int64_t state_stride(int64_t units) { return (ceil_div(units, 16) | 1) * 16; }

// gates: [length, batch, gates * units], units one after another; packed: of pack_recurrent; bias: [units], of a GRU's new
// gate; first, last: [batch, units]; out: [length, batch, units]; cells as the states, of an LSTM, else any; state: scratch of
// 3 * batch * state_stride(units). `backwards` goes from the last step to the first.
template <int KIND>
void recur(const Call& call, const Tensor<const float>& gates, const Tensor<const float>& packed, const Tensor<const float>& bias,
           const Tensor<const float>& first, const Tensor<const float>& first_cell, const Tensor<float>& out,
           const Tensor<float>& last, const Tensor<float>& last_cell, float* state, int64_t backwards) {
  typedef typename CellOf<KIND>::type Cell;
  constexpr int G = Cell::GATES;
  const int64_t length = gates.sizes[0], batch = gates.sizes[1], units = first.sizes[1], stride = state_stride(units);
  if (gates.sizes[2] > 1 && gates.strides[2] != 1) return fail(call, "the gates of a step do not lie one after another");
  float *now = state, *next = state + batch * stride, *cells = state + 2 * batch * stride;
  for (int64_t b = 0; b < batch; b++)
    for (int64_t u = 0; u < units; u++) {
      now[b * stride + u] = first.data[b * first.strides[0] + u * first.strides[1]];
      if (Cell::CELL) cells[b * stride + u] = first_cell.data[b * first_cell.strides[0] + u * first_cell.strides[1]];
    }
  const int64_t groups = ceil_div(units, GEMM_NR), tiles = ceil_div(batch, GEMM_MR);
  const double rows = double(batch) / double(tiles > 0 ? tiles : 1);
  // Some 20 products in a nanosecond, or 16 bytes of weights, and 2 nanoseconds for the gates of a unit.
  const double products = double(units) * G * GEMM_NR;
  const double cost = (products * rows / 20 > products / 4 ? products * rows / 20 : products / 4) + 2 * rows * GEMM_NR;
  for (int64_t i = 0; i < length; i++) {
    const int64_t t = backwards ? length - 1 - i : i;
    const float* x = gates.data + t * gates.strides[0];
    float* y = out.data + t * out.strides[0];
    parallel_for(call.cx.ex, tiles * groups, grain(cost), [&](int64_t begin, int64_t end) {
      alignas(64) float sums[G][GEMM_MR * GEMM_NR];
      for (int64_t task = begin; task < end; task++) {
        const int64_t tile = task % tiles, group = task / tiles;
        const int64_t b0 = part_begin(batch, tiles, tile), u0 = group * GEMM_NR;
        const int rows = int(part_begin(batch, tiles, tile + 1) - b0);
        const int count = int(units - u0 < GEMM_NR ? units - u0 : GEMM_NR);
        const MicroFn product = microkernel_for(rows, GEMM_NR);
        for (int g = 0; g < G; g++) {
          const float* panel = packed.data + (group * G + g) * units * GEMM_NR;
          product(units, now + b0 * stride, stride, 1, panel, sums[g], GEMM_NR, false, panel);
        }
        for (int r = 0; r < rows; r++) {
          const float* row = x + (b0 + r) * gates.strides[1] + u0;
          const float* before = now + (b0 + r) * stride + u0;
          float *after = next + (b0 + r) * stride + u0, *cell = cells + (b0 + r) * stride + u0;
#pragma omp simd
          for (int c = 0; c < count; c++) {
            float from_input[G], from_state[G];
            for (int g = 0; g < G; g++) {
              from_input[g] = row[g * units + c];
              from_state[g] = sums[g][r * GEMM_NR + c];
            }
            after[c] = Cell::step(from_input, from_state, &bias.data[(u0 + c) * bias.strides[0]], before[c], cell[c]);
          }
          float* to = y + (b0 + r) * out.strides[1] + u0 * out.strides[2];
          for (int c = 0; c < count; c++) to[c * out.strides[2]] = after[c];
        }
      }
    });
    float* swapped = now;
    now = next;
    next = swapped;
  }
  for (int64_t b = 0; b < batch; b++)
    for (int64_t u = 0; u < units; u++) {
      last.data[b * last.strides[0] + u * last.strides[1]] = now[b * stride + u];
      if (Cell::CELL) last_cell.data[b * last_cell.strides[0] + u * last_cell.strides[1]] = cells[b * stride + u];
    }
}

// The same with the weights as they are, for programs of GPUs, whose kernels want them so, that run here to fold constants.
template <int KIND>
void recur_unpacked(const Call& call, const Tensor<const float>& gates, const Tensor<const float>& weight, const Tensor<const float>& bias,
                    const Tensor<const float>& first, const Tensor<const float>& first_cell, const Tensor<float>& out,
                    const Tensor<float>& last, const Tensor<float>& last_cell, float* state, int64_t backwards) {
  constexpr int G = CellOf<KIND>::type::GATES;
  const int64_t units = first.sizes[1], size = ceil_div(units, GEMM_NR) * GEMM_NR * units * G;
  auto* memory = static_cast<float*>(aligned_alloc(64, size_t(ceil_div(size, 16) + 1) * 64));
  if (!memory) return fail(call, "out of memory");
  const Tensor<float> packed{memory, 1, {size}, {1}};
  pack_recurrent(call, weight, packed, G);
  recur<KIND>(call, gates, {memory, 1, {size}, {1}}, bias, first, first_cell, out, last, last_cell, state, backwards);
  free(memory);
}

AIT_NAMESPACE_END
