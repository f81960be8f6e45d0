// The model of ClientModel.java by ait4j.h, all elements of a tensor alike: with x = 1 and z = 0, y = 16 w + b and t = gain.
#pragma once
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>
#include "ait4j.h"

#define CHECK(condition)                                                                                                  \
  do {                                                                                                                    \
    if (!(condition)) {                                                                                                   \
      std::fprintf(stderr, "%s:%d: %s does not hold; %s\n", __FILE__, __LINE__, #condition, ait4j_last_error());          \
      _exit(1);                                                                                                           \
    }                                                                                                                     \
  } while (0)

#define REFUSE(text, call) CHECK((call) != 0 && std::strstr(ait4j_last_error(), text))

enum Which { W, B, GAIN };

// What the library calls one.
inline ait4j_constant_spec spec_of(ait4j_model* m, Which which, int64_t* index) {
  const int64_t bytes[] = {128, 16, 32};
  ait4j_constant_spec spec{};
  for (*index = 0; *index < ait4j_num_constants(m); ++*index) {
    CHECK(ait4j_constant_spec_at(m, *index, &spec) == 0);
    if (spec.bytes == bytes[which] && (spec.role == AIT4J_RAW_FOLD_ONLY) == (which == W) && spec.role != AIT4J_FOLDED) return spec;
  }
  CHECK(!"there is such a constant");
  return spec;
}

// Values of one constant in pages of their own: whoever reads them once they are gone ends the process.
struct Values {
  ait4j_constant constant{};

  Values(ait4j_model* m, Which which, float value) {
    constant.bytes = spec_of(m, which, &constant.index).bytes;
    constant.device = AIT4J_HOST;
    constant.data = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int64_t i = 0; i < constant.bytes / 4; i++) static_cast<float*>(constant.data)[i] = value;
  }
  Values(const Values&) = delete;
  ~Values() { munmap(constant.data, 4096); }
};

// All three, of one version: y = 17 v and t = v.
struct Version {
  Values w, b, gain;
  ait4j_constant all[3];

  Version(ait4j_model* m, float v) : w(m, W, v), b(m, B, v), gain(m, GAIN, v), all{w.constant, b.constant, gain.constant} {}
};

struct Result {
  int code;
  float y, t;
};

// Of n rows, all of whose elements must be alike.
inline Result run(ait4j_model* m, int64_t n = 6) {
  float x[56], z[28], y[28], t[56];
  for (float& v : x) v = 1;
  std::memset(z, 0, sizeof z);
  const int64_t eight[] = {n, 8}, four[] = {n, 4};
  const ait4j_tensor in[] = {{x, 2, 2, eight, nullptr, AIT4J_HOST, 0}, {z, 2, 2, four, nullptr, AIT4J_HOST, 0}};
  const ait4j_tensor out[] = {{y, 2, 2, four, nullptr, AIT4J_HOST, 0}, {t, 2, 2, eight, nullptr, AIT4J_HOST, 0}};
  const int code = ait4j_run(m, nullptr, in, 2, out, 2);
  if (code) return {code, 0, 0};
  for (int64_t i = 0; i < n * 8; i++) CHECK(t[i] == t[0] && y[i / 2] == y[0]);
  return {0, y[0], t[0]};
}

inline bool gives(ait4j_model* m, float y, float t) {
  const Result r = run(m);
  CHECK(r.code == 0);
  if (r.y != y || r.t != t) std::fprintf(stderr, "y = %g, t = %g\n", r.y, r.t);
  return r.y == y && r.t == t;
}
