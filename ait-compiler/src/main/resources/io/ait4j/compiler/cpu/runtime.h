// The memory of one run, kept for the next, and the pool of them.
#pragma once
#include <cstdlib>
#include <pthread.h>
#include <sys/mman.h>
#include "shapes.h"

AIT_NAMESPACE_BEGIN

// 64-byte aligned; large blocks start on a huge page and ask for more of them. Null when there is no memory.
inline char* allocate(int64_t bytes) {
  const size_t huge = size_t(2) << 20;
  size_t size = bytes < 64 ? 64 : size_t(bytes);
  size_t align = size >= huge ? huge : 64;
  void* p = nullptr;
  if (posix_memalign(&p, align, (size + align - 1) / align * align) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  if (align == huge) madvise(p, (size + align - 1) / align * align, MADV_HUGEPAGE);
#endif
  return static_cast<char*>(p);
}

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

// Last in, first out: the arena used last is the one still in the caches.
struct RuntimePool {
  pthread_mutex_t lock;
  Runtime* free_list;
};

inline Runtime* runtime_take(RuntimePool* pool) {
  pthread_mutex_lock(&pool->lock);
  Runtime* r = pool->free_list;
  if (r) pool->free_list = r->next;
  pthread_mutex_unlock(&pool->lock);
  return r ? r : runtime_new();
}

inline void runtime_give(RuntimePool* pool, Runtime* r) {
  pthread_mutex_lock(&pool->lock);
  r->next = pool->free_list;
  pool->free_list = r;
  pthread_mutex_unlock(&pool->lock);
}

AIT_NAMESPACE_END
