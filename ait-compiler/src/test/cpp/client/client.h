// What the clients of AITemplate's interface share: checks, tensors on the model's device, and the model itself (ClientModel.java):
//   y = relu(x (2 w)' + b) + z over [n, 4],  t = x * gain over [n, 8],  n from 0 to 6, everything a small whole number, so exact.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
#include "aitemplate.h"

#define CHECK(condition)                                                                             \
  do {                                                                                               \
    if (!(condition)) {                                                                              \
      std::fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);             \
      std::exit(1);                                                                                  \
    }                                                                                                \
  } while (0)

#define SUCCEED(call)                                                                                \
  do {                                                                                               \
    if ((call) != AITemplateError::AITemplateSuccess) {                                              \
      std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, ait4j_last_error());        \
      std::exit(1);                                                                                  \
    }                                                                                                \
  } while (0)

// The call must fail with a reason that has this text in it.
#define REFUSE(text, call)                                                                           \
  do {                                                                                               \
    if ((call) != AITemplateError::AITemplateFailure || !std::strstr(ait4j_last_error(), text)) {    \
      std::fprintf(stderr, "%s:%d: %s: not refused for '%s' but: %s\n", __FILE__, __LINE__, #call, text, ait4j_last_error()); \
      std::exit(1);                                                                                  \
    }                                                                                                \
  } while (0)

using Floats = std::vector<float>;

// A tensor of floats in the memory of the model's device.
struct DeviceTensor {
  void* memory = nullptr;
  std::vector<int64_t> sizes;

  explicit DeviceTensor(std::vector<int64_t> shape) : sizes(std::move(shape)) {
    SUCCEED(AITemplateDeviceMalloc(&memory, bytes()));
  }
  DeviceTensor(std::vector<int64_t> shape, const Floats& values) : DeviceTensor(std::move(shape)) { write(values); }
  DeviceTensor(const DeviceTensor&) = delete;
  ~DeviceTensor() { SUCCEED(AITemplateDeviceFree(memory)); }

  size_t count() const {
    size_t n = 1;
    for (int64_t size : sizes) n *= size_t(size);
    return n;
  }
  size_t bytes() const { return count() * sizeof(float); }

  void write(const Floats& values) {
    CHECK(values.size() == count());
    SUCCEED(AITemplateMemcpy(memory, values.data(), bytes(), AITemplateMemcpyKind::HostToDevice));
  }
  Floats read(size_t first) const {
    Floats values(first);
    SUCCEED(AITemplateMemcpy(values.data(), memory, first * sizeof(float), AITemplateMemcpyKind::DeviceToHost));
    return values;
  }
  AITData data() const { return AITData(memory, AITemplateParamShape(sizes.data(), sizes.size()), AITemplateDtype::kFloat); }
};

inline Floats whole_numbers(size_t count, int seed) {
  Floats values(count);
  for (size_t i = 0; i < count; i++) values[i] = float(int((i * 7 + size_t(seed) * 13) % 11) - 5);
  return values;
}

// Weights; all of one seed belong together.
struct Weights {
  Floats w, b, gain;

  explicit Weights(int seed) : w(whole_numbers(32, seed)), b(whole_numbers(4, seed + 1)), gain(whole_numbers(8, seed + 2)) {}
};

struct DeviceWeights {
  DeviceTensor w, b, gain;
  std::vector<AITData> data;
  std::vector<const char*> names{"fc.weight", "fc.bias", "gain"};

  explicit DeviceWeights(const Weights& h)
      : w({4, 8}, h.w), b({4}, h.b), gain({8}, h.gain), data{w.data(), b.data(), gain.data()} {}
};

inline Floats expected_y(const Weights& h, const Floats& x, const Floats& z) {
  Floats y(z.size());
  for (size_t i = 0; i < y.size(); i++) {
    float sum = h.b[i % 4];
    for (size_t k = 0; k < 8; k++) sum += x[i / 4 * 8 + k] * 2 * h.w[i % 4 * 8 + k];
    y[i] = (sum > 0 ? sum : 0) + z[i];
  }
  return y;
}

inline Floats expected_t(const Weights& h, const Floats& x) {
  Floats t(x.size());
  for (size_t i = 0; i < t.size(); i++) t[i] = x[i] * h.gain[i % 8];
  return t;
}

// One request with memory of its own, outputs at their maximum size.
struct Request {
  static constexpr int64_t MOST = 6;

  int64_t n;
  Floats x, z;
  DeviceTensor device_x, device_z, y{{MOST, 4}}, t{{MOST, 8}};
  AITData inputs[2], outputs[2];
  int64_t y_shape[2] = {-1, -1}, t_shape[2] = {-1, -1};
  int64_t* shapes[2] = {y_shape, t_shape};

  Request(int64_t rows, int seed)
      : n(rows), x(whole_numbers(size_t(n) * 8, seed)), z(whole_numbers(size_t(n) * 4, seed + 5)), device_x({n, 8}, x),
        device_z({n, 4}, z), inputs{device_x.data(), device_z.data()}, outputs{y.data(), t.data()} {}

  AITemplateError run(AITemplateModelHandle model, bool sync = true, bool graph = false) {
    return AITemplateModelContainerRun(model, inputs, 2, outputs, 2, nullptr, sync, graph, shapes);
  }

  bool gave(const Weights& h) const {
    return y_shape[0] == n && y_shape[1] == 4 && t_shape[0] == n && t_shape[1] == 8 &&
           y.read(z.size()) == expected_y(h, x, z) && t.read(x.size()) == expected_t(h, x);
  }

  void forget() {
    y.write(Floats(size_t(MOST) * 4, -77));
    t.write(Floats(size_t(MOST) * 8, -77));
    y_shape[0] = t_shape[0] = -1;
  }
};

// A container with its weights set.
struct Model {
  AITemplateModelHandle handle = nullptr;

  explicit Model(size_t runtimes = 1, AITemplateAllocator* allocator = nullptr) {
    SUCCEED(AITemplateModelContainerCreate(&handle, runtimes, allocator));
  }
  Model(const Model&) = delete;
  ~Model() { SUCCEED(AITemplateModelContainerDelete(handle)); }

  void set(DeviceWeights& weights) {
    SUCCEED(AITemplateModelContainerSetManyConstants(handle, weights.names.data(), weights.data.data(), 3));
  }
};
