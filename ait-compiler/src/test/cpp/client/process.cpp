// A library in the life of a process: loaded and unloaded, and in the child of a fork. Argument: the library.
#include <dlfcn.h>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include "client.h"

static bool is_mapped(const std::string& text) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(text) != std::string::npos) return true;
  return false;
}

static int threads() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("Threads:", 0) == 0) return std::atoi(line.c_str() + 8);
  return -1;
}

// The functions of a library that is not linked.
struct Loaded {
  void* library;
  decltype(&AITemplateModelContainerCreate) create;
  decltype(&AITemplateModelContainerDelete) destroy;
  decltype(&AITemplateModelContainerSetConstant) set;
  decltype(&AITemplateModelContainerRun) run;

  explicit Loaded(const char* file) : library(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
    if (!library) std::fprintf(stderr, "%s\n", dlerror());
    CHECK(library);
    find(&create, "AITemplateModelContainerCreate");
    find(&destroy, "AITemplateModelContainerDelete");
    find(&set, "AITemplateModelContainerSetConstant");
    find(&run, "AITemplateModelContainerRun");
  }

  template <class F> void find(F** function, const char* name) {
    *function = reinterpret_cast<F*>(dlsym(library, name));
    CHECK(*function);
  }
};

static const int64_t W[] = {4, 8}, X[] = {6, 8}, Y[] = {6, 4};

static AITData data(Floats& values, const int64_t* sizes, size_t rank) {
  return AITData(values.data(), AITemplateParamShape(sizes, rank), AITemplateDtype::kFloat);
}

struct Use {
  const Loaded& f;
  AITemplateModelHandle model = nullptr;
  Weights h{1};

  explicit Use(const Loaded& functions) : f(functions) {
    CHECK(f.create(&model, 2, nullptr) == AITemplateError::AITemplateSuccess);
    AITData w = data(h.w, W, 2), b = data(h.b, W, 1), gain = data(h.gain, W + 1, 1);
    CHECK(f.set(model, "fc.weight", &w) == AITemplateError::AITemplateSuccess);
    CHECK(f.set(model, "fc.bias", &b) == AITemplateError::AITemplateSuccess);
    CHECK(f.set(model, "gain", &gain) == AITemplateError::AITemplateSuccess);
  }
  ~Use() { CHECK(f.destroy(model) == AITemplateError::AITemplateSuccess); }

  void run() {
    Floats x = whole_numbers(48, 3), z = whole_numbers(24, 4), y(24), t(48);
    AITData inputs[] = {data(x, X, 2), data(z, Y, 2)}, outputs[] = {data(y, Y, 2), data(t, X, 2)};
    CHECK(f.run(model, inputs, 2, outputs, 2, nullptr, true, false, nullptr) == AITemplateError::AITemplateSuccess);
    CHECK(y == expected_y(h, x, z) && t == expected_t(h, x));
  }
};

static void unloads(const char* file) {
  const int before = threads();
  for (int i = 0; i < 20; i++) {
    Loaded functions(file);
    CHECK(is_mapped("model.so"));
    {
      Use use(functions);
      use.run();
      std::thread([&] { use.run(); }).join();
    }
    CHECK(dlclose(functions.library) == 0);
    CHECK(!is_mapped("model.so"));
    CHECK(threads() == before);
  }
}

static void forks(const char* file) {
  Loaded functions(file);
  Use use(functions);
  use.run();
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    use.run();
    Use another(functions);
    another.run();
    std::_Exit(0);
  }
  use.run();
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int, char** arguments) {
  unloads(arguments[1]);
  forks(arguments[1]);
  std::puts("gone without a trace");
}
