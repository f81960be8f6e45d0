// Callers of a container with few runtimes: they wait in turn, failures give runtimes back, and forks find everything whole.
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>
#include <sys/wait.h>
#include "aitemplate.h"
#include "ones.h"

// Takes its time, so that whoever has no runtime yet and need not wait for one asks for memory of another.
struct Slow : AITemplateAllocator {
  std::atomic<int> blocks{0}, alive{0};

  void* Allocate(size_t bytes) override {
    usleep(20000);
    blocks++, alive++;
    return std::malloc(bytes);
  }
  void Free(void* block) override {
    alive -= block != nullptr;
    std::free(block);
  }
};

struct Container {
  AITemplateModelHandle handle = nullptr;
  ait4j_model* m;

  Container(size_t runtimes, AITemplateAllocator* allocator) {
    CHECK(AITemplateModelContainerCreate(&handle, runtimes, allocator) == AITemplateError::AITemplateSuccess);
    m = reinterpret_cast<ait4j_model*>(handle);
  }
  Container(const Container&) = delete;
  ~Container() { CHECK(AITemplateModelContainerDelete(handle) == AITemplateError::AITemplateSuccess); }
};

static void wait_in_turn(int runtimes) {
  Slow memory;
  {
    Container c(size_t(runtimes), &memory);
    Version one(c.m, 1);
    CHECK(ait4j_set_constants(c.m, one.all, 3) == 0 && ait4j_fold_constants(c.m) == 0);
    CHECK(ait4j_trim(c.m) == 0 && memory.alive.load() == 1); // what is folded; a runtime was there from the start
    const int before = memory.blocks.load();
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; t++)
      threads.emplace_back([&] {
        for (int i = 0; i < 20; i++) {
          if (i % 4 == 0) CHECK(run(c.m, 7).code == AIT4J_REFUSED); // one row too many
          CHECK(gives(c.m, 17, 1));
        }
      });
    for (std::thread& t : threads) t.join();
    CHECK(memory.blocks.load() - before == runtimes);
    CHECK(ait4j_trim(c.m) == 0 && memory.alive.load() == 1);
    CHECK(gives(c.m, 17, 1));
  }
  CHECK(memory.alive.load() == 0);
}

// In the child, which has this thread alone.
static int go_on(Container& c) {
  alarm(20); // instead of waiting for ever
  const Result r = run(c.m);
  CHECK(r.code == 0 && r.y == 17 * r.t);
  Version nine(c.m, 9);
  CHECK(ait4j_set_constants(c.m, nine.all, 3) == 0 && ait4j_fold_constants(c.m) == 0);
  bool right = false;
  std::thread([&] { right = gives(c.m, 153, 9); }).join();
  c.~Container();
  return right ? 0 : 2;
}

static void fork_in_the_midst(int count) {
  Container c(2, nullptr);
  Version one(c.m, 1), two(c.m, 2);
  CHECK(ait4j_set_constants(c.m, one.all, 3) == 0);
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; t++)
    threads.emplace_back([&] {
      while (!stop.load()) CHECK(run(c.m).code == 0);
    });
  threads.emplace_back([&] {
    for (int i = 0; !stop.load(); i++) {
      CHECK(ait4j_stage_constants(c.m, i % 2 ? one.all : two.all, 3, nullptr) == 0);
      CHECK(ait4j_fold_staged_constants(c.m) == 0 && ait4j_swap_constants(c.m) == 0);
    }
  });
  for (int i = 0; i < count; i++) {
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) _exit(go_on(c));
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  stop = true;
  for (std::thread& t : threads) t.join();
}

int main(int, char** arguments) {
  alarm(60); // instead of waiting for ever
  wait_in_turn(1);
  wait_in_turn(3);
  fork_in_the_midst(std::atoi(arguments[1]));
  std::puts("none waited in vain");
}
