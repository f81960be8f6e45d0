// Many small requests on several threads while constants are swapped and set, memory allocated and freed. Each result must be
// that of one set of constants, whole. Arguments: threads, requests of each, "still" for constants that only are set again; else
// the model's memory is trimmed, its threads are changed, and containers come and go as well.
#include <atomic>
#include <memory>
#include <thread>
#include "client.h"

static void ask(AITemplateModelHandle model, const Weights* versions, int seed, int requests, std::atomic<int>* busy) {
  std::vector<std::unique_ptr<Request>> own;
  for (int n = 0; n <= 6; n++) own.push_back(std::make_unique<Request>(n, seed + n));
  for (int i = 0; i < requests; i++) {
    Request& r = *own[size_t(i + seed) % own.size()];
    SUCCEED(r.run(model));
    CHECK(r.gave(versions[0]) || r.gave(versions[1]));
  }
  busy->fetch_sub(1);
}

static void change(AITemplateModelHandle model, DeviceWeights* versions, bool still, int round) {
  DeviceWeights& next = versions[still ? 0 : round % 2];
  if (still) {
    SUCCEED(AITemplateModelContainerSetManyConstants(model, next.names.data(), next.data.data(), 3));
  } else {
    SUCCEED(AITemplateModelContainerSetManyDoubleBufferConstants(model, nullptr, next.names.data(), next.data.data(), 3));
    SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model, nullptr, true));
    SUCCEED(AITemplateModelContainerSwapConstants(model));
  }
}

static void disturb(AITemplateModelHandle model, const Weights* versions, DeviceWeights* on_device, const std::atomic<int>* busy) {
  auto* own = reinterpret_cast<ait4j_model*>(model); // it is one
  Request r(4, 1);
  for (int round = 0; busy->load() > 0; round++) {
    CHECK(ait4j_trim(own) == 0 && ait4j_set_threads(own, round % 3) == 0);
    Model another;
    another.set(on_device[round % 2]);
    SUCCEED(r.run(another.handle));
    CHECK(r.gave(versions[round % 2]));
  }
}

int main(int, char** arguments) {
  const int threads = std::atoi(arguments[1]), requests = std::atoi(arguments[2]);
  const bool still = std::string(arguments[3]) == "still";
  const Weights versions[] = {Weights(1), Weights(2)};
  DeviceWeights on_device[] = {DeviceWeights(versions[0]), DeviceWeights(versions[1])};
  Model model(2);
  model.set(on_device[0]);
  std::atomic<int> busy{threads};
  std::vector<std::thread> asking;
  for (int i = 0; i < threads; i++) asking.emplace_back(ask, model.handle, versions, i * 3, requests, &busy);
  if (!still) asking.emplace_back(disturb, model.handle, versions, on_device, &busy);
  int rounds = 1;
  for (; busy.load() > 0; rounds++) {
    change(model.handle, on_device, still, rounds);
    std::this_thread::yield();
  }
  for (std::thread& t : asking) t.join();
  std::printf("%d requests, constants changed %d times\n", threads * requests, rounds);
}
