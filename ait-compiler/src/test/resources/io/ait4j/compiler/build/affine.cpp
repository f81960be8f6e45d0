// y = 2 x + c over [3, 4], where c = raw + 1 is folded; s = sum(x). A NaN in x fails the run; x[0] = -1 asks for more scratch memory
// than there is.
#include "model.h"
#include "scratch.h"

namespace ait::model {
const SymbolSpec symbols[] = {{}};
const int64_t num_symbols = 0;
const TensorSpec inputs[] = {{"x", ait::FLOAT32, 2, {3, 4}, {4, 1}}};
const int64_t num_inputs = 1;
const TensorSpec outputs[] = {{"y", ait::FLOAT32, 2, {3, 4}, {4, 1}}, {"s", ait::FLOAT32, 0, {}, {}}};
const int64_t num_outputs = 2;
const ConstantSpec constants[] = {{"raw", ait::FLOAT32, 16, ConstantRole::RawFoldOnly},
                                  {"scale", ait::FLOAT32, 4, ConstantRole::Kept},
                                  {"c", ait::FLOAT32, 16, ConstantRole::Folded}};
const int64_t num_constants = 3;
int64_t arena_bytes(const int64_t*) { return 48; }
void shape(const int64_t*, TensorSpec*, TensorSpec*) {}
const int64_t fold_arena_bytes = 16;

const int64_t num_fold_steps = 1;

int fold(const Context& cx, int64_t) {
  const float* raw = (const float*)cx.constants[0];
  float* plus_one = (float*)cx.arena;
  float* c = (float*)cx.constants[2];
  for (int i = 0; i < 4; i++) plus_one[i] = raw[i] + 1;
  for (int i = 0; i < 4; i++) c[i] = plus_one[i];
  return 0;
}

int run(const Context& cx) {
  const float* x = (const float*)cx.inputs[0];
  const float* scale = (const float*)cx.constants[1];
  const float* c = (const float*)cx.constants[2];
  float* scaled = (float*)cx.arena;
  float* y = (float*)cx.outputs[0];
  float* s = (float*)cx.outputs[1];
  if (x[0] == -1) scratch(SCRATCH_A, int64_t(1) << 50);
  parallel_for(cx.ex, 12, 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      if (x[i] != x[i]) fail(cx, "x[%d] is not a number", int(i));
      scaled[i] = x[i] * scale[0];
    }
  });
  for (int i = 0; i < 12; i++) y[i] = scaled[i] + c[i % 4];
  s[0] = 0;
  for (int i = 0; i < 12; i++) s[0] += x[i];
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
