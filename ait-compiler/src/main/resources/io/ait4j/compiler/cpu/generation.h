// What runs see of a model's constants: one generation of them, which never changes. A run keeps the one that is current at its
// start; a change makes the next. A Machine comes before this.
#pragma once
#include "memory.h"
#include "model.h"

AIT_NAMESPACE_BEGIN

// A constant as it was set or folded; where its memory is ours, the block too. Runs on a GPU read `device`, everything else
// `host`, either of which may be null.
struct Value {
  void* host;
  Block* host_block;
  void* device;
  Block* device_block;

  bool is_set() const { return host || device; }
  void* of_run() const { return Machine::DEVICE == AIT4J_HOST ? host : device; }
  Block* block_of_run() const { return Machine::DEVICE == AIT4J_HOST ? host_block : device_block; }
  bool lends() const { return of_run() && !block_of_run(); } // memory of the caller's, to runs
};

inline void value_drop(Value* value) {
  block_drop(value->host_block);
  block_drop(value->device_block);
  *value = {};
}

struct Generation {
  Generation* older;  // that still has runs
  int64_t number;
  int64_t runs;       // that read it, those queued on a GPU included
  Executor executor;
  void** constants;   // null for those that only folding reads
  Block** blocks;
};

inline void generation_free(Generation* g) {
  if (!g) return;
  for (int64_t i = 0; g->blocks && i < model::num_constants; i++) block_drop(g->blocks[i]);
  free(g->blocks);
  free(g->constants);
  free(g);
}

inline void generations_free(Generation* g) {
  while (g) {
    Generation* older = g->older;
    generation_free(g);
    g = older;
  }
}

inline bool is_read_by_runs(const ConstantSpec& spec) { return spec.role != ConstantRole::RawFoldOnly; }
inline bool feeds_fold(const ConstantSpec& spec) { return spec.role == ConstantRole::RawFoldOnly || spec.feeds_fold; }

// Of these values, all of which are where runs read them; null when there is no memory.
inline Generation* generation_new(const Value* values, const Executor& executor) {
  auto* g = static_cast<Generation*>(calloc(1, sizeof(Generation)));
  const size_t count = size_t(model::num_constants) + 1;
  if (g) {
    g->constants = static_cast<void**>(calloc(count, sizeof(void*)));
    g->blocks = static_cast<Block**>(calloc(count, sizeof(Block*)));
  }
  if (!g || !g->constants || !g->blocks) {
    generation_free(g);
    return nullptr;
  }
  g->executor = executor;
  for (int64_t i = 0; i < model::num_constants; i++) {
    if (!is_read_by_runs(model::constants[i])) continue;
    g->constants[i] = values[i].of_run();
    g->blocks[i] = block_share(values[i].block_of_run());
  }
  return g;
}

AIT_NAMESPACE_END
