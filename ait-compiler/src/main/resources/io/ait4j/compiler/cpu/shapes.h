// The sizes of one run: what its symbols are, and what of its tensors follows.
#pragma once
#include <cstdlib>
#include <cstring>
#include "border.h"

AIT_NAMESPACE_BEGIN

struct Shapes {
  int64_t* symbols = nullptr;
  TensorSpec* tensors = nullptr; // inputs, then outputs

  bool allocate() {
    symbols = static_cast<int64_t*>(calloc(size_t(model::num_symbols) + 1, sizeof(int64_t)));
    tensors = static_cast<TensorSpec*>(calloc(size_t(model::num_inputs + model::num_outputs) + 1, sizeof(TensorSpec)));
    if (!symbols || !tensors) {
      release();
      return false;
    }
    memcpy(tensors, model::inputs, sizeof(TensorSpec) * size_t(model::num_inputs));
    memcpy(tensors + model::num_inputs, model::outputs, sizeof(TensorSpec) * size_t(model::num_outputs));
    return true;
  }

  void release() {
    free(symbols);
    free(tensors);
    symbols = nullptr;
    tensors = nullptr;
  }

  TensorSpec* inputs() const { return tensors; }
  TensorSpec* outputs() const { return tensors + model::num_inputs; }

  void follow() {
    if (model::num_symbols > 0) model::shape(symbols, inputs(), outputs());
  }
};

// The value of symbol i, given or found in the inputs.
inline int symbol_value(int64_t i, const int64_t* given, const ait4j_tensor* inputs, int64_t* value) {
  const SymbolSpec& s = model::symbols[i];
  if (given) {
    *value = given[i];
  } else {
    if (s.input < 0) return error("the size %s cannot be told from the inputs; give its value", s.name);
    const ait4j_tensor& t = inputs[s.input];
    if (t.rank <= s.dim || !t.sizes)
      return error("input %d (%s): expected %d dimensions, got %d", int(s.input), model::inputs[s.input].name,
                   int(model::inputs[s.input].rank), int(t.rank));
    *value = t.sizes[s.dim];
  }
  if (*value >= s.min && *value <= s.max) return 0;
  return s.max == INT64_MAX
             ? error("the size %s is %lld; the model was compiled for %lld and more", s.name, (long long)*value,
                     (long long)s.min)
             : error("the size %s is %lld; the model was compiled for %lld to %lld", s.name, (long long)*value,
                     (long long)s.min, (long long)s.max);
}

// `given` has a value for each symbol, or is null.
inline int infer(Shapes* shapes, const int64_t* given, const ait4j_tensor* inputs) {
  for (int64_t i = 0; i < model::num_symbols; i++)
    if (symbol_value(i, given, inputs, &shapes->symbols[i])) return 1;
  shapes->follow();
  return 0;
}

// The largest sizes; they stay unknown where a bound says nothing. Whether all are known.
inline bool set_largest(Shapes* shapes) {
  for (int64_t i = 0; i < model::num_symbols; i++) {
    if (model::symbols[i].max > INT32_MAX) return false;
    shapes->symbols[i] = model::symbols[i].max;
  }
  shapes->follow();
  return true;
}

AIT_NAMESPACE_END
