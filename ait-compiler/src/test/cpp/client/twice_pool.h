// A pool of runtimes in AITemplate's manner: those of runs that have begun are pending, and whoever finds none available takes
// the pending ones back. Whoever waits for all runs makes the pending ones available; its fault is to leave them pending as
// well, so that a runtime is handed out twice. CORRECTED puts that line right.
#pragma once
#include <pthread.h>
#include <sched.h>

AIT_NAMESPACE_BEGIN

struct Waiter;

struct RuntimePool {
  static constexpr int MOST = 1 << 16;

  int64_t limit, alive;
  Runtime* idle; // none
  Waiter *first, *last;
  Runtime* available[MOST];
  Runtime* pending[MOST];
  int num_available, num_pending;
};

inline void make_available(RuntimePool* all) {
  for (int i = 0; i < all->num_pending && all->num_available < RuntimePool::MOST; i++)
    all->available[all->num_available++] = all->pending[i];
}

// Before constants change. With the lock held.
inline void wait_for_all(RuntimePool* all) {
  make_available(all);
#ifdef CORRECTED
  all->num_pending = 0;
#endif
}

inline void runtime_give(RuntimePool* all, Runtime* r) {
  if (all->num_pending < RuntimePool::MOST) all->pending[all->num_pending++] = r;
}

inline void runtime_forget(RuntimePool* all) { all->alive--; }

template <class Fits> inline Runtime* runtime_take(RuntimePool* all, pthread_mutex_t* lock, const Fits&) {
  for (;;) {
    if (all->num_available == 0) {
      make_available(all);
      all->num_pending = 0;
    }
    if (all->num_available > 0) return all->available[--all->num_available];
    if (all->alive < all->limit) {
      all->alive++;
      return nullptr;
    }
    pthread_mutex_unlock(lock);
    sched_yield();
    pthread_mutex_lock(lock);
  }
}

AIT_NAMESPACE_END
