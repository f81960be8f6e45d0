// Runtimes that wait for their next run. What one is, cpu_run.h's or cuda_run.h's headers say, which come before this.
#pragma once
#include <pthread.h>

AIT_NAMESPACE_BEGIN

// Last in, first out: the arena used last is the one still in the caches.
struct RuntimePool {
  pthread_mutex_t lock;
  Runtime* free_list;
};

// The first that waits and that `fits` accepts, else a new one; null where it cannot be made.
template <class Fits> inline Runtime* runtime_take(RuntimePool* pool, const Fits& fits) {
  pthread_mutex_lock(&pool->lock);
  Runtime** link = &pool->free_list;
  while (*link && !fits(*link)) link = &(*link)->next;
  Runtime* r = *link;
  if (r) *link = r->next;
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
