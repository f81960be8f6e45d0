// The machine's memory for arenas and constants: its own, or what a client's functions give. A Machine comes before this.
#pragma once
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include "host_memory.h"

AIT_NAMESPACE_BEGIN

// Without `allocate` it is the machine's own. Both functions are called from any thread, with the model's device current.
struct Memory {
  void* (*allocate)(void* user, size_t bytes) = nullptr; // null when there is none left
  void (*release)(void* user, void* base) = nullptr;
  void* user = nullptr;
};

struct Area {
  char* data; // aligned as kernels expect
  void* base;
  int64_t bytes;
};

// With the device current.
inline bool area_take(Area* area, const Memory& memory, int64_t bytes) {
  if (bytes < 0) return false;
  if (!memory.allocate) {
    area->data = Machine::allocate(bytes);
    area->base = area->data;
  } else {
    area->base = memory.allocate(memory.user, size_t(bytes) + Machine::ALIGNMENT);
    const uintptr_t at = reinterpret_cast<uintptr_t>(area->base) + Machine::ALIGNMENT - 1;
    area->data = area->base ? reinterpret_cast<char*>(at / Machine::ALIGNMENT * Machine::ALIGNMENT) : nullptr;
  }
  area->bytes = area->base ? bytes : 0;
  return area->base;
}

inline void area_release(Area* area, const Memory& memory, int device) {
  if (!area->base) return;
  const Machine::Scope scope(device);
  if (memory.allocate) memory.release(memory.user, area->base);
  else Machine::release(area->base);
  *area = {};
}

// Memory of constants, shared by the generations that have them in it.
struct Block {
  std::atomic<int64_t> users;
  bool on_host; // and so not of `memory`
  int device;
  Memory memory;
  Area area;
};

// With one user and, if it is not on the host, the device current; null when there is no memory.
inline Block* block_new(const Memory& memory, int device, bool on_host, int64_t bytes) {
  auto* block = static_cast<Block*>(calloc(1, sizeof(Block)));
  if (!block) return nullptr;
  block->users.store(1);
  block->on_host = on_host;
  block->device = device;
  block->memory = memory;
  bool taken;
  if (on_host) {
    block->area.base = block->area.data = allocate(bytes);
    taken = block->area.base;
  } else {
    taken = area_take(&block->area, memory, bytes);
  }
  if (taken) return block;
  free(block);
  return nullptr;
}

inline Block* block_share(Block* block) {
  if (block) block->users.fetch_add(1);
  return block;
}

inline void block_drop(Block* block) {
  if (!block || block->users.fetch_sub(1) > 1) return;
  if (block->on_host) free(block->area.base);
  else area_release(&block->area, block->memory, block->device);
  free(block);
}

AIT_NAMESPACE_END
