// Thread pool and parallel_for. Work is cut into chunks by shape only, so results never depend on the thread count.
#pragma once
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <type_traits>
#include <unistd.h>
#include "vec.h"

AIT_NAMESPACE_BEGIN

typedef void (*RangeFn)(void* ctx, int64_t begin, int64_t end);
typedef void (*ParallelFor)(int64_t n, int64_t grain, RangeFn fn, void* ctx, void* user);

// run == nullptr means "on the calling thread".
struct Executor {
  ParallelFor run;
  void* user;
};

AIT_INLINE void cpu_relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

inline int64_t nanos() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// One job at a time. A caller that finds the pool busy (another host thread, or a nested call) runs its
// chunks itself, so callers can never wait for one another. Threads of the host that are in the midst of a run have a cpu
// each: workers join only on those that are left, so that many runs at a time keep every cpu busy and none with two threads.
struct Pool {
  static constexpr int64_t SPIN_NANOS = 50000;

  std::atomic<int> requested{0}; // 0: one thread per available cpu
  std::atomic<bool> busy{false};
  std::atomic<bool> quit{false};
  std::atomic<int> sleepers{0};
  std::atomic<int> runs{0}; // of the library, in progress
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
  pthread_t* threads = nullptr;
  int workers = 0;
  int started_for = 0; // the request that `workers` answers
  bool fork_hook = false;

  // The job; written only while `open` is false and no worker is active.
  RangeFn fn = nullptr;
  void* ctx = nullptr;
  int64_t n = 0, grain = 0, chunks = 0;
  int limit = 0; // workers allowed to join
  alignas(64) std::atomic<uint32_t> epoch{0};
  std::atomic<bool> open{false};
  alignas(64) std::atomic<int> active{0};
  alignas(64) std::atomic<int64_t> next{0};
};

inline Pool pool;
inline __thread bool inside_parallel = false;

// A run in progress on the calling thread.
struct Running {
  Running() { pool.runs.fetch_add(1, std::memory_order_relaxed); }
  ~Running() { pool.runs.fetch_sub(1, std::memory_order_relaxed); }
  Running(const Running&) = delete;
};

inline int available_cpus() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? int(n) : 1;
}

inline void run_range_serial(int64_t n, int64_t grain, RangeFn fn, void* ctx) {
  for (int64_t i = 0; i < n; i += grain) fn(ctx, i, i + grain < n ? i + grain : n);
}

inline void pool_claim_chunks() {
  for (int64_t i; (i = pool.next.fetch_add(1, std::memory_order_relaxed)) < pool.chunks;) {
    int64_t begin = i * pool.grain, end = begin + pool.grain;
    pool.fn(pool.ctx, begin, end < pool.n ? end : pool.n);
  }
}

inline uint32_t pool_await_epoch(uint32_t seen) {
  int64_t deadline = nanos() + Pool::SPIN_NANOS;
  do {
    for (int i = 0; i < 32; i++) {
      uint32_t now = pool.epoch.load(std::memory_order_acquire);
      if (now != seen) return now;
      cpu_relax();
    }
  } while (nanos() < deadline);
  pthread_mutex_lock(&pool.lock);
  pool.sleepers.fetch_add(1); // before the last look at epoch; the dispatcher does the reverse
  while (pool.epoch.load() == seen) pthread_cond_wait(&pool.wake, &pool.lock);
  pool.sleepers.fetch_sub(1);
  pthread_mutex_unlock(&pool.lock);
  return pool.epoch.load();
}

inline void pool_announce() {
  pool.epoch.fetch_add(1);
  if (pool.sleepers.load() > 0) {
    pthread_mutex_lock(&pool.lock);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
  }
}

struct WorkerStart {
  int index;
  uint32_t epoch;
};

inline void* pool_worker(void* arg) {
  WorkerStart start = *static_cast<WorkerStart*>(arg);
  free(arg);
  inside_parallel = true;
  uint32_t seen = start.epoch;
  for (;;) {
    seen = pool_await_epoch(seen);
    if (pool.quit.load()) return nullptr;
    // Register first, then look: the dispatcher closes the job and then waits for active == 0, so a late
    // worker either is counted or sees the job closed.
    pool.active.fetch_add(1);
    if (pool.open.load() && start.index < pool.limit) pool_claim_chunks();
    pool.active.fetch_sub(1);
  }
}

// Callers of the next three own pool.busy.
inline void pool_stop() {
  if (pool.threads) {
    pool.quit.store(true);
    pool_announce();
    for (int i = 0; i < pool.workers; i++) pthread_join(pool.threads[i], nullptr);
    free(pool.threads);
    pool.quit.store(false);
  }
  pool.threads = nullptr;
  pool.workers = 0;
  pool.started_for = 0;
}

inline void pool_after_fork() { // the child has none of the workers
  pool.threads = nullptr;
  pool.workers = 0;
  pool.started_for = 0;
  pool.busy.store(false);
  pool.open.store(false);
  pool.active.store(0);
  pool.sleepers.store(0);
  pool.runs.store(0);
  pool.lock = PTHREAD_MUTEX_INITIALIZER;
  pool.wake = PTHREAD_COND_INITIALIZER;
}

inline void pool_start(int count) {
  pool_stop();
  pool.started_for = count;
  if (!pool.fork_hook) pool.fork_hook = pthread_atfork(nullptr, nullptr, pool_after_fork) == 0;
  if (count <= 1 || !(pool.threads = static_cast<pthread_t*>(malloc(sizeof(pthread_t) * (count - 1))))) return;
  sigset_t all, old; // signals are the host's business, never a worker's
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  for (int i = 0; i + 1 < count; i++) {
    auto* start = static_cast<WorkerStart*>(malloc(sizeof(WorkerStart)));
    if (!start) break;
    *start = {i, pool.epoch.load()};
    if (pthread_create(&pool.threads[i], nullptr, pool_worker, start) != 0) {
      free(start);
      break; // fewer workers only means less speed
    }
    pool.workers++;
  }
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

// Threads that the library may keep busy.
inline int pool_size() {
  const int requested = pool.requested.load(std::memory_order_relaxed);
  if (requested > 0) return requested;
  static std::atomic<int> cpus{0};
  int known = cpus.load(std::memory_order_relaxed);
  if (known == 0) cpus.store(known = available_cpus(), std::memory_order_relaxed);
  return known;
}

// user: the greatest number of threads for this caller, as an intptr_t; 0 for no limit of its own.
inline void pool_run(int64_t n, int64_t grain, RangeFn fn, void* ctx, void* user) {
  if (n <= 0) return;
  if (grain < 1) grain = 1;
  int64_t chunks = ceil_div(n, grain);
  intptr_t cap = reinterpret_cast<intptr_t>(user);
  if (chunks == 1 || cap == 1 || inside_parallel) return run_range_serial(n, grain, fn, ctx);
  const int want = pool_size(), others = pool.runs.load(std::memory_order_relaxed) - 1;
  const int spare = others > 0 ? want - 1 - others : want - 1;
  if ((spare <= 0 && want > 1) || pool.busy.exchange(true)) return run_range_serial(n, grain, fn, ctx);
  if (want != pool.started_for) pool_start(want);
  inside_parallel = true;
  if (pool.workers == 0) {
    run_range_serial(n, grain, fn, ctx);
  } else {
    pool.fn = fn;
    pool.ctx = ctx;
    pool.n = n;
    pool.grain = grain;
    pool.chunks = chunks;
    pool.limit = cap > 0 && cap - 1 < spare ? int(cap) - 1 : spare;
    pool.next.store(0, std::memory_order_relaxed);
    pool.open.store(true);
    pool_announce();
    pool_claim_chunks();
    pool.open.store(false);
    for (int spins = 0; pool.active.load() != 0; spins++) {
      if (spins < 4096) cpu_relax();
      else sched_yield(); // a worker lost its cpu: do not burn it
    }
  }
  inside_parallel = false;
  pool.busy.store(false);
}

// Takes effect at the next dispatch; 0 restores the default.
inline void set_threads(int count) { pool.requested.store(count < 0 ? 0 : count); }

// Joins the workers. Harmless when a job is running (does nothing) and when called again.
inline void pool_shutdown() {
  if (pool.busy.exchange(true)) return;
  pool_stop();
  pool.busy.store(false);
}

inline Executor pool_executor(int max_threads = 0) { return {pool_run, reinterpret_cast<void*>(intptr_t(max_threads))}; }
inline Executor serial_executor() { return {nullptr, nullptr}; }

template <class F> void range_thunk(void* ctx, int64_t begin, int64_t end) { (*static_cast<F*>(ctx))(begin, end); }

// f(begin, end) over [0, n) in chunks of `grain`; n <= grain is a plain call.
template <class F> inline void parallel_for(const Executor& ex, int64_t n, int64_t grain, F&& f) {
  typedef typename std::remove_reference<F>::type Fn;
  if (n <= 0) return;
  if (grain < 1) grain = 1;
  if (n <= grain) f(int64_t(0), n);
  else if (ex.run) ex.run(n, grain, range_thunk<Fn>, const_cast<void*>(static_cast<const void*>(&f)), ex.user);
  else run_range_serial(n, grain, range_thunk<Fn>, const_cast<void*>(static_cast<const void*>(&f)));
}

AIT_NAMESPACE_END
