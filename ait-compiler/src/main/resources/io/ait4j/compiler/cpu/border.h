// The border between a caller's tensors and the program: checks them, passes pointers on, and copies only where it must.
#pragma once
#include "ait4j.h"
#include "errors.h"
#include "strided.h"

AIT_NAMESPACE_BEGIN

// One tensor of a run.
struct BorderTensor {
  const TensorSpec* spec;
  char* data;
  int32_t device;
  int64_t strides[MAX_RANK];
  uintptr_t begin, end;  // memory it reaches
  int64_t staged_offset; // in the runtime's staging memory; -1 where the program uses the caller's
};

inline int check_type(const char* side, int64_t index, const TensorSpec& spec, const ait4j_tensor& t) {
  bool same = t.dtype == spec.dtype && t.rank == spec.rank && (t.rank == 0 || t.sizes);
  for (int32_t i = 0; same && i < t.rank; i++) same = t.sizes[i] == spec.sizes[i];
  if (same) return 0;
  TypeText expected(spec.dtype, spec.rank, spec.sizes);
  TypeText got(t.dtype, t.sizes ? t.rank : 0, t.sizes);
  return error("%s %lld (%s): expected %s, got %s", side, (long long)index, spec.name, expected.text, got.text);
}

inline int check_count(const char* side, int64_t expected, int64_t got, const void* array) {
  if (expected != got) return error("expected %lld %ss, got %lld", (long long)expected, side, (long long)got);
  return expected > 0 && !array ? error("the %ss are null", side) : 0;
}

// Fills `b` and says whether the program, which runs at `home`, can use the caller's memory: layout as promised, elements
// aligned.
inline int admit(const char* side, int64_t index, const TensorSpec& spec, const ait4j_tensor& t, int32_t home,
                 BorderTensor* b, bool* in_place) {
  if (check_type(side, index, spec, t)) return 1;
  if (t.device != AIT4J_HOST && t.device != home)
    return error("%s %lld (%s) is on a %s, where the model cannot run", side, (long long)index, spec.name,
                 t.device == AIT4J_CUDA ? "GPU" : "device of an unknown kind");
  b->spec = &spec;
  b->device = t.device;
  b->data = static_cast<char*>(t.data);
  b->staged_offset = -1;
  if (t.strides) memcpy(b->strides, t.strides, sizeof(int64_t) * spec.rank);
  else row_major(spec.rank, spec.sizes, b->strides);
  int64_t bytes = dtype_bytes(spec.dtype);
  Span span = reach(spec.rank, spec.sizes, b->strides);
  b->begin = reinterpret_cast<uintptr_t>(t.data) + span.begin * bytes;
  b->end = reinterpret_cast<uintptr_t>(t.data) + span.end * bytes;
  if (span.begin == span.end) {
    *in_place = true;
    return 0;
  }
  if (!t.data) return error("%s %lld (%s): its data is null", side, (long long)index, spec.name);
  int64_t alignment = bytes == 16 ? 8 : bytes;
  *in_place = t.device == home && same_strides(spec.rank, spec.sizes, b->strides, spec.strides) &&
              reinterpret_cast<uintptr_t>(t.data) % alignment == 0;
  return 0;
}

inline int admit_input(int64_t index, const TensorSpec& spec, const ait4j_tensor& t, int32_t home, BorderTensor* b,
                       bool* in_place) {
  if (admit("input", index, spec, t, home, b, in_place)) return 1;
  if (*in_place || is_injective(spec.rank, spec.sizes, spec.strides)) return 0;
  return error("input %lld (%s): the model was compiled for a tensor whose elements share memory; got other strides",
               (long long)index, spec.name);
}

inline bool overlap(const BorderTensor& a, const BorderTensor& b) { return a.begin < b.end && b.begin < a.end; }

// An output that shares memory with an input or with another output is written after the run.
inline int admit_output(int64_t index, const TensorSpec& spec, const ait4j_tensor& t, int32_t home, BorderTensor* b,
                        bool* in_place, const BorderTensor* others, int64_t num_others) {
  if (admit("output", index, spec, t, home, b, in_place)) return 1;
  if (b->begin == b->end) return 0;
  if (!is_injective(spec.rank, spec.sizes, b->strides))
    return error("output %lld (%s): its elements share memory", (long long)index, spec.name);
  for (int64_t i = 0; *in_place && i < num_others; i++) *in_place = !overlap(*b, others[i]);
  return 0;
}

// Room for a copy in the spec's layout.
inline int64_t staged_bytes(const TensorSpec& spec) {
  return round_up(reach(spec.rank, spec.sizes, spec.strides).end * dtype_bytes(spec.dtype), 64);
}

inline int64_t stage_in(const BorderTensor& b, char* staged) {
  const TensorSpec& s = *b.spec;
  copy_strided(staged, s.strides, b.data, b.strides, s.rank, s.sizes, dtype_bytes(s.dtype));
  return numel(s.rank, s.sizes) * dtype_bytes(s.dtype);
}

inline int64_t stage_out(const BorderTensor& b, const char* staged) {
  const TensorSpec& s = *b.spec;
  copy_strided(b.data, b.strides, staged, s.strides, s.rank, s.sizes, dtype_bytes(s.dtype));
  return numel(s.rank, s.sizes) * dtype_bytes(s.dtype);
}

AIT_NAMESPACE_END
