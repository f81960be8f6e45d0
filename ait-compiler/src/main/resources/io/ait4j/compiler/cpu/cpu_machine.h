// What a model has of a CPU beside its runtimes: nothing but memory.
#pragma once
#include "ait4j.h"
#include "host_memory.h"

AIT_NAMESPACE_BEGIN

struct Machine {
  static constexpr int32_t DEVICE = AIT4J_HOST;
  static constexpr int64_t ALIGNMENT = 64;

  int index; // always 0

  struct Scope { // there is nothing to make current
    explicit Scope(int) {}
    int failed() const { return 0; }
  };

  static char* allocate(int64_t bytes) { return ait::allocate(bytes); }
  static void release(void* base) { free(base); }
  static void shutdown() {}
  void use_current_device() {}
};

AIT_NAMESPACE_END
