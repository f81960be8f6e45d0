// Memory and streams for AITemplate's clients: the host's memory, and no streams.
#pragma once
#include "errors.h"
#include "host_memory.h"

AIT_NAMESPACE_BEGIN

struct Device {
  static int allocate(void** out, size_t bytes, void*) {
    *out = bytes <= size_t(INT64_MAX) ? ait::allocate(int64_t(bytes)) : nullptr;
    return *out ? 0 : error("out of memory: %llu bytes", (unsigned long long)bytes);
  }

  static int release(void* memory, void*) {
    free(memory);
    return 0;
  }

  static int copy(void* to, const void* from, size_t bytes, void*) {
    if (bytes > 0) memmove(to, from, bytes);
    return 0;
  }

  static int wait(void*) { return 0; }

  // All memory is the host's.
  static int refuse_host(const void*, const char*, const char*) { return 0; }
  static int refuse_device(const void*, const char*, const char*) { return 0; }

  static int stream_new(void** out) {
    *out = nullptr;
    return 0;
  }

  static void stream_delete(void*) {}
};

AIT_NAMESPACE_END
