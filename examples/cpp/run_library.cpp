// Runs a self-contained library, as `ait4j export MODEL.aitm --so MODEL.so` writes it, on ones: on a CPU or a GPU alike.
//   g++ -std=c++17 -I ait-compiler/src/main/resources/io/ait4j/compiler/cpu examples/cpp/run_library.cpp -ldl -o run_library
//   ./run_library ./MODEL.so
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <vector>
#include "aitemplate.h"

static void* library;
#define AIT(name) reinterpret_cast<decltype(&AITemplate##name)>(dlsym(library, "AITemplate" #name))

static void check(AITemplateError result) {
  if (result == AITemplateError::AITemplateSuccess) return;
  std::fprintf(stderr, "%s\n", reinterpret_cast<decltype(&ait4j_last_error)>(dlsym(library, "ait4j_last_error"))());
  std::exit(1);
}

// Its memory on the device, where floats are 1 and all else is 0.
static size_t allocate(AITData* t) {
  static const size_t bytes_of[] = {0, 2, 4, 4, 8, 1, 2};
  std::vector<char> bytes(t->shape.Numel() * bytes_of[int(t->dtype)]);
  for (size_t i = 0; t->dtype == AITemplateDtype::kFloat && i < t->shape.Numel(); i++) reinterpret_cast<float*>(bytes.data())[i] = 1;
  check(AIT(DeviceMalloc)(&t->ptr, bytes.size(), nullptr, true));
  check(AIT(Memcpy)(t->ptr, bytes.data(), bytes.size(), AITemplateMemcpyKind::HostToDevice, nullptr, true));
  return bytes.size();
}

int main(int, char** arguments) {
  library = dlopen(arguments[1], RTLD_NOW);
  if (!library) return std::fprintf(stderr, "%s\n", dlerror()), 1;
  AITemplateModelHandle model;
  check(AIT(ModelContainerCreate)(&model, 1, nullptr));
  size_t num_inputs, num_outputs;
  check(AIT(ModelContainerGetNumInputs)(model, &num_inputs));
  check(AIT(ModelContainerGetNumOutputs)(model, &num_outputs));
  std::vector<AITData> inputs(num_inputs), outputs(num_outputs);
  for (size_t i = 0; i < num_inputs; i++) { // at their largest
    check(AIT(ModelContainerGetMaximumInputShape)(model, i, &inputs[i].shape));
    check(AIT(ModelContainerGetInputDtype)(model, i, &inputs[i].dtype));
    allocate(&inputs[i]);
  }
  for (size_t i = 0; i < num_outputs; i++) {
    check(AIT(ModelContainerGetMaximumOutputShape)(model, i, &outputs[i].shape));
    check(AIT(ModelContainerGetOutputDtype)(model, i, &outputs[i].dtype));
    allocate(&outputs[i]);
  }
  check(AIT(ModelContainerRun)(model, inputs.data(), num_inputs, outputs.data(), num_outputs, nullptr, true, false, nullptr));
  for (size_t i = 0; i < num_outputs; i++) {
    const char* name;
    float first = 0;
    check(AIT(ModelContainerGetOutputName)(model, i, &name));
    check(AIT(Memcpy)(&first, outputs[i].ptr, sizeof first, AITemplateMemcpyKind::DeviceToHost, nullptr, true));
    std::printf("%s: %zu elements, the first is %g\n", name, outputs[i].shape.Numel(), first);
  }
  check(AIT(ModelContainerDelete)(model));
}
