// y = x + 1 for 16-bit integers, x kept channels last and y row-major; nothing in, nothing out beside them; no constants.
#include "model.h"

namespace ait::model {
const SymbolSpec symbols[] = {{}};
const int64_t num_symbols = 0;
const TensorSpec inputs[] = {{"x", ait::INT16, 4, {2, 3, 4, 5}, {60, 1, 15, 3}},
                             {"none", ait::FLOAT64, 2, {0, 3}, {3, 1}}};
const int64_t num_inputs = 2;
const TensorSpec outputs[] = {{"y", ait::INT16, 4, {2, 3, 4, 5}, {60, 20, 5, 1}},
                              {"nothing", ait::BOOL, 1, {0}, {1}}};
const int64_t num_outputs = 2;
const ConstantSpec constants[] = {{}};
const int64_t num_constants = 0;
int64_t arena_bytes(const int64_t*) { return 0; }
void shape(const int64_t*, TensorSpec*, TensorSpec*) {}
const int64_t fold_arena_bytes = 0;

const int64_t num_fold_steps = 0;

int fold(const Context&, int64_t) { return 0; }

int run(const Context& cx) {
  const int16_t* x = (const int16_t*)cx.inputs[0];
  int16_t* y = (int16_t*)cx.outputs[0];
  for (int n = 0; n < 2; n++)
    for (int c = 0; c < 3; c++)
      for (int s = 0; s < 20; s++) y[n * 60 + c * 20 + s] = x[n * 60 + s * 3 + c] + 1;
  return 0;
}

const char* const kernels[] = {"all"};
const int64_t num_kernels = 1;
void work(const int64_t*, Work* work) { work[0] = {24, 96, 4}; }

int run_timed(const Context& cx, int64_t* ends) {
  const int result = run(cx);
  ends[0] = nanos();
  return result;
}
}

#include "cpu_run.h"
#include "model_impl.h"
