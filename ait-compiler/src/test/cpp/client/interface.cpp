// Drives every function of AITemplate's interface on a library built from a graph, whatever device it is for.
#include <algorithm>
#include "client.h"

static void queries() {
  Model model(3);
  size_t number = 0;
  SUCCEED(AITemplateModelContainerGetNumInputs(model.handle, &number));
  CHECK(number == 2);
  SUCCEED(AITemplateModelContainerGetNumOutputs(model.handle, &number));
  CHECK(number == 2);
  SUCCEED(AITemplateModelContainerGetNumRuntimes(model.handle, &number));
  CHECK(number == 3);
  const char* name = nullptr;
  AITemplateParamShape shape;
  AITemplateDtype dtype = AITemplateDtype::kUnset;
  SUCCEED(AITemplateModelContainerGetInputName(model.handle, 1, &name));
  CHECK(std::string(name) == "z");
  SUCCEED(AITemplateModelContainerGetOutputName(model.handle, 1, &name));
  CHECK(std::string(name) == "t");
  SUCCEED(AITemplateModelContainerGetMaximumInputShape(model.handle, 0, &shape));
  CHECK(shape.size == 2 && shape.shape_data[0] == 6 && shape.shape_data[1] == 8 && shape.Numel() == 48);
  SUCCEED(AITemplateModelContainerGetMaximumOutputShape(model.handle, 0, &shape));
  CHECK(shape.size == 2 && shape.shape_data[0] == 6 && shape.shape_data[1] == 4);
  SUCCEED(AITemplateModelContainerGetInputDtype(model.handle, 0, &dtype));
  CHECK(dtype == AITemplateDtype::kFloat);
  dtype = AITemplateDtype::kUnset;
  SUCCEED(AITemplateModelContainerGetOutputDtype(model.handle, 1, &dtype));
  CHECK(dtype == AITemplateDtype::kFloat);
  CHECK(ait4j_abi_version() == AIT4J_ABI_VERSION);
}

static std::vector<std::string> original_names(const Model& model, bool unbound_only, bool folding_inputs_only) {
  size_t count = 0;
  SUCCEED(AITemplateModelContainerGetNumConstants(model.handle, unbound_only, folding_inputs_only, &count));
  std::vector<const char*> names(count);
  SUCCEED(AITemplateModelContainerGetConstantNames(model.handle, unbound_only, folding_inputs_only, names.data()));
  std::vector<std::string> originals;
  for (const char* name : names) {
    AITemplateDtype dtype = AITemplateDtype::kUnset;
    SUCCEED(AITemplateModelContainerGetConstantDtype(model.handle, name, &dtype));
    CHECK(dtype == AITemplateDtype::kFloat);
    const char* original = nullptr;
    SUCCEED(AITemplateModelContainerGetConstantOriginalName(model.handle, name, &original));
    originals.push_back(original);
  }
  std::sort(originals.begin(), originals.end());
  return originals;
}

static void constant_names() {
  using Names = std::vector<std::string>;
  Model model;
  const Names all{"fc.bias", "fc.weight", "gain"};
  CHECK(original_names(model, false, false) == all);
  CHECK(original_names(model, true, false) == all);
  CHECK(original_names(model, false, true) == Names{"fc.weight"});
  CHECK(original_names(model, true, true) == Names{"fc.weight"});
}

static void runs() {
  Weights h(1);
  DeviceWeights weights(h);
  Model model(2);
  Request first(3, 4);
  REFUSE("is not set", first.run(model.handle));
  model.set(weights);
  for (int64_t n : {6, 1, 3, 0})
    for (bool graph : {false, true, true, true}) {
      Request r(n, int(n));
      r.forget();
      SUCCEED(r.run(model.handle, true, graph));
      CHECK(r.gave(h));
    }
  for (int i = 0; i < 5; i++) { // the same tensors again: what graphs are recorded for
    first.forget();
    SUCCEED(first.run(model.handle, false, true));
    CHECK(first.gave(h));
  }
  Request empty(0, 0);
  empty.inputs[0].ptr = empty.inputs[1].ptr = empty.outputs[0].ptr = empty.outputs[1].ptr = nullptr;
  SUCCEED(empty.run(model.handle));
  CHECK(empty.y_shape[0] == 0 && empty.t_shape[0] == 0 && empty.t_shape[1] == 8);
  first.forget();
  SUCCEED(AITemplateModelContainerRun(model.handle, first.inputs, 2, first.outputs, 2, nullptr, true, false, nullptr));
  CHECK(first.t.read(24) == expected_t(h, first.x));
  Request aliased(6, 9); // t takes the place of x, y that of z
  aliased.outputs[0].ptr = aliased.device_z.memory;
  aliased.outputs[1].ptr = aliased.device_x.memory;
  SUCCEED(aliased.run(model.handle));
  CHECK(aliased.device_z.read(24) == expected_y(h, aliased.x, aliased.z));
  CHECK(aliased.device_x.read(48) == expected_t(h, aliased.x));
}

static void outputs_on_the_host() {
  Weights h(2);
  DeviceWeights weights(h);
  Model model;
  model.set(weights);
  Request r(5, 2);
  Floats y(24, -1), t(48, -1);
  AITData outputs[2] = {r.outputs[0], r.outputs[1]};
  outputs[0].ptr = y.data();
  outputs[1].ptr = t.data();
  SUCCEED(AITemplateModelContainerRunWithOutputsOnHost(model.handle, r.inputs, 2, outputs, 2, nullptr, false, r.shapes));
  CHECK(r.y_shape[0] == 5 && r.t_shape[0] == 5);
  CHECK(Floats(y.begin(), y.begin() + 20) == expected_y(h, r.x, r.z));
  CHECK(Floats(t.begin(), t.begin() + 40) == expected_t(h, r.x));
  CHECK(y[20] == -1 && t[40] == -1); // no byte more than the true shape
}

static void folding() {
  Weights a(1), b(2);
  DeviceWeights on_a(a), on_b(b);
  Model model;
  model.set(on_a);
  SUCCEED(AITemplateModelContainerFoldConstants(model.handle, nullptr, true));
  Request r(6, 3);
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(a));
  SUCCEED(AITemplateModelContainerSetConstant(model.handle, "fc.weight", &on_b.data[0]));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(a)); // folded when told to, not before
  SUCCEED(AITemplateModelContainerFoldConstants(model.handle, nullptr, false));
  SUCCEED(AITemplateModelContainerSetConstant(model.handle, "fc.bias", &on_b.data[1]));
  SUCCEED(AITemplateModelContainerSetConstant(model.handle, "gain", &on_b.data[2]));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(b));
}

static void swapping() {
  Weights a(1), b(2);
  DeviceWeights on_a(a), on_b(b);
  Model model;
  model.set(on_a);
  Request r(4, 3);
  SUCCEED(r.run(model.handle));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle)); // of nothing
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(a));
  SUCCEED(AITemplateModelContainerSetDoubleBufferConstant(model.handle, nullptr, "fc.weight", &on_b.data[0]));
  SUCCEED(AITemplateModelContainerSetManyDoubleBufferConstants(model.handle, nullptr, on_b.names.data() + 1,
                                                               on_b.data.data() + 1, 2));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle)); // not folded yet
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(a));
  SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model.handle, nullptr, true));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(a));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(b));
  // Only one of them: the others stay those in use.
  SUCCEED(AITemplateModelContainerSetDoubleBufferConstant(model.handle, nullptr, "fc.weight", &on_a.data[0]));
  SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model.handle, nullptr, false));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle));
  Weights mixed = b;
  mixed.w = a.w;
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(mixed));
}

struct CountingAllocator : AITemplateAllocator {
  int64_t limit = INT64_MAX;
  size_t given = 0, taken_back = 0;

  void* Allocate(size_t bytes) override {
    if (int64_t(bytes) > limit) return nullptr;
    void* memory = nullptr;
    SUCCEED(AITemplateDeviceMalloc(&memory, bytes));
    given++;
    return memory;
  }
  void Free(void* memory) override {
    SUCCEED(AITemplateDeviceFree(memory));
    taken_back++;
  }
};

static void run_with(AITemplateAllocator* allocator) {
  Weights h(1);
  DeviceWeights weights(h);
  Model model(1, allocator);
  model.set(weights);
  Request r(6, 3);
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(h));
}

static void allocators() {
  AITemplateAllocator *plain = nullptr, *tracking = nullptr;
  SUCCEED(AITemplateAllocatorCreate(&plain, AITemplateAllocatorType::kDefault));
  SUCCEED(AITemplateAllocatorCreate(&tracking, AITemplateAllocatorType::kTracking));
  run_with(plain);
  size_t before = 1, after = 0;
  SUCCEED(AITemplateTrackingAllocatorGetNumBytes(tracking, &before));
  CHECK(before == 0);
  run_with(tracking);
  SUCCEED(AITemplateTrackingAllocatorGetNumBytes(tracking, &after));
  CHECK(after > 0);
  size_t bytes = 0;
  REFUSE("not one that tracks", AITemplateTrackingAllocatorGetNumBytes(plain, &bytes));
  CountingAllocator mine;
  REFUSE("not one that tracks", AITemplateTrackingAllocatorGetNumBytes(&mine, &bytes));
  run_with(&mine);
  CHECK(mine.given > 0 && mine.given == mine.taken_back);
  mine.limit = 0;
  AITemplateModelHandle handle = nullptr;
  REFUSE("out of memory", AITemplateModelContainerCreate(&handle, 1, &mine));
  CHECK(mine.given == mine.taken_back);
  SUCCEED(AITemplateAllocatorDelete(plain));
  SUCCEED(AITemplateAllocatorDelete(tracking));
  REFUSE("no allocator of type", AITemplateAllocatorCreate(&plain, AITemplateAllocatorType(7)));
}

static void benchmarks() {
  Weights h(3);
  DeviceWeights weights(h);
  Model model(2);
  model.set(weights);
  Request r(6, 1);
  for (size_t threads : {1, 4, 0})
    for (bool own_streams : {false, true}) {
      r.forget();
      float millis = -1;
      SUCCEED(AITemplateModelContainerBenchmark(model.handle, r.inputs, 2, r.outputs, 2, nullptr, own_streams, 20, threads,
                                                own_streams, &millis, r.shapes));
      CHECK(millis > 0 && millis < 1000);
      CHECK(r.gave(h));
    }
}

static void profiles(const std::string& folder) {
  Weights h(3);
  DeviceWeights weights(h);
  Model model;
  model.set(weights);
  Request r(6, 1);
  const std::string name = folder + "/profile.json";
  SUCCEED(AITemplateModelContainerProfile(model.handle, r.inputs, 2, r.outputs, 2, nullptr, 3, name.c_str()));
  REFUSE("cannot write", AITemplateModelContainerProfile(model.handle, r.inputs, 2, r.outputs, 2, nullptr, 3,
                                                         (folder + "/none/profile.json").c_str()));
  REFUSE("file name is null", AITemplateModelContainerProfile(model.handle, r.inputs, 2, r.outputs, 2, nullptr, 3, nullptr));
  REFUSE("must be positive", AITemplateModelContainerProfile(model.handle, r.inputs, 2, r.outputs, 2, nullptr, 0, name.c_str()));
}

static void memory() {
  const Floats values = whole_numbers(12, 0);
  DeviceTensor a({12}, values), b({12});
  SUCCEED(AITemplateMemcpy(b.memory, a.memory, 48, AITemplateMemcpyKind::DeviceToDevice, nullptr, false));
  CHECK(b.read(12) == values);
  SUCCEED(AITemplateMemcpy(nullptr, nullptr, 0, AITemplateMemcpyKind::DeviceToDevice));
  SUCCEED(AITemplateDeviceFree(nullptr));
  void* none = nullptr;
  REFUSE("memory", AITemplateDeviceMalloc(&none, size_t(1) << 50));
  REFUSE("memory", AITemplateDeviceMalloc(&none, SIZE_MAX - 63));
  REFUSE("kind of copy", AITemplateMemcpy(b.memory, a.memory, 48, AITemplateMemcpyKind(3)));
}

int main(int, char** arguments) {
  queries();
  constant_names();
  runs();
  outputs_on_the_host();
  folding();
  swapping();
  allocators();
  benchmarks();
  profiles(arguments[1]);
  memory();
  std::puts("every function answered");
}
