// The model's names, and values of its constants: those of Weights(4) in client.h.
#include "bound_constants.h"

// Whether the weight is not among them, and what is folded from it is 0.
static const bool folded_for_good = false;

alignas(64) static float values[3][32];
alignas(64) static float zeros[1 << 14];

static void whole_numbers(float* to, int count, int seed) {
  for (int i = 0; i < count; i++) to[i] = float((i * 7 + seed * 13) % 11 - 5);
}

extern "C" const ait::BoundConstants* ait4j_bound_constants() {
  static const char* const known[][2] = {{"w2", "fc.weight"}, {"w3", "fc.bias"}, {"w4", "gain"}};
  static const char* const inputs[] = {"x", "z"};
  static const char* const outputs[] = {"y", "t"};
  static const char* constants[16];
  static const void* data[16];
  static const ait::BoundConstants bound = {data, constants, inputs, outputs};
  if (constants[0]) return &bound;
  whole_numbers(values[0], 32, 4);
  whole_numbers(values[1], 4, 5);
  whole_numbers(values[2], 8, 6);
  for (int64_t i = 0; i < ait::model::num_constants && i < 16; i++) {
    if (folded_for_good && ait::model::constants[i].role == ait::ConstantRole::Folded) data[i] = zeros;
    for (int k = 0; k < 3; k++) {
      if (strcmp(known[k][0], ait::model::constants[i].name) != 0) continue;
      constants[i] = known[k][1];
      if (k > 0 || !folded_for_good) data[i] = values[k];
    }
  }
  return &bound;
}
