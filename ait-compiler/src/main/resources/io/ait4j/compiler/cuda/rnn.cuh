// The recurrence of LSTM, GRU and plain networks over one layer in one direction: rnn.h for GPUs. A launch takes one step: a
// warp multiplies the last states of some of the batch with the weights of a unit's gates and applies the gates.
#pragma once
#include "function.cuh"
#include "rnn_cells.h"
#include "rnn_step.h"

AIT_NAMESPACE_BEGIN

// gates: [length, batch, gates * units]; weight: [gates * units, units]; bias: [units], of a GRU's new gate; first, last:
// [batch, units]; out: [length, batch, units]; cells as the states, of an LSTM, else any; state: scratch of at least
// batch * units. `backwards` goes from the last step to the first.
template <int KIND>
AIT_INLINE void recur_unpacked_device(const Call&, const RecurStep& step, const Tensor<const float>& gates, const Tensor<const float>& weight,
                                      const Tensor<const float>& bias, const Tensor<const float>& first, const Tensor<const float>& first_cell,
                                      const Tensor<float>& out, const Tensor<float>& last, const Tensor<float>& last_cell, float* state,
                                      int64_t backwards) {
  typedef typename CellOf<KIND>::type Cell;
  constexpr int G = Cell::GATES, ROWS = 8;
  const int64_t length = gates.sizes[0], batch = first.sizes[0], units = first.sizes[1], tiles = (batch + ROWS - 1) / ROWS;
  const int64_t t = backwards ? length - 1 - step.number : step.number, before = backwards ? t + 1 : t - 1;
  const int lane = threadIdx.x % 32;
  for (int64_t task = int64_t(blockIdx.x) * 8 + threadIdx.x / 32; task < units * tiles; task += int64_t(gridDim.x) * 8) {
    const int64_t tile = quotient(task, units), unit = task - tile * units, row = tile * ROWS;
    const int rows = int(batch - row < ROWS ? batch - row : ROWS);
    const bool start = step.number == 0;
    const float* now = start ? first.data + row * first.strides[0] : out.data + before * out.strides[0] + row * out.strides[1];
    const int64_t now_row = start ? first.strides[0] : out.strides[1], now_unit = start ? first.strides[1] : out.strides[2];
    const int64_t b = row + lane;
    float* last_to = last.data + b * last.strides[0] + unit * last.strides[1];
    if (length == 0) {
      if (lane >= rows) continue;
      *last_to = now[lane * now_row + unit * now_unit];
      if (Cell::CELL)
        last_cell.data[b * last_cell.strides[0] + unit * last_cell.strides[1]] = first_cell.data[b * first_cell.strides[0] + unit * first_cell.strides[1]];
      continue;
    }
    float sums[ROWS][G] = {};
    for (int64_t k = lane; k < units; k += 32) {
      float w[G];
#pragma unroll
      for (int g = 0; g < G; g++) w[g] = weight.data[(g * units + unit) * weight.strides[0] + k * weight.strides[1]];
#pragma unroll
      for (int r = 0; r < ROWS; r++) {
        if (r >= rows) continue;
        const float h = now[r * now_row + k * now_unit];
#pragma unroll
        for (int g = 0; g < G; g++) sums[r][g] += w[g] * h;
      }
    }
    float from_input[G], from_state[G];
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
#pragma unroll
      for (int g = 0; g < G; g++) {
        float sum = sums[r][g];
#pragma unroll
        for (int other = 16; other > 0; other /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, other);
        if (lane == r) from_state[g] = sum;
      }
    }
    if (lane >= rows) continue;
#pragma unroll
    for (int g = 0; g < G; g++) from_input[g] = gates.data[t * gates.strides[0] + b * gates.strides[1] + (g * units + unit) * gates.strides[2]];
    float* const kept = state + b * units + unit; // the cell, between the steps
    float cell = 0;
    if (Cell::CELL) cell = start ? first_cell.data[b * first_cell.strides[0] + unit * first_cell.strides[1]] : *kept;
    const float next = Cell::step(from_input, from_state, &bias.data[unit * bias.strides[0]], now[lane * now_row + unit * now_unit], cell);
    out.data[t * out.strides[0] + b * out.strides[1] + unit * out.strides[2]] = next;
    if (Cell::CELL) *kept = cell;
    if (step.number == length - 1) {
      *last_to = next;
      if (Cell::CELL) last_cell.data[b * last_cell.strides[0] + unit * last_cell.strides[1]] = cell;
    }
  }
}

AIT_NAMESPACE_END
