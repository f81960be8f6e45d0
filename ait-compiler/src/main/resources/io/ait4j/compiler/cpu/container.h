// A loaded model: constants, executor, runtimes; and how it folds. How it runs is cpu_run.h's or cuda_run.h's to say, of
// which one comes before this.
#pragma once
#include "cpu_features.h"
#include "runtime_pool.h"
#include "scratch.h"

struct ait4j_model {
  void** constants;
  bool* owned;                        // constants that are ours to free
  bool unfolded;                      // owned ones await their first fold
  pthread_rwlock_t state;             // held shared by runs, alone by whatever changes constants or executor
  ait::Executor executor;
  ait::RuntimePool runtimes;
  std::atomic<int64_t> border_bytes;
  int64_t num_runtimes;               // what an AITemplate client asked for
  ait::Shapes largest;                // at the symbols' upper bounds
  bool bounded;                       // whether all have one
  ait::Machine machine;               // what runs it
};

AIT_NAMESPACE_BEGIN

struct SharedLock {
  pthread_rwlock_t* lock;
  explicit SharedLock(ait4j_model* m) : lock(&m->state) { pthread_rwlock_rdlock(lock); }
  ~SharedLock() { pthread_rwlock_unlock(lock); }
};

struct ExclusiveLock {
  pthread_rwlock_t* lock;
  explicit ExclusiveLock(ait4j_model* m) : lock(&m->state) { pthread_rwlock_wrlock(lock); }
  ~ExclusiveLock() { pthread_rwlock_unlock(lock); }
};

// Models alive in this library; the last one takes the threads and the scratch memory with it.
inline pthread_mutex_t models_lock = PTHREAD_MUTEX_INITIALIZER;
inline int64_t models_alive = 0;

// Null, with the error set, where it cannot be.
inline ait4j_model* model_new() {
  if (const char* feature = missing_cpu_feature()) {
    error("this processor lacks %s, which the library was compiled for", feature);
    return nullptr;
  }
  auto* m = static_cast<ait4j_model*>(calloc(1, sizeof(ait4j_model)));
  size_t count = size_t(model::num_constants) + 1;
  if (m) {
    m->constants = static_cast<void**>(calloc(count, sizeof(void*)));
    m->owned = static_cast<bool*>(calloc(count, sizeof(bool)));
  }
  if (!m || !m->constants || !m->owned || !m->largest.allocate()) {
    if (m) free(m->constants), free(m->owned);
    free(m);
    error("out of memory");
    return nullptr;
  }
  m->bounded = set_largest(&m->largest);
  pthread_rwlock_init(&m->state, nullptr);
  pthread_mutex_init(&m->runtimes.lock, nullptr);
  m->executor = pool_executor();
  pthread_mutex_lock(&models_lock);
  models_alive++;
  pthread_mutex_unlock(&models_lock);
  return m;
}

inline void model_delete(ait4j_model* m) {
  for (Runtime* r = m->runtimes.free_list; r;) {
    Runtime* next = r->next;
    runtime_free(r);
    r = next;
  }
  for (int64_t i = 0; i < model::num_constants; i++)
    if (m->owned[i]) free(m->constants[i]);
  m->machine.release();
  free(m->constants);
  free(m->owned);
  m->largest.release();
  pthread_rwlock_destroy(&m->state);
  pthread_mutex_destroy(&m->runtimes.lock);
  free(m);
  pthread_mutex_lock(&models_lock);
  if (--models_alive == 0) {
    shutdown();
    Machine::shutdown();
    out_of_memory.store(false);
  }
  pthread_mutex_unlock(&models_lock);
}

inline const char* role_name(ConstantRole role) {
  return role == ConstantRole::Folded ? "folded" : role == ConstantRole::Kept ? "kept" : "raw";
}

// Calls with the exclusive lock held.
inline int set_constant(ait4j_model* m, int64_t index, void* data, int64_t bytes) {
  if (index < 0 || index >= model::num_constants) return error("there is no constant %lld", (long long)index);
  const ConstantSpec& spec = model::constants[index];
  if (bytes != spec.bytes)
    return error("constant %s: expected %lld bytes, got %lld", spec.name, (long long)spec.bytes, (long long)bytes);
  if (!data && bytes > 0) return error("constant %s: its data is null", spec.name);
  int64_t alignment = dtype_bytes(spec.dtype) == 16 ? 8 : dtype_bytes(spec.dtype);
  if (alignment && reinterpret_cast<uintptr_t>(data) % alignment)
    return error("constant %s: its data is not aligned to %lld bytes; copy it to aligned memory", spec.name,
                 (long long)alignment);
  static char nothing[16]; // an empty constant is set, too
  if (m->owned[index]) free(m->constants[index]);
  m->owned[index] = false;
  m->constants[index] = data ? data : nothing;
  m->machine.constants_changed();
  return 0;
}

inline int missing_constant(const ConstantSpec& spec) {
  return error("constant %s (%s, %lld bytes) is not set", spec.name, role_name(spec.role), (long long)spec.bytes);
}

// The reason for which a finished program failed, if it did.
inline int outcome(const Failure& failure, int result) {
  if (failure.set.load()) return error("%s", failure.text);
  if (result != 0) return error("the program failed with %d", result);
  // Which of the concurrent runs it struck is not known, so all fail until the last model is gone.
  if (out_of_memory.load()) return error("out of memory in a kernel: free some, close the model and load it again");
  return 0;
}

// Calls with the exclusive lock held.
inline int fold(ait4j_model* m, ait4j_fold_step done, void* user) {
  for (int64_t i = 0; i < model::num_constants; i++)
    if (!m->constants[i]) return missing_constant(model::constants[i]);
  char* arena = allocate(model::fold_arena_bytes);
  if (!arena) return error("out of memory: folding constants needs %lld bytes", (long long)model::fold_arena_bytes);
  Failure failure;
  void* none[1] = {nullptr};
  int result = 0;
  for (int64_t step = 0; step < model::num_fold_steps && result == 0; step++) {
    result = model::fold({nullptr, m->executor, arena, m->constants, none, none, failure}, step);
    if (done) done(user, step);
  }
  free(arena);
  return outcome(failure, result);
}

// Plans what is copied: the staging memory it takes, or -1 for tensors that do not fit the model.
inline int64_t admit_all(Runtime* r, const ait4j_tensor* inputs, const ait4j_tensor* outputs) {
  int64_t staging = 0;
  bool in_place = false;
  for (int64_t i = 0; i < model::num_inputs + model::num_outputs; i++) {
    BorderTensor& b = r->tensors[i];
    int64_t o = i - model::num_inputs;
    const TensorSpec& spec = r->shapes.tensors[i];
    if (o < 0 ? admit_input(i, spec, inputs[i], Machine::DEVICE, &b, &in_place)
              : admit_output(o, spec, outputs[o], Machine::DEVICE, &b, &in_place, r->tensors, i))
      return -1;
    if (in_place) continue;
    b.staged_offset = staging;
    staging += staged_bytes(*b.spec);
  }
  return staging;
}

AIT_NAMESPACE_END
