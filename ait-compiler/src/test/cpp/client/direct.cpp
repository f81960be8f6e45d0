// Drives every function of ait4j.h, with tensors of the host, on the library of ClientModel.java, whatever device it is for.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>
#include "ait4j.h"

static_assert(sizeof(ait4j_tensor) == 40 && offsetof(ait4j_tensor, sizes) == 16 && offsetof(ait4j_tensor, device) == 32,
              "what the Java side lays out");
static_assert(sizeof(ait4j_constant) == 32 && offsetof(ait4j_constant, bytes) == 16 && offsetof(ait4j_constant, device) == 24,
              "the same");
static_assert(sizeof(ait4j_constant_spec) == 32 && offsetof(ait4j_constant_spec, role) == 12 &&
                  offsetof(ait4j_constant_spec, feeds_fold) == 24 && offsetof(ait4j_constant_spec, bound) == 28,
              "the same");

#define CHECK(condition)                                                                              \
  do {                                                                                                \
    if (!(condition)) {                                                                               \
      std::fprintf(stderr, "%s:%d: %s does not hold; %s\n", __FILE__, __LINE__, #condition, ait4j_last_error()); \
      std::exit(1);                                                                                   \
    }                                                                                                 \
  } while (0)
#define SUCCEED(call) CHECK((call) == 0)
#define REFUSE(text, call) CHECK((call) != 0 && std::strstr(ait4j_last_error(), text))

using Floats = std::vector<float>;

static const int64_t X_MOST[] = {6, 8};

struct Tensors {
  Floats x, z, y, t;
  int64_t x_sizes[2], z_sizes[2];
  ait4j_tensor inputs[2], outputs[2];

  explicit Tensors(int64_t n) : x(size_t(n) * 8, 2), z(size_t(n) * 4, 5), y(size_t(n) * 4), t(size_t(n) * 8), x_sizes{n, 8}, z_sizes{n, 4} {
    inputs[0] = {x.data(), 2, 2, x_sizes, nullptr, AIT4J_HOST, 0};
    inputs[1] = {z.data(), 2, 2, z_sizes, nullptr, AIT4J_HOST, 0};
    outputs[0] = {y.data(), 2, 2, z_sizes, nullptr, AIT4J_HOST, 0};
    outputs[1] = {t.data(), 2, 2, x_sizes, nullptr, AIT4J_HOST, 0};
  }
  Tensors(const Tensors&) = delete;

  int run(ait4j_model* model, const int64_t* symbols = nullptr) { return ait4j_run(model, symbols, inputs, 2, outputs, 2); }

  // x is 2, z is 5; all weights are `w`, all biases `b`, all gains `gain`.
  bool gave(float w, float b, float gain) const {
    return y == Floats(y.size(), std::max(0.0f, 8 * 2 * 2 * w + b) + 5) && t == Floats(t.size(), 2 * gain);
  }
};

static std::map<std::string, int64_t> constants(const ait4j_model* model) {
  std::map<std::string, int64_t> by_name;
  for (int64_t i = 0; i < ait4j_num_constants(model); i++) {
    ait4j_constant_spec spec;
    SUCCEED(ait4j_constant_spec_at(model, i, &spec));
    CHECK(!spec.bound);
    CHECK(spec.role != AIT4J_RAW_FOLD_ONLY || spec.feeds_fold);
    by_name[spec.name] = i;
  }
  return by_name;
}

static void tables(const ait4j_model* model) {
  CHECK(ait4j_abi_version() == AIT4J_ABI_VERSION);
  CHECK(ait4j_num_symbols(model) == 1 && ait4j_num_inputs(model) == 2 && ait4j_num_outputs(model) == 2);
  ait4j_symbol_spec symbol;
  SUCCEED(ait4j_symbol_spec_at(model, 0, &symbol));
  CHECK(symbol.min == 0 && symbol.max == 6 && symbol.input == 0 && symbol.dim == 0);
  ait4j_tensor_spec spec;
  SUCCEED(ait4j_input_spec(model, 0, &spec));
  CHECK(spec.dtype == 2 && spec.rank == 2 && spec.sizes[0] == -1 && spec.sizes[1] == 8 && spec.strides[1] == 1);
  SUCCEED(ait4j_output_spec(model, 1, &spec));
  CHECK(spec.rank == 2 && spec.sizes[1] == 8);
  ait4j_constant_spec constant;
  REFUSE("there is no symbol 1", ait4j_symbol_spec_at(model, 1, &symbol));
  REFUSE("there is no input -1", ait4j_input_spec(model, -1, &spec));
  REFUSE("there is no output 2", ait4j_output_spec(model, 2, &spec));
  REFUSE("there is no constant 99", ait4j_constant_spec_at(model, 99, &constant));
  REFUSE("spec is null", ait4j_input_spec(model, 0, nullptr));
  CHECK(ait4j_arena_bytes(model) >= 0 && ait4j_num_kernels(model) > 0);
  CHECK(ait4j_device(model) == AIT4J_HOST || ait4j_device(model) == AIT4J_CUDA);
}

static void serial(int64_t n, int64_t grain, void (*body)(void*, int64_t, int64_t), void* context, void* calls) {
  ++*static_cast<int*>(calls);
  for (int64_t i = 0; i < n; i += grain) body(context, i, std::min(i + grain, n));
}

static void constants_change(ait4j_model* model) {
  const auto index = constants(model);
  static Floats w[] = {Floats(32, 1), Floats(32, 2)}, b[] = {Floats(4, 3), Floats(4, 4)}, gain[] = {Floats(8, 5), Floats(8, 6)};
  auto all = [&](int v) {
    return std::vector<ait4j_constant>{{index.at("w2"), w[v].data(), 128, AIT4J_HOST},
                                       {index.at("w3"), b[v].data(), 16, AIT4J_HOST},
                                       {index.at("w4"), gain[v].data(), 32, AIT4J_HOST}};
  };
  Tensors r(4);
  REFUSE("is not set", r.run(model));
  SUCCEED(ait4j_set_constants(model, all(0).data(), 3));
  SUCCEED(r.run(model)); // and folds
  CHECK(r.gave(1, 3, 5));
  SUCCEED(ait4j_set_constant(model, index.at("w2"), w[1].data(), 128));
  SUCCEED(r.run(model));
  CHECK(r.gave(1, 3, 5));
  SUCCEED(ait4j_fold_constants(model));
  SUCCEED(r.run(model));
  CHECK(r.gave(2, 3, 5));
  REFUSE("nothing to swap", ait4j_swap_constants(model));
  SUCCEED(ait4j_stage_constants(model, all(1).data(), 3, nullptr));
  REFUSE("not folded yet", ait4j_swap_constants(model));
  SUCCEED(ait4j_fold_staged_constants(model));
  SUCCEED(r.run(model));
  CHECK(r.gave(2, 3, 5));
  SUCCEED(ait4j_swap_constants(model));
  SUCCEED(ait4j_settle(model));
  w[0].assign(32, 9), b[0].assign(4, 9), gain[0].assign(8, 9); // no run reads them now
  SUCCEED(r.run(model));
  CHECK(r.gave(2, 4, 6));
  ait4j_constant wrong[] = {{index.at("w4"), gain[0].data(), 32, AIT4J_HOST}, {index.at("w3"), b[0].data(), 8, AIT4J_HOST}};
  REFUSE("expected 16 bytes, got 8", ait4j_set_constants(model, wrong, 2));
  wrong[1] = {77, b[0].data(), 16, AIT4J_HOST};
  REFUSE("there is no constant 77", ait4j_stage_constants(model, wrong, 2, nullptr));
  REFUSE("constants are null", ait4j_set_constants(model, nullptr, 1));
  wrong[0].data = nullptr;
  REFUSE("data is null", ait4j_set_constants(model, wrong, 1));
  SUCCEED(r.run(model));
  CHECK(r.gave(2, 4, 6)); // none of these was taken
}

static void runs(ait4j_model* model) {
  Tensors six(6), none(0), three(3);
  SUCCEED(six.run(model));
  CHECK(six.gave(2, 4, 6));
  SUCCEED(none.run(model));
  const int64_t n[] = {3}, seven[] = {7};
  SUCCEED(three.run(model, n));
  CHECK(three.gave(2, 4, 6));
  REFUSE("is 7", three.run(model, seven));
  int64_t y[2], t[2];
  int64_t* sizes[] = {y, t};
  SUCCEED(ait4j_infer_output_shapes(model, nullptr, three.inputs, 2, sizes, 2));
  CHECK(y[0] == 3 && y[1] == 4 && t[0] == 3 && t[1] == 8);
  sizes[1] = nullptr;
  REFUSE("output 1 is null", ait4j_infer_output_shapes(model, nullptr, three.inputs, 2, sizes, 2));
  REFUSE("expected 2 outputs, got 1", ait4j_infer_output_shapes(model, nullptr, three.inputs, 2, sizes, 1));
  std::vector<ait4j_kernel_profile> kernels(size_t(ait4j_num_kernels(model)));
  SUCCEED(ait4j_profile(model, nullptr, six.inputs, 2, six.outputs, 2, kernels.data()));
  for (const ait4j_kernel_profile& k : kernels) CHECK(k.name && k.nanos >= 0 && k.bytes > 0);
  const int64_t before = ait4j_border_copy_bytes(model);
  const int64_t by_columns[] = {1, 6};
  six.inputs[0].strides = by_columns;
  SUCCEED(six.run(model));
  CHECK(six.gave(2, 4, 6));
  CHECK(ait4j_device(model) == AIT4J_CUDA || ait4j_border_copy_bytes(model) == before + 192);
  six.inputs[0].dtype = 4;
  REFUSE("expected float32 [6, 8], got int64", six.run(model));
  six.inputs[0] = {six.x.data(), 2, 2, X_MOST, nullptr, 9, 0};
  REFUSE("device of an unknown kind", six.run(model));
  SUCCEED(ait4j_check(model));
  SUCCEED(ait4j_trim(model));
  SUCCEED(three.run(model));
  CHECK(three.gave(2, 4, 6));
}

static void threads(ait4j_model* model) {
  Tensors r(6);
  int calls = 0;
  SUCCEED(ait4j_set_executor(model, serial, &calls));
  SUCCEED(r.run(model));
  CHECK(r.gave(2, 4, 6));
  SUCCEED(ait4j_set_executor(model, nullptr, nullptr));
  SUCCEED(ait4j_set_threads(model, 1));
  SUCCEED(r.run(model));
  REFUSE("expected 0 or more, got -1", ait4j_set_threads(model, -1));
}

static void queues(ait4j_model* model) {
  Tensors r(2);
  if (ait4j_device(model) == AIT4J_HOST) {
    REFUSE("compiled for a CPU", ait4j_set_device_index(model, 1));
    REFUSE("compiled for a CPU", ait4j_run_on(model, nullptr, r.inputs, 2, r.outputs, 2, nullptr));
    REFUSE("compiled for a CPU", ait4j_set_graphs(model, 1));
    REFUSE("compiled for a CPU", ait4j_set_cold_profiles(model, 1));
  } else {
    REFUSE("on GPU", ait4j_set_device_index(model, 1));
    REFUSE("on the host", ait4j_run_on(model, nullptr, r.inputs, 2, r.outputs, 2, nullptr));
    SUCCEED(ait4j_set_graphs(model, 1));
    SUCCEED(ait4j_set_cold_profiles(model, 1));
  }
}

static void nothing_given() {
  ait4j_constant constant = {};
  ait4j_kernel_profile kernel;
  REFUSE("is null", ait4j_create(nullptr));
  SUCCEED(ait4j_delete(nullptr));
  REFUSE("is null", ait4j_set_constants(nullptr, &constant, 1));
  REFUSE("is null", ait4j_set_constant(nullptr, 0, nullptr, 0));
  REFUSE("is null", ait4j_stage_constants(nullptr, &constant, 1, nullptr));
  REFUSE("is null", ait4j_fold_constants(nullptr));
  REFUSE("is null", ait4j_fold_staged_constants(nullptr));
  REFUSE("is null", ait4j_swap_constants(nullptr));
  REFUSE("is null", ait4j_settle(nullptr));
  REFUSE("is null", ait4j_fold(nullptr, nullptr, nullptr));
  REFUSE("is null", ait4j_run(nullptr, nullptr, nullptr, 0, nullptr, 0));
  REFUSE("is null", ait4j_run_on(nullptr, nullptr, nullptr, 0, nullptr, 0, nullptr));
  REFUSE("is null", ait4j_profile(nullptr, nullptr, nullptr, 0, nullptr, 0, &kernel));
  REFUSE("is null", ait4j_check(nullptr));
  REFUSE("is null", ait4j_trim(nullptr));
  REFUSE("is null", ait4j_set_device_index(nullptr, 0));
  REFUSE("is null", ait4j_set_graphs(nullptr, 1));
  REFUSE("is null", ait4j_set_cold_profiles(nullptr, 1));
  REFUSE("is null", ait4j_set_executor(nullptr, nullptr, nullptr));
  REFUSE("is null", ait4j_set_threads(nullptr, 1));
  CHECK(ait4j_arena_bytes(nullptr) == -1 && ait4j_border_copy_bytes(nullptr) == 0);
}

// What a build does: folded constants into memory of the caller's, which runs of another model read.
static void folds_for_others() {
  ait4j_model* builder = nullptr;
  ait4j_model* other = nullptr;
  SUCCEED(ait4j_create(&builder));
  SUCCEED(ait4j_create(&other));
  REFUSE("is not set", ait4j_fold(builder, nullptr, nullptr));
  std::vector<Floats> memory;
  int steps = 0;
  for (int64_t i = 0; i < ait4j_num_constants(builder); i++) {
    ait4j_constant_spec spec;
    SUCCEED(ait4j_constant_spec_at(builder, i, &spec));
    memory.emplace_back(size_t(spec.bytes) / 4 + 16, spec.role == AIT4J_FOLDED ? 0.0f : 1.0f);
    SUCCEED(ait4j_set_constant(builder, i, memory.back().data(), spec.bytes));
  }
  SUCCEED(ait4j_fold(builder, [](void* user, int64_t) { ++*static_cast<int*>(user); }, &steps));
  CHECK(steps > 0);
  SUCCEED(ait4j_delete(builder));
  for (int64_t i = 0; i < ait4j_num_constants(other); i++) {
    ait4j_constant_spec spec;
    SUCCEED(ait4j_constant_spec_at(other, i, &spec));
    if (spec.role != AIT4J_RAW_FOLD_ONLY) SUCCEED(ait4j_set_constant(other, i, memory[size_t(i)].data(), spec.bytes));
  }
  Tensors r(6);
  SUCCEED(r.run(other));
  CHECK(r.gave(1, 1, 1));
  SUCCEED(ait4j_delete(other));
}

int main() {
  nothing_given();
  ait4j_model* model = nullptr;
  SUCCEED(ait4j_create(&model));
  tables(model);
  constants_change(model);
  runs(model);
  threads(model);
  queues(model);
  SUCCEED(ait4j_delete(model));
  folds_for_others();
  std::puts("every function answered");
}
