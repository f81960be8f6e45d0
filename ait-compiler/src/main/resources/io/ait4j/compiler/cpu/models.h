// How models come and go, and what a fork does to them.
#pragma once
#include "fold.h"

AIT_NAMESPACE_BEGIN

// Models alive in this library; the last one takes the threads and the scratch memory with it.
inline pthread_mutex_t models_lock = PTHREAD_MUTEX_INITIALIZER;
inline ait4j_model* models = nullptr;
inline bool models_know_forks = false;

// No lock is in the midst of being used, so that the child finds everything whole.
inline void models_before_fork() {
  pthread_mutex_lock(&models_lock);
  pthread_mutex_lock(&scratch_registry.lock);
  for (ait4j_model* m = models; m; m = m->next) pthread_mutex_lock(&m->lock);
}

inline void models_after_fork() {
  for (ait4j_model* m = models; m; m = m->next) pthread_mutex_unlock(&m->lock);
  pthread_mutex_unlock(&scratch_registry.lock);
  pthread_mutex_unlock(&models_lock);
}

// A GPU is lost to the child, and a client's functions may use locks that nobody gives back: what is left there stays.
inline bool reaches_machine(const ait4j_model* m) { return Machine::DEVICE == AIT4J_HOST && !m->settings.memory.allocate; }

inline bool is_of(const Generation* g, const Value* values) {
  for (int64_t i = 0; i < model::num_constants; i++)
    if (is_read_by_runs(model::constants[i]) && g->constants[i] != values[i].of_run()) return false;
  return true;
}

// In the midst of a change: the next run makes the generation of what is set by now, and nothing is staged any more.
inline void forget_change(ait4j_model* m) {
  for (int64_t i = 0; i < model::num_constants; i++) {
    if (reaches_machine(m)) value_drop(&m->staged[i]);
    m->staged[i] = {};
    m->is_staged[i] = false;
  }
  m->staged_any = m->staged_fold_due = m->staged_folded = false;
  if (reaches_machine(m)) generation_free(m->current);
  m->current = nullptr;
}

// The child has none of the threads that ran or waited, nor the runtimes they had.
inline void models_in_child() {
  for (ait4j_model* m = models; m; m = m->next) {
    m->lock = PTHREAD_MUTEX_INITIALIZER;
    m->changes = PTHREAD_MUTEX_INITIALIZER;
    m->settled = PTHREAD_COND_INITIALIZER;
    RuntimePool& pool = m->runtimes;
    pool.first = pool.last = nullptr;
    pool.alive = 0;
    for (Runtime* r = pool.idle; r; r = r->next) pool.alive++;
    if (m->current) m->current->runs = 0;
    if (!reaches_machine(m)) m->older = nullptr;
    generations_free(m->older);
    m->older = nullptr;
    if (m->current && !is_of(m->current, m->values)) forget_change(m);
  }
  scratch_registry.lock = PTHREAD_MUTEX_INITIALIZER;
  models_lock = PTHREAD_MUTEX_INITIALIZER;
}

inline void model_free(ait4j_model* m) {
  while (Runtime* r = m->runtimes.idle) {
    m->runtimes.idle = r->next;
    await_runtime(m, r);
    runtime_free(r);
  }
  generations_free(m->older);
  generation_free(m->current);
  for (int64_t i = 0; i < model::num_constants; i++) {
    if (m->values) value_drop(&m->values[i]);
    if (m->staged) value_drop(&m->staged[i]);
  }
  free(m->values), free(m->staged), free(m->is_staged);
  m->largest.release();
  pthread_mutex_destroy(&m->lock);
  pthread_mutex_destroy(&m->changes);
  pthread_cond_destroy(&m->settled);
  free(m);
}

// The memory of a run, where a client gives memory, is its from the start.
inline int reserve_first(ait4j_model* m) {
  if (!m->settings.memory.allocate || !m->bounded) return 0;
  Runtime* r = runtime_new(m->settings.memory);
  if (!r) return 1;
  if (reserve_largest(m, r)) {
    runtime_free(r);
    return 1;
  }
  m->runtimes.alive++;
  runtime_give(&m->runtimes, r);
  return 0;
}

// Null, with the error set, where it cannot be.
inline ait4j_model* model_new(const ModelSettings& settings = {}) {
  if (const char* feature = missing_cpu_feature()) {
    error("this processor lacks %s, which the library was compiled for", feature);
    return nullptr;
  }
  auto* m = static_cast<ait4j_model*>(calloc(1, sizeof(ait4j_model)));
  if (!m) return error("out of memory"), nullptr;
  m->settings = settings;
  m->runtimes.limit = settings.num_runtimes > 0 ? settings.num_runtimes : 0;
  m->executor = pool_executor();
  pthread_mutex_init(&m->lock, nullptr);
  pthread_mutex_init(&m->changes, nullptr);
  pthread_cond_init(&m->settled, nullptr);
  const size_t count = size_t(model::num_constants) + 1;
  m->values = static_cast<Value*>(calloc(count, sizeof(Value)));
  m->staged = static_cast<Value*>(calloc(count, sizeof(Value)));
  m->is_staged = static_cast<bool*>(calloc(count, sizeof(bool)));
  if (!m->values || !m->staged || !m->is_staged || !m->largest.allocate()) {
    model_free(m);
    error("out of memory");
    return nullptr;
  }
  for (int64_t i = 0; i < model::num_constants; i++) m->values[i].host = const_cast<void*>(bound_constant(i));
  m->bounded = set_largest(&m->largest);
  if (settings.current_device) m->machine.use_current_device();
  if (reserve_first(m)) {
    model_free(m);
    return nullptr;
  }
  MutexLock lock(&models_lock);
  if (!models_know_forks) models_know_forks = pthread_atfork(models_before_fork, models_after_fork, models_in_child) == 0;
  m->next = models;
  if (models) models->previous = m;
  models = m;
  return m;
}

inline void model_delete(ait4j_model* m) {
  {
    MutexLock lock(&models_lock); // before it is taken apart: a fork would use its lock
    (m->previous ? m->previous->next : models) = m->next;
    if (m->next) m->next->previous = m->previous;
  }
  model_free(m);
  MutexLock lock(&models_lock);
  if (models) return;
  shutdown();
  Machine::shutdown();
}

// Takes effect for runs that begin later; when it returns, none uses the executor before.
inline int set_executor(ait4j_model* m, const Executor& executor) {
  MutexLock changes(&m->changes);
  const Executor before = m->executor;
  m->executor = executor;
  if (!m->current || Machine::DEVICE != AIT4J_HOST) return 0; // there, only folding uses it
  Generation* next = generation_new(m->values, executor);
  if (!next) {
    m->executor = before;
    return error("out of memory");
  }
  publish(m, next);
  await_older(m);
  return 0;
}

AIT_NAMESPACE_END
