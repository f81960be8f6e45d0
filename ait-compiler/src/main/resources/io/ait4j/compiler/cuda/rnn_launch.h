// The launches of the functions of rnn.cuh: one for each step.
#pragma once
#include "function_launch.h"
#include "rnn_step.h"

AIT_NAMESPACE_BEGIN

template <int KIND>
bool recur_unpacked_launch(const LaunchCall& call, int64_t number, RecurStep& step, Launch& how, const Tensor<const float>& gates,
                           const Tensor<const float>&, const Tensor<const float>&, const Tensor<const float>& first,
                           const Tensor<const float>&, const Tensor<float>&, const Tensor<float>&, const Tensor<float>&, float*, int64_t) {
  constexpr int64_t Warps = 8, Rows = 8;
  const int64_t length = gates.sizes[0], tiles = (first.sizes[0] + Rows - 1) / Rows;
  step.number = number;
  how = blocks_over(call, first.sizes[1] * tiles, Warps);
  return first.numel() > 0 && number < (length > 0 ? length : 1); // without a step the last state is the first
}

AIT_NAMESPACE_END
