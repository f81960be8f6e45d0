// The memory of one run on a CPU, kept for the next.
#pragma once
#include "cpu_machine.h"
#include "memory.h"
#include "shapes.h"

AIT_NAMESPACE_BEGIN

struct Runtime {
  Runtime* next;
  Shapes shapes;
  Memory memory;
  Area arena; // as large as the largest run so far needed
  Area staging;
  BorderTensor* tensors; // inputs, then outputs
  void** pointers;       // the same, as the program sees them
};

inline void runtime_free(Runtime* r) {
  if (!r) return;
  r->shapes.release();
  area_release(&r->arena, r->memory, 0);
  area_release(&r->staging, r->memory, 0);
  free(r->tensors);
  free(r->pointers);
  free(r);
}

// Null, with the error set, where it cannot be.
inline Runtime* runtime_new(const Memory& memory) {
  auto* r = static_cast<Runtime*>(calloc(1, sizeof(Runtime)));
  if (!r) return error("out of memory"), nullptr;
  r->memory = memory;
  size_t tensors = size_t(model::num_inputs + model::num_outputs) + 1;
  r->tensors = static_cast<BorderTensor*>(calloc(tensors, sizeof(BorderTensor)));
  r->pointers = static_cast<void**>(calloc(tensors, sizeof(void*)));
  if (r->shapes.allocate() && r->tensors && r->pointers) return r;
  runtime_free(r);
  error("out of memory");
  return nullptr;
}

// Makes an area at least so large; what it held is lost. Negative is more than there can be.
inline bool reserve(Runtime* r, Area* area, int64_t bytes) {
  if (bytes < 0) return false;
  if (area->data && area->bytes >= bytes) return true;
  area_release(area, r->memory, 0);
  return area_take(area, r->memory, bytes);
}

AIT_NAMESPACE_END
