// The launch of roi_align.cuh.
#pragma once
#include "element_step.h"
#include "function_launch.h"

AIT_NAMESPACE_BEGIN

template <class T>
bool roi_align_launch(const LaunchCall& call, int64_t number, ElementStep&, Launch& how, const Tensor<const T>&, const Tensor<const T>&,
                      const Tensor<T>& out, double, int64_t, int64_t) {
  how = blocks_over(call, out.numel(), 256);
  return number == 0 && out.numel() > 0;
}

AIT_NAMESPACE_END
