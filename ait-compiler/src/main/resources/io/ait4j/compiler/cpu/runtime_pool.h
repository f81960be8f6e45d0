// Runtimes that wait for their next run, and callers that wait for a runtime. What one is, cpu_run.h's or cuda_run.h's headers
// say, which come before this.
#pragma once
#include <pthread.h>

AIT_NAMESPACE_BEGIN

// Who waits, on its own stack.
struct Waiter {
  pthread_cond_t wake;
  bool woken;
  Runtime* given; // null: make one
  Waiter* next;
};

// A runtime is idle, given to a waiter, or in the hands of the run that took it: never two of these. Guarded by its owner's
// lock. Idle ones go last in, first out: the arena used last is the one still in the caches.
struct RuntimePool {
  int64_t limit; // on those alive; 0: none
  int64_t alive;
  Runtime* idle;
  Waiter *first, *last;
};

inline void wake_waiter(RuntimePool* all, Runtime* given) {
  Waiter* w = all->first;
  all->first = w->next;
  if (!all->first) all->last = nullptr;
  w->given = given;
  w->woken = true;
  pthread_cond_signal(&w->wake);
}

inline Runtime* wait_for_runtime(RuntimePool* all, pthread_mutex_t* lock) {
  Waiter w = {};
  pthread_cond_init(&w.wake, nullptr);
  (all->last ? all->last->next : all->first) = &w;
  all->last = &w;
  while (!w.woken) pthread_cond_wait(&w.wake, lock);
  pthread_cond_destroy(&w.wake);
  return w.given;
}

inline void runtime_give(RuntimePool* all, Runtime* r) {
  if (all->first) return wake_waiter(all, r);
  r->next = all->idle;
  all->idle = r;
}

// One that was to be made could not be: who waits longest tries.
inline void runtime_forget(RuntimePool* all) {
  if (all->first) wake_waiter(all, nullptr);
  else all->alive--;
}

// The first idle one that `fits` accepts, else a new one, for which the caller counts here already and gets null. At the limit:
// the one idle longest, else the next that is given back, callers in the order in which they came.
template <class Fits> inline Runtime* runtime_take(RuntimePool* all, pthread_mutex_t* lock, const Fits& fits) {
  Runtime** link = &all->idle;
  while (*link && !fits(*link)) link = &(*link)->next;
  const bool room = all->limit == 0 || all->alive < all->limit;
  if (!*link && all->idle && !room)
    for (link = &all->idle; (*link)->next;) link = &(*link)->next;
  if (Runtime* r = *link) {
    *link = r->next;
    return r;
  }
  if (!room) return wait_for_runtime(all, lock);
  all->alive++;
  return nullptr;
}

AIT_NAMESPACE_END
