// Constants that a self-contained library brings along.
#pragma once
#include "model.h"

AIT_NAMESPACE_BEGIN

// All by index; entries may be null, and so may the arrays of names, which are the source graph's.
struct BoundConstants {
  const void* const* data; // 64-byte aligned, as long as the library is loaded
  const char* const* source_names;
  const char* const* input_names = nullptr;
  const char* const* output_names = nullptr;
};

AIT_NAMESPACE_END

// An object file that is linked with the program's may define it; where none does, it gives null.
extern "C" const ait::BoundConstants* ait4j_bound_constants(void);

AIT_NAMESPACE_BEGIN

inline bool has_bound_constants() { return ait4j_bound_constants() && ait4j_bound_constants()->data; }

// Null if it has to be set.
inline const void* bound_constant(int64_t index) {
  return has_bound_constants() ? ait4j_bound_constants()->data[index] : nullptr;
}

// What the source graph calls it, or its own name where that is not known.
inline const char* constant_source_name(int64_t index) {
  const BoundConstants* bound = ait4j_bound_constants();
  const char* name = bound && bound->source_names ? bound->source_names[index] : nullptr;
  return name ? name : model::constants[index].name;
}

// What the source graph calls inputs and outputs; null where that is not known.
inline const char* const* input_names() { return ait4j_bound_constants() ? ait4j_bound_constants()->input_names : nullptr; }

inline const char* const* output_names() { return ait4j_bound_constants() ? ait4j_bound_constants()->output_names : nullptr; }

AIT_NAMESPACE_END
