// Constants computed from others, by the program that does it: on the host, whatever runs the model.
#pragma once
#include "constants.h"

AIT_NAMESPACE_BEGIN

// The reason for which a finished program failed, if it did. `shortages_before` are those when it began.
inline int outcome(const Failure& failure, int result, int64_t shortages_before) {
  if (failure.set.load()) return error("%s", failure.text);
  if (result != 0) return error("the program failed with %d", result);
  // Which of the concurrent runs it struck is not known, so all fail.
  if (shortages.load() != shortages_before) return error("out of memory in a kernel: free some and run again");
  return 0;
}

inline int fold_program(void* const* constants, const Executor& executor, ait4j_fold_step done, void* user) {
  char* arena = allocate(model::fold_arena_bytes);
  if (!arena) return error("out of memory: folding constants needs %lld bytes", (long long)model::fold_arena_bytes);
  Failure failure;
  const int64_t shortages_before = shortages.load();
  void* none[1] = {nullptr};
  int result = 0;
  for (int64_t step = 0; step < model::num_fold_steps && result == 0; step++) {
    result = model::fold({nullptr, executor, arena, constants, none, none, failure}, step);
    if (done) done(user, step);
  }
  free(arena);
  return outcome(failure, result, shortages_before);
}

// Into the memory that was set for them.
inline int fold_in_place(ait4j_model* m, ait4j_fold_step done, void* user) {
  MutexLock changes(&m->changes);
  for (int64_t i = 0; i < model::num_constants; i++) {
    const bool written = model::constants[i].role == ConstantRole::Folded;
    if (!m->values[i].host || (written && m->values[i].host == bound_constant(i))) return missing_constant(model::constants[i]);
  }
  publish(m, nullptr); // runs that begin meanwhile wait for the first generation after this
  await_older(m);
  auto* constants = static_cast<void**>(calloc(size_t(model::num_constants) + 1, sizeof(void*)));
  if (!constants) return error("out of memory");
  for (int64_t i = 0; i < model::num_constants; i++) {
    Value& value = m->values[i];
    constants[i] = value.host;
    if (model::constants[i].role != ConstantRole::Folded) continue;
    block_drop(value.device_block);
    value.device = value.device_block = nullptr;
  }
  m->fold_due = false;
  const int result = fold_program(constants, m->executor, done, user);
  for (int64_t i = 0; i < model::num_constants && result; i++) // they are half written
    if (model::constants[i].role == ConstantRole::Folded) m->values[i] = {};
  free(constants);
  return result;
}

inline int64_t folded_bytes() {
  int64_t bytes = 0;
  for (int64_t i = 0; i < model::num_constants; i++)
    if (model::constants[i].role == ConstantRole::Folded) bytes += round_up(model::constants[i].bytes, 64) + 64;
  return bytes;
}

// The folded values of those that are set, or are staged in their places.
struct Fold {
  ait4j_model* m;
  bool of_staged;
  void** constants = nullptr;      // on the host
  Block** copies = nullptr;        // of what only the device has
  ait4j_constant* folded = nullptr; // all of them
  int64_t count = 0;
  Block* results = nullptr;

  Fold(ait4j_model* m, bool of_staged) : m(m), of_staged(of_staged) {}
  Fold(const Fold&) = delete;

  ~Fold() {
    for (int64_t i = 0; copies && i < model::num_constants; i++) block_drop(copies[i]);
    block_drop(results);
    free(constants), free(copies), free(folded);
  }

  int bring(int64_t i) {
    const ConstantSpec& spec = model::constants[i];
    const Value& value = of_staged && m->is_staged[i] ? m->staged[i] : m->values[i];
    if (!value.is_set()) return missing_constant(spec);
    constants[i] = value.host;
    if (value.host) return 0;
    if (host_copy(m, value, spec.bytes, &copies[i])) return 1;
    constants[i] = copies[i]->area.data;
    return 0;
  }

  int compute() {
    if (!can_fold_again()) return 0; // nothing that feeds folds can have changed
    const size_t all = size_t(model::num_constants) + 1;
    constants = static_cast<void**>(calloc(all, sizeof(void*)));
    copies = static_cast<Block**>(calloc(all, sizeof(Block*)));
    folded = static_cast<ait4j_constant*>(calloc(all, sizeof(ait4j_constant)));
    if (!constants || !copies || !folded) return error("out of memory");
    for (int64_t i = 0; i < model::num_constants; i++)
      if (feeds_fold(model::constants[i]) && bring(i)) return 1;
    const int64_t bytes = folded_bytes();
    results = block_new(m->settings.memory, m->machine.index, Machine::DEVICE != AIT4J_HOST, bytes);
    if (!results) return error("out of memory: folded constants take %lld bytes", (long long)bytes);
    char* at = results->area.data;
    for (int64_t i = 0; i < model::num_constants; i++) {
      const ConstantSpec& spec = model::constants[i];
      if (spec.role != ConstantRole::Folded) continue;
      constants[i] = at;
      folded[count++] = {i, at, spec.bytes, AIT4J_HOST};
      at += round_up(spec.bytes, 64) + 64;
    }
    return fold_program(constants, m->executor, nullptr, nullptr);
  }

  // What is computed takes the place of what `theirs` has.
  int store(ConstantExchange* exchange) {
    exchange->given = folded;
    exchange->ours = static_cast<Value*>(calloc(size_t(count) + 1, sizeof(Value)));
    if (!exchange->ours) return error("out of memory");
    for (; exchange->count < count; exchange->count++)
      exchange->ours[exchange->count] = {folded[exchange->count].data, block_share(results), nullptr, nullptr};
    exchange->apply();
    return 0;
  }
};

// With `changes` held.
inline int fold_values(ait4j_model* m) {
  Fold fold(m, false);
  ConstantExchange exchange(m, m->values);
  if (fold.compute() || fold.store(&exchange)) return 1;
  if (m->current && make_current(m)) {
    exchange.revert();
    return 1;
  }
  m->fold_due = false;
  return 0;
}

inline int fold_constants(ait4j_model* m) {
  MutexLock changes(&m->changes);
  return fold_values(m);
}

inline int fold_staged_constants(ait4j_model* m) {
  MutexLock changes(&m->changes);
  Fold fold(m, true);
  ConstantExchange exchange(m, m->staged);
  if (fold.compute() || fold.store(&exchange)) return 1;
  if (bring_values(m, m->staged)) { // now rather than when they are swapped in
    exchange.revert();
    return 1;
  }
  for (int64_t i = 0; i < fold.count; i++) m->is_staged[fold.folded[i].index] = true;
  m->staged_fold_due = false;
  m->staged_any = m->staged_folded = true;
  return 0;
}

inline int prepare(ait4j_model* m) {
  MutexLock changes(&m->changes);
  if (m->current) return 0; // another was first
  bool folds = m->fold_due;
  for (int64_t i = 0; i < model::num_constants; i++)
    folds |= model::constants[i].role == ConstantRole::Folded && !m->values[i].is_set();
  if (folds && fold_values(m)) return 1;
  return make_current(m);
}

AIT_NAMESPACE_END
