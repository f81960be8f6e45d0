// The memory of one run on a CPU, kept for the next.
#pragma once
#include "host_memory.h"
#include "shapes.h"

AIT_NAMESPACE_BEGIN

struct Runtime {
  Runtime* next;
  Shapes shapes;
  char* arena; // as large as the largest run so far needed
  int64_t arena_bytes;
  char* staging;
  int64_t staging_bytes;
  BorderTensor* tensors; // inputs, then outputs
  void** pointers;       // the same, as the program sees them
};

inline void runtime_free(Runtime* r) {
  if (!r) return;
  r->shapes.release();
  free(r->arena);
  free(r->staging);
  free(r->tensors);
  free(r->pointers);
  free(r);
}

inline Runtime* runtime_new() {
  auto* r = static_cast<Runtime*>(calloc(1, sizeof(Runtime)));
  if (!r) return nullptr;
  size_t tensors = size_t(model::num_inputs + model::num_outputs) + 1;
  r->tensors = static_cast<BorderTensor*>(calloc(tensors, sizeof(BorderTensor)));
  r->pointers = static_cast<void**>(calloc(tensors, sizeof(void*)));
  if (r->shapes.allocate() && r->tensors && r->pointers) return r;
  runtime_free(r);
  return nullptr;
}

// Makes a block at least so large; what it held is lost. Negative is more than there can be.
inline bool reserve(char** block, int64_t* size, int64_t bytes) {
  if (bytes < 0) return false;
  if (*block && *size >= bytes) return true;
  free(*block);
  *block = allocate(bytes);
  *size = *block ? bytes : 0;
  return *block;
}

// What a model needs beside its runtimes: nothing here.
struct Machine {
  static constexpr int32_t DEVICE = AIT4J_HOST;
  static void shutdown() {}
  void release() {}
  void constants_changed() {}
};

AIT_NAMESPACE_END
