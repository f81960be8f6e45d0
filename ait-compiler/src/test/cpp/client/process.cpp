// A library in the life of a process: loaded and unloaded, and in children of forks. Argument: the library of affine.cpp, whose
// runs share their work with threads of the library's.
#include <array>
#include <atomic>
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

// A thread that was joined may be counted for a moment.
static bool falls_back_to(int count) {
  for (int i = 0; i < 1000 && threads() != count; i++) usleep(10000);
  return threads() == count;
}

// The functions of a library that is not linked.
struct Loaded {
  void* library;
  decltype(&AITemplateModelContainerCreate) create;
  decltype(&AITemplateModelContainerDelete) destroy;
  decltype(&AITemplateModelContainerSetConstant) set;
  decltype(&AITemplateModelContainerSetDoubleBufferConstant) stage;
  decltype(&AITemplateModelContainerFoldConstantsInDoubleBuffer) fold;
  decltype(&AITemplateModelContainerSwapConstants) swap;
  decltype(&AITemplateModelContainerRun) run;

  explicit Loaded(const char* file) : library(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
    if (!library) std::fprintf(stderr, "%s\n", dlerror());
    CHECK(library);
    find(&create, "AITemplateModelContainerCreate");
    find(&destroy, "AITemplateModelContainerDelete");
    find(&set, "AITemplateModelContainerSetConstant");
    find(&stage, "AITemplateModelContainerSetDoubleBufferConstant");
    find(&fold, "AITemplateModelContainerFoldConstantsInDoubleBuffer");
    find(&swap, "AITemplateModelContainerSwapConstants");
    find(&run, "AITemplateModelContainerRun");
  }

  template <class F> void find(F** function, const char* name) {
    *function = reinterpret_cast<F*>(dlsym(library, name));
    CHECK(*function);
  }
};

static constexpr AITemplateError DONE = AITemplateError::AITemplateSuccess;
static const int64_t X[] = {3, 4}, ONE[] = {1};

static AITData data(float* values, const int64_t* sizes, size_t rank) {
  return AITData(values, AITemplateParamShape(sizes, rank), AITemplateDtype::kFloat);
}

// y = x scale + raw + 1
static float raws[2][4] = {{1, 2, 3, 4}, {50, 60, 70, 80}}, scales[2] = {2, 5};

struct Use {
  const Loaded& f;
  AITemplateModelHandle model = nullptr;

  explicit Use(const Loaded& functions) : f(functions) {
    CHECK(f.create(&model, 2, nullptr) == DONE);
    const AITData raw = data(raws[0], X + 1, 1), scale = data(&scales[0], ONE, 1);
    CHECK(f.set(model, "raw", &raw) == DONE && f.set(model, "scale", &scale) == DONE);
  }
  ~Use() { CHECK(f.destroy(model) == DONE); }

  void swap_in(int version) {
    const AITData raw = data(raws[version], X + 1, 1), scale = data(&scales[version], ONE, 1);
    CHECK(f.stage(model, nullptr, "raw", &raw) == DONE && f.stage(model, nullptr, "scale", &scale) == DONE);
    CHECK(f.fold(model, nullptr, true) == DONE && f.swap(model) == DONE);
  }

  // Which version, all of it, gave the result.
  int run() {
    std::array<float, 12> x, y, expected;
    float s = 0;
    for (size_t i = 0; i < 12; i++) x[i] = float(i);
    const AITData inputs[] = {data(x.data(), X, 2)};
    AITData outputs[] = {data(y.data(), X, 2), data(&s, X, 0)};
    CHECK(f.run(model, inputs, 1, outputs, 2, nullptr, true, false, nullptr) == DONE);
    CHECK(s == 66);
    for (int version : {0, 1}) {
      for (size_t i = 0; i < 12; i++) expected[i] = x[i] * scales[version] + raws[version][i % 4] + 1;
      if (y == expected) return version;
    }
    CHECK(!"a result of one version");
    return -1;
  }
};

static bool has_cpus() { return std::thread::hardware_concurrency() > 1; }

static void unloads(const char* file) {
  const int before = threads();
  for (int i = 0; i < 20; i++) {
    Loaded functions(file);
    CHECK(is_mapped("model.so"));
    {
      Use use(functions);
      CHECK(use.run() == 0);
      CHECK(!has_cpus() || threads() > before);
      std::thread([&] { CHECK(use.run() == 0); }).join();
    }
    CHECK(falls_back_to(before));
    CHECK(dlclose(functions.library) == 0);
    CHECK(!is_mapped("model.so"));
  }
}

// What the child of a fork beside all kinds of calls can do.
static void live_on(const Loaded& functions, Use* use) {
  alarm(60);
  const int alone = threads(), version = use->run();
  CHECK(use->run() == version); // nobody changes it any more
  CHECK(!has_cpus() || threads() > alone);
  for (int next : {1, 0}) {
    use->swap_in(next);
    CHECK(use->run() == next);
  }
  Use another(functions);
  CHECK(another.run() == 0);
}

static void forks(const char* file) {
  Loaded functions(file);
  Use use(functions);
  CHECK(use.run() == 0);
  std::atomic<bool> over{false};
  std::thread runs([&] {
    while (!over.load()) use.run();
  });
  std::thread swaps([&] {
    for (int i = 1; !over.load(); i++) use.swap_in(i % 2);
  });
  std::thread comings([&] {
    while (!over.load()) Use(functions).run();
  });
  for (int i = 0; i < 30; i++) {
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
      live_on(functions, &use);
      std::_Exit(0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  over.store(true);
  for (std::thread* t : {&runs, &swaps, &comings}) t->join();
}

int main(int, char** arguments) {
  unloads(arguments[1]);
  forks(arguments[1]);
  std::puts("gone without a trace");
}
