// The names that the source graph of ClientModel.java has, in a library without values of constants.
#include "bound_constants.h"

static const char* source_name(const char* name) {
  static const char* const names[][2] = {{"w2", "fc.weight"}, {"w3", "fc.bias"}, {"w4", "gain"}};
  for (const auto& pair : names)
    if (strcmp(pair[0], name) == 0) return pair[1];
  return nullptr;
}

static const char* constants[16];

__attribute__((constructor)) static void name() {
  for (int64_t i = 0; i < ait::model::num_constants && i < 16; i++) constants[i] = source_name(ait::model::constants[i].name);
}

extern "C" const ait::BoundConstants* ait4j_bound_constants() {
  static const char* const inputs[] = {"x", "z"};
  static const char* const outputs[] = {"y", "t"};
  static const ait::BoundConstants bound = {nullptr, constants, inputs, outputs};
  return &bound;
}
