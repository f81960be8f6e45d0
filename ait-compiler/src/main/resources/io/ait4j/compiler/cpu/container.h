// A loaded model: constants, executor, runtimes; and how a run begins and ends. How it runs is cpu_run.h's or cuda_run.h's to
// say, of which one comes before this.
#pragma once
#include "cpu_features.h"
#include "generation.h"
#include "runtime_pool.h"
#include "scratch.h"

AIT_NAMESPACE_BEGIN

struct ModelSettings {
  int64_t num_runtimes = 0;        // 0: as many as there are concurrent calls
  Memory memory = {};              // for arenas and constants
  bool current_device = false;     // instead of the first, the GPU current on the calling thread
  bool folds_at_first_run = false; // what feeds folds and is set before the first run is folded by it
};

AIT_NAMESPACE_END

struct ait4j_model {
  ait::ModelSettings settings;
  ait::Machine machine;                // what runs it
  ait::Shapes largest;                 // at the symbols' upper bounds
  bool bounded;                        // whether all have one
  std::atomic<int64_t> border_bytes;
  ait4j_model *next, *previous;        // of those alive in this library

  pthread_mutex_t changes;             // whoever changes what follows has it all the while; before `lock`
  ait::Value* values;                  // of constants: the next generation is made of these
  ait::Value* staged;                  // those that a swap puts in their place
  bool* is_staged;
  ait::Executor executor;
  bool fold_due;                       // the first run folds, whatever was set
  bool staged_any, staged_fold_due, staged_folded;

  pthread_mutex_t lock;                // of what follows; held for moments
  pthread_cond_t settled;              // the last run of an older generation has ended
  ait::Generation* current;            // null until the first run
  ait::Generation* older;              // those that runs still read
  int64_t generations;                 // made so far
  ait::RuntimePool runtimes;
};

AIT_NAMESPACE_BEGIN

struct MutexLock {
  pthread_mutex_t* lock;
  explicit MutexLock(pthread_mutex_t* l) : lock(l) { pthread_mutex_lock(lock); }
  MutexLock(const MutexLock&) = delete;
  ~MutexLock() { pthread_mutex_unlock(lock); }
};

// A run, as it is asked for.
struct Call {
  // The last returns as soon as the work is queued. On a CPU all are one.
  enum Where { OwnStream, StreamAndWait, StreamQueued };

  const int64_t* symbols = nullptr; // null: as the inputs' sizes say
  const ait4j_tensor* inputs = nullptr;
  int64_t num_inputs = 0;
  const ait4j_tensor* outputs = nullptr;
  int64_t num_outputs = 0;
  Where where = OwnStream;
  void* stream = nullptr;                  // a cudaStream_t
  bool graphs = false;                     // replays a recording; nothing on a CPU
  ait4j_kernel_profile* kernels = nullptr; // gets their times, if it is not null
  bool checked = false;                    // by a caller who hears of earlier runs' failures, and says where tensors are
};

// What cpu_run.h and cuda_run.h each define. run() gives 0, AIT4J_FAILED or AIT4J_REFUSED.
inline int run(ait4j_model* m, const Call& call);
inline int reserve_largest(ait4j_model* m, Runtime* r); // the memory of the largest run
inline bool is_at_rest(const Runtime* r);               // whether nothing is under way or to be told
inline void await_runtime(ait4j_model* m, Runtime* r);  // until what it queued is done
inline int await_older(ait4j_model* m);                 // until no run reads a generation before the current one
inline Generation* release_passed(ait4j_model* m);      // what idle runtimes read no more, to be freed; with the lock held

// A run that ends no longer reads it. With the lock held; gives what the caller frees without it.
inline Generation* generation_left(ait4j_model* m, Generation* g) {
  if (--g->runs > 0 || g == m->current) return nullptr;
  for (Generation** link = &m->older; *link; link = &(*link)->older) {
    if (*link != g) continue;
    *link = g->older;
    break;
  }
  g->older = nullptr;
  if (!m->older) pthread_cond_broadcast(&m->settled);
  return g;
}

// Runs that begin from now on read `next`; null: the first of them makes another.
inline void publish(ait4j_model* m, Generation* next) {
  Generation *gone = nullptr, *passed;
  {
    MutexLock lock(&m->lock);
    if (next) next->number = ++m->generations;
    Generation* before = m->current;
    m->current = next;
    if (before && before->runs == 0) gone = before;
    else if (before) before->older = m->older, m->older = before;
    if (gone) gone->older = nullptr;
    passed = release_passed(m);
  }
  generation_free(gone);
  generations_free(passed);
}

struct Turn {
  Runtime* runtime;
  Generation* generation;
};

inline int prepare(ait4j_model* m); // a first generation

// A runtime, as runtime_take() chooses, and the current generation.
template <class Fits> inline int begin_run(ait4j_model* m, const Fits& fits, Turn* turn) {
  pthread_mutex_lock(&m->lock);
  Runtime* r = runtime_take(&m->runtimes, &m->lock, fits);
  if (!r) {
    pthread_mutex_unlock(&m->lock);
    r = runtime_new(m->settings.memory);
    pthread_mutex_lock(&m->lock);
    if (!r) {
      runtime_forget(&m->runtimes);
      pthread_mutex_unlock(&m->lock);
      return 1;
    }
  }
  int result = 0;
  while (!m->current && result == 0) {
    pthread_mutex_unlock(&m->lock);
    result = prepare(m);
    pthread_mutex_lock(&m->lock);
  }
  if (result) {
    runtime_give(&m->runtimes, r);
  } else {
    *turn = {r, m->current};
    m->current->runs++;
  }
  pthread_mutex_unlock(&m->lock);
  return result;
}

inline void end_run(ait4j_model* m, const Turn& turn) {
  pthread_mutex_lock(&m->lock);
  runtime_give(&m->runtimes, turn.runtime);
  Generation* gone = generation_left(m, turn.generation);
  pthread_mutex_unlock(&m->lock);
  generation_free(gone);
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

// Frees runtimes at rest.
inline void trim(ait4j_model* m) {
  Runtime* gone = nullptr;
  pthread_mutex_lock(&m->lock);
  for (Runtime** link = &m->runtimes.idle; *link;) {
    Runtime* r = *link;
    if (!is_at_rest(r)) {
      link = &r->next;
      continue;
    }
    *link = r->next;
    r->next = gone;
    gone = r;
    m->runtimes.alive--;
  }
  Generation* passed = release_passed(m);
  pthread_mutex_unlock(&m->lock);
  generations_free(passed);
  while (gone) {
    Runtime* next = gone->next;
    await_runtime(m, gone);
    runtime_free(gone);
    gone = next;
  }
}

AIT_NAMESPACE_END
