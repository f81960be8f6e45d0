// Thread-local scratch buffers that grow and are reused; freed at thread end or by shutdown().
#pragma once
#include <atomic>
#include <cstdlib>
#include <pthread.h>
#include <sys/mman.h>
#include "parallel.h"

AIT_NAMESPACE_BEGIN

// How often a kernel could not get memory and left its output unwritten: a run in which it grows has failed.
inline std::atomic<int64_t> shortages{0};

enum ScratchSlot { SCRATCH_A, SCRATCH_B, SCRATCH_C, SCRATCH_PANEL, SCRATCH_SHARED, SCRATCH_SLOTS };

// Large blocks start on a huge page and ask for more: packed operands are walked with many long strides.
inline float* aligned_floats(int64_t count) {
  const size_t huge = size_t(2) << 20;
  size_t bytes = size_t(count < 16 ? 16 : count) * sizeof(float);
  size_t align = bytes >= huge ? huge : 64;
  bytes = (bytes + align - 1) / align * align;
  void* p = nullptr;
  if (count < 0 || posix_memalign(&p, align, bytes) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  if (align == huge) madvise(p, bytes, MADV_HUGEPAGE);
#endif
  return static_cast<float*>(p);
}

struct ThreadScratch {
  float* data[SCRATCH_SLOTS];
  int64_t size[SCRATCH_SLOTS];
  ThreadScratch *prev, *next;
};

// A pthread key, not a C++ thread_local: the latter would pin the library in memory until every thread ended.
struct ScratchRegistry {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_key_t key = 0;
  bool has_key = false;
  uint32_t generation = 1; // bumped by shutdown so that stale thread pointers are not followed
  ThreadScratch* head = nullptr;
};

inline ScratchRegistry scratch_registry;
inline __thread ThreadScratch* thread_scratch = nullptr;
inline __thread uint32_t thread_scratch_generation = 0;

inline void scratch_free(ThreadScratch* s) {
  for (float* p : s->data) free(p);
  free(s);
}

inline void scratch_thread_end(void* arg) {
  auto* s = static_cast<ThreadScratch*>(arg);
  pthread_mutex_lock(&scratch_registry.lock);
  (s->prev ? s->prev->next : scratch_registry.head) = s->next;
  if (s->next) s->next->prev = s->prev;
  pthread_mutex_unlock(&scratch_registry.lock);
  thread_scratch = nullptr;
  scratch_free(s);
}

inline ThreadScratch* scratch_register() {
  ScratchRegistry& r = scratch_registry;
  auto* s = static_cast<ThreadScratch*>(calloc(1, sizeof(ThreadScratch)));
  if (!s) return nullptr;
  pthread_mutex_lock(&r.lock);
  if (!r.has_key) r.has_key = pthread_key_create(&r.key, scratch_thread_end) == 0;
  if (r.has_key) pthread_setspecific(r.key, s);
  s->next = r.head;
  if (r.head) r.head->prev = s;
  r.head = s;
  thread_scratch_generation = r.generation;
  pthread_mutex_unlock(&r.lock);
  return thread_scratch = s;
}

// At least `count` floats, 64-byte aligned, contents undefined, valid until the next request for the slot.
// nullptr (and a shortage) when there is none.
inline float* scratch(ScratchSlot slot, int64_t count) {
  ThreadScratch* s = thread_scratch;
  if (!s || thread_scratch_generation != scratch_registry.generation) s = scratch_register();
  if (s && s->size[slot] >= count && s->data[slot]) return s->data[slot];
  if (s) {
    free(s->data[slot]);
    s->size[slot] = 0;
    int64_t grown = count + count / 4;
    s->data[slot] = aligned_floats(grown);
    if (!s->data[slot]) s->data[slot] = aligned_floats(grown = count);
    if (s->data[slot]) {
      s->size[slot] = grown;
      return s->data[slot];
    }
  }
  shortages.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

// Joins the pool and frees all scratch. No kernel may be running.
inline void shutdown() {
  pool_shutdown();
  ScratchRegistry& r = scratch_registry;
  pthread_mutex_lock(&r.lock);
  if (r.has_key) pthread_key_delete(r.key);
  r.has_key = false;
  r.generation++;
  for (ThreadScratch* s = r.head; s;) {
    ThreadScratch* next = s->next;
    scratch_free(s);
    s = next;
  }
  r.head = nullptr;
  pthread_mutex_unlock(&r.lock);
}

// Threads that end later leave their scratch memory alone: the code that would free it is about to go.
inline void scratch_forget_threads() {
  ScratchRegistry& r = scratch_registry;
  pthread_mutex_lock(&r.lock);
  if (r.has_key) pthread_key_delete(r.key);
  r.has_key = false;
  pthread_mutex_unlock(&r.lock);
}

AIT_NAMESPACE_END
