// Constants change in every way that ait4j.h knows, alone and beside runs, and their memory goes as soon as it may.
#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>
#include "ones.h"

static void are_set_and_folded() {
  ait4j_model* m;
  CHECK(ait4j_create(&m) == 0);
  Version one(m, 1), two(m, 2);
  int64_t index;
  CHECK(spec_of(m, W, &index).feeds_fold && !spec_of(m, GAIN, &index).feeds_fold && !spec_of(m, GAIN, &index).bound);
  CHECK(run(m).code == AIT4J_REFUSED);
  REFUSE("is not set", ait4j_fold_constants(m));
  CHECK(ait4j_set_constants(m, one.all, 3) == 0);
  CHECK(gives(m, 17, 1)); // folded by the run
  CHECK(ait4j_set_constants(m, &two.w.constant, 1) == 0);
  CHECK(gives(m, 17, 1));
  CHECK(ait4j_fold_constants(m) == 0);
  CHECK(gives(m, 33, 1));
  CHECK(ait4j_set_constants(m, two.all + 1, 2) == 0);
  CHECK(gives(m, 34, 2));
  CHECK(ait4j_delete(m) == 0);
}

static void are_all_or_none() {
  ait4j_model* m;
  CHECK(ait4j_create(&m) == 0);
  Version one(m, 1), two(m, 2);
  CHECK(ait4j_set_constants(m, one.all, 3) == 0);
  for (int later = 0; later < 2; later++) { // before a first run and after
    ait4j_constant some[] = {two.gain.constant, two.b.constant};
    some[1].bytes = 12;
    REFUSE("expected 16 bytes, got 12", ait4j_set_constants(m, some, 2));
    some[1] = two.b.constant;
    some[1].index = 99;
    REFUSE("there is no constant 99", ait4j_set_constants(m, some, 2));
    some[1] = two.b.constant;
    some[1].device = AIT4J_CUDA;
    REFUSE("is on a GPU", ait4j_stage_constants(m, some, 2, nullptr));
    some[1].device = AIT4J_HOST;
    some[1].data = nullptr;
    REFUSE("its data is null", ait4j_stage_constants(m, some, 2, nullptr));
    REFUSE("the constants are null", ait4j_set_constants(m, nullptr, 1));
    REFUSE("there is nothing to swap", ait4j_swap_constants(m));
    CHECK(gives(m, 17, 1));
  }
  const ait4j_constant twice[] = {one.gain.constant, two.gain.constant};
  CHECK(ait4j_set_constants(m, twice, 2) == 0);
  CHECK(gives(m, 17, 2)); // the last one counts
  CHECK(ait4j_delete(m) == 0);
}

static void are_staged_and_swapped() {
  ait4j_model *m, *other;
  CHECK(ait4j_create(&m) == 0 && ait4j_create(&other) == 0);
  Version one(m, 1), two(m, 2), three(m, 3);
  CHECK(ait4j_set_constants(m, one.all, 3) == 0);
  CHECK(gives(m, 17, 1));
  CHECK(ait4j_stage_constants(m, two.all, 2, nullptr) == 0); // all but the gain, which stays
  REFUSE("not folded yet", ait4j_swap_constants(m));
  CHECK(ait4j_fold_staged_constants(m) == 0);
  CHECK(gives(m, 17, 1));
  CHECK(ait4j_swap_constants(m) == 0);
  CHECK(gives(m, 34, 1));
  REFUSE("there is nothing to swap", ait4j_swap_constants(m));
  CHECK(ait4j_stage_constants(m, three.all, 3, nullptr) == 0);
  CHECK(ait4j_stage_constants(m, &one.gain.constant, 1, nullptr) == 0); // in the place of what was staged
  CHECK(ait4j_fold_constants(m) == 0);                                 // of those that are not staged
  CHECK(gives(m, 34, 1));
  CHECK(ait4j_fold_staged_constants(m) == 0 && ait4j_swap_constants(m) == 0 && ait4j_settle(m) == 0);
  CHECK(gives(m, 51, 1));
  CHECK(ait4j_stage_constants(other, three.all, 3, nullptr) == 0); // before a first run, without others
  CHECK(ait4j_fold_staged_constants(other) == 0 && ait4j_swap_constants(other) == 0);
  CHECK(gives(other, 51, 3));
  CHECK(ait4j_delete(other) == 0);
  CHECK(gives(m, 51, 1));
  CHECK(ait4j_delete(m) == 0);
}

// Threads run; each result must be of one version.
struct Runs {
  std::atomic<bool> stop{false};
  std::atomic<int> done{0};
  std::vector<std::thread> threads;

  Runs(ait4j_model* m, bool whole) {
    for (int i = 0; i < 4; i++)
      threads.emplace_back([=] {
        for (; !stop.load(); done++) {
          const Result r = run(m, 1 + done.load() % 6);
          CHECK(r.code == 0 && (!whole || r.y == 17 * r.t));
        }
      });
  }
  ~Runs() {
    stop = true;
    for (std::thread& t : threads) t.join();
  }
};

static int change_beside_runs(int rounds) {
  ait4j_model* m;
  CHECK(ait4j_create(&m) == 0);
  auto current = std::make_unique<Version>(m, 1.f);
  CHECK(ait4j_set_constants(m, current->all, 3) == 0);
  int done;
  {
    Runs runs(m, true);
    for (int i = 2; i < rounds; i++) {
      auto next = std::make_unique<Version>(m, float(i));
      CHECK(ait4j_stage_constants(m, next->all, 3, nullptr) == 0);
      CHECK(ait4j_fold_staged_constants(m) == 0);
      CHECK(ait4j_swap_constants(m) == 0);
      CHECK(ait4j_settle(m) == 0);
      current = std::move(next); // the memory of before goes
      if (i % 16 == 0) CHECK(ait4j_set_threads(m, i / 16 % 3) == 0);
      if (i % 32 == 0) CHECK(ait4j_trim(m) == 0);
      while (runs.done.load() < i) std::this_thread::yield();
    }
    done = runs.done.load();
  }
  {
    Runs runs(m, false);
    for (int i = 0; i < rounds; i++) {
      auto next = std::make_unique<Version>(m, float(i));
      CHECK(ait4j_set_constants(m, next->all, 3) == 0);
      current = std::move(next);
      if (i % 8 == 0) CHECK(ait4j_fold_constants(m) == 0);
    }
  }
  CHECK(ait4j_delete(m) == 0);
  return done;
}

int main(int, char** arguments) {
  alarm(60); // instead of waiting for ever
  are_set_and_folded();
  are_all_or_none();
  are_staged_and_swapped();
  const int rounds = std::atoi(arguments[1]);
  std::printf("%d changes beside %d runs\n", rounds, change_beside_runs(rounds));
}
