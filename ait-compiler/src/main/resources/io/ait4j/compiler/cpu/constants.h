// How a model's constants are set, folded, staged and swapped. Whatever fails leaves them as they were.
#pragma once
#include "bound_constants.h"
#include "container.h"

AIT_NAMESPACE_BEGIN

// What cpu_run.h and cuda_run.h each define.
inline int take_value(ait4j_model* m, const ait4j_constant& given, bool staged, void* stream, Value* value); // of memory that is given
inline int bring_values(ait4j_model* m, Value* values);                                // to where runs read them
inline int host_copy(ait4j_model* m, const Value& value, int64_t bytes, Block** copy); // for folding, of what only a GPU has

inline const char* role_name(ConstantRole role) {
  return role == ConstantRole::Folded ? "folded" : role == ConstantRole::Kept ? "kept" : "raw";
}

inline int missing_constant(const ConstantSpec& spec) {
  return error("constant %s (%s, %lld bytes) is not set", spec.name, role_name(spec.role), (long long)spec.bytes);
}

// Whether the library kept what its own folded constants were computed from, if it has any.
inline bool can_fold_again() {
  for (int64_t i = 0; has_bound_constants() && i < model::num_constants; i++)
    if (model::constants[i].role == ConstantRole::RawFoldOnly && !bound_constant(i)) return false;
  return true;
}

inline int check_constant(const ait4j_constant& c) {
  if (c.index < 0 || c.index >= model::num_constants) return error("there is no constant %lld", (long long)c.index);
  const ConstantSpec& spec = model::constants[c.index];
  if (c.bytes != spec.bytes)
    return error("constant %s: expected %lld bytes, got %lld", spec.name, (long long)spec.bytes, (long long)c.bytes);
  if (!c.data && c.bytes > 0) return error("constant %s: its data is null", spec.name);
  if (c.device != AIT4J_HOST && c.device != Machine::DEVICE)
    return error("constant %s is on a %s, where the model cannot run", spec.name,
                 c.device == AIT4J_CUDA ? "GPU" : "device of an unknown kind");
  const int64_t alignment = dtype_bytes(spec.dtype) == 16 ? 8 : dtype_bytes(spec.dtype);
  if (alignment && reinterpret_cast<uintptr_t>(c.data) % alignment)
    return error("constant %s: its data is not aligned to %lld bytes; copy it to aligned memory", spec.name,
                 (long long)alignment);
  if (feeds_fold(spec) && !can_fold_again())
    return error("constant %s: what is computed from it was folded when the model was compiled, which cannot be done again here; "
                 "convert the model with --constants updatable", spec.name);
  return 0;
}

// Values of the model that are about to take others' places, and those others.
struct ConstantExchange {
  ait4j_model* m;
  Value* theirs;       // m->values, or m->staged
  Value* ours = nullptr;
  const ait4j_constant* given = nullptr;
  int64_t count = 0;

  ConstantExchange(ait4j_model* m, Value* theirs) : m(m), theirs(theirs) {}
  ConstantExchange(const ConstantExchange&) = delete;

  ~ConstantExchange() {
    for (int64_t i = 0; ours && i < count; i++) value_drop(&ours[i]);
    free(ours);
  }

  int take(const ait4j_constant* constants, int64_t number, bool staged, void* stream) {
    if (number < 0 || (number > 0 && !constants)) return error("the constants are null");
    for (int64_t i = 0; i < number; i++)
      if (check_constant(constants[i])) return 1;
    given = constants;
    ours = static_cast<Value*>(calloc(size_t(number) + 1, sizeof(Value)));
    if (!ours) return error("out of memory");
    for (; count < number; count++)
      if (take_value(m, constants[count], staged, stream, &ours[count])) return 1;
    return 0;
  }

  void swap_one(int64_t i) {
    const Value value = theirs[given[i].index];
    theirs[given[i].index] = ours[i];
    ours[i] = value;
  }

  void apply() {
    MutexLock lock(&m->lock); // a fork sees all or nothing
    for (int64_t i = 0; i < count; i++) swap_one(i);
  }

  void revert() {
    MutexLock lock(&m->lock);
    for (int64_t i = count; i-- > 0;) swap_one(i); // one may have come twice
  }

  bool lends() const {
    for (int64_t i = 0; i < count; i++)
      if (is_read_by_runs(model::constants[given[i].index]) && ours[i].lends()) return true;
    return false;
  }

  bool any(bool (*is)(const ConstantSpec&)) const {
    for (int64_t i = 0; i < count; i++)
      if (is(model::constants[given[i].index])) return true;
    return false;
  }
};

// Runs read the values from now on.
inline int make_current(ait4j_model* m) {
  for (int64_t i = 0; i < model::num_constants; i++)
    if (is_read_by_runs(model::constants[i]) && !m->values[i].is_set()) return missing_constant(model::constants[i]);
  if (bring_values(m, m->values)) return 1;
  Generation* next = generation_new(m->values, m->executor);
  if (!next) return error("out of memory");
  publish(m, next);
  return 0;
}

inline int set_constants(ait4j_model* m, const ait4j_constant* constants, int64_t count) {
  MutexLock changes(&m->changes);
  ConstantExchange exchange(m, m->values);
  if (exchange.take(constants, count, false, nullptr)) return 1;
  exchange.apply();
  if (!m->current) { // a first run sees to the rest
    m->fold_due |= m->settings.folds_at_first_run && exchange.any(feeds_fold);
    return 0;
  }
  if (!exchange.any(is_read_by_runs)) return 0;
  if (make_current(m)) {
    exchange.revert();
    return 1;
  }
  if (exchange.lends()) await_older(m);
  return 0;
}

inline int stage_constants(ait4j_model* m, const ait4j_constant* constants, int64_t count, void* stream) {
  MutexLock changes(&m->changes);
  ConstantExchange exchange(m, m->staged);
  if (exchange.take(constants, count, true, stream)) return 1;
  exchange.apply();
  if (count == 0) return 0;
  for (int64_t i = 0; i < count; i++) m->is_staged[constants[i].index] = true;
  m->staged_any = true;
  m->staged_folded = false;
  m->staged_fold_due |= exchange.any(feeds_fold);
  return 0;
}

// Staged values and those in whose places they go change places.
inline void exchange_staged(ait4j_model* m) {
  MutexLock lock(&m->lock);
  for (int64_t i = 0; i < model::num_constants; i++) {
    if (!m->is_staged[i]) continue;
    const Value value = m->values[i];
    m->values[i] = m->staged[i];
    m->staged[i] = value;
  }
}

inline void drop_staged(ait4j_model* m, int64_t i) {
  Value value;
  {
    MutexLock lock(&m->lock);
    value = m->staged[i];
    m->staged[i] = {};
    m->is_staged[i] = false;
  }
  value_drop(&value);
}

inline int swap_constants(ait4j_model* m) {
  MutexLock changes(&m->changes);
  if (!m->staged_any) return error("no constants are staged: there is nothing to swap");
  if (m->staged_fold_due) return error("staged constants are not folded yet: fold the staged ones, then swap");
  exchange_staged(m);
  if (m->current && make_current(m)) {
    exchange_staged(m);
    return 1;
  }
  m->fold_due &= !m->staged_folded;
  for (int64_t i = 0; i < model::num_constants; i++) drop_staged(m, i);
  m->staged_any = m->staged_folded = false;
  return 0;
}

// For clients whose swap is none unless the staged set was folded.
enum class Staged { Nothing, Unfolded, Folded };

inline Staged staged_state(ait4j_model* m) {
  MutexLock changes(&m->changes);
  return m->staged_folded ? Staged::Folded : m->staged_any ? Staged::Unfolded : Staged::Nothing;
}

AIT_NAMESPACE_END
