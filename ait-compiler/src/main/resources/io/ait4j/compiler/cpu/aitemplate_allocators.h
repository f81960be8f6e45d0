// Where containers that AITemplate's clients create get memory.
#pragma once
#include "aitemplate_errors.h"

AIT_NAMESPACE_BEGIN

inline void* allocate_by(void* allocator, size_t bytes) { return static_cast<AITemplateAllocator*>(allocator)->Allocate(bytes); }

inline void release_by(void* allocator, void* memory) { static_cast<AITemplateAllocator*>(allocator)->Free(memory); }

inline Memory memory_of(AITemplateAllocator* allocator) {
  return allocator ? Memory{allocate_by, release_by, allocator} : Memory{};
}

// An allocator of ours. It is a C++ object by the ABI's layout and not by `class`, whose destructors would need the C++
// library.
struct DeviceAllocator {
  const void* table;
  std::atomic<size_t> tracked;
};

// What C++ calls through; `table` points to the first function.
struct AllocatorTable {
  intptr_t offset_to_top;
  const void* type_info;
  void* (*allocate)(DeviceAllocator*, size_t);
  void (*release)(DeviceAllocator*, void*);
  void (*destroy)(DeviceAllocator*);
  void (*destroy_and_free)(DeviceAllocator*);
};

inline void* allocate_on_device(DeviceAllocator*, size_t bytes) {
  void* memory = nullptr;
  return Device::allocate(&memory, bytes, nullptr) || Device::wait(nullptr) ? nullptr : memory;
}

inline void* allocate_tracked(DeviceAllocator* a, size_t bytes) {
  void* memory = allocate_on_device(a, bytes);
  if (memory) a->tracked.fetch_add(bytes, std::memory_order_relaxed);
  return memory;
}

inline void release_on_device(DeviceAllocator*, void* memory) { Device::release(memory, nullptr); }

inline void allocator_destroy(DeviceAllocator*) {}

inline void allocator_free(DeviceAllocator* a) { free(a); }

inline const AllocatorTable default_table = {0,       nullptr, allocate_on_device, release_on_device, allocator_destroy,
                                             allocator_free};
inline const AllocatorTable tracking_table = {0,       nullptr, allocate_tracked, release_on_device, allocator_destroy,
                                              allocator_free};

inline int allocator_new(AITemplateAllocator** out, AITemplateAllocatorType type) {
  const AllocatorTable* table = type == AITemplateAllocatorType::kDefault    ? &default_table
                                : type == AITemplateAllocatorType::kTracking ? &tracking_table
                                                                             : nullptr;
  if (!table) return error("there is no allocator of type %d: take 0 (default) or 1 (tracking)", int(type));
  auto* a = static_cast<DeviceAllocator*>(calloc(1, sizeof(DeviceAllocator)));
  if (!a) return error("out of memory");
  a->table = &table->allocate;
  *out = reinterpret_cast<AITemplateAllocator*>(a);
  return 0;
}

inline int tracked_bytes(const AITemplateAllocator* allocator, size_t* out) {
  auto* a = reinterpret_cast<const DeviceAllocator*>(allocator);
  if (a->table != &tracking_table.allocate) return error("the allocator is not one that tracks");
  *out = a->tracked.load();
  return 0;
}

AIT_NAMESPACE_END

extern "C" {

AITemplateError AITemplateAllocatorCreate(AITemplateAllocator** out, AITemplateAllocatorType type) {
  return ait::reported(ait::refuse_null({{out, "the allocator's address"}}) || ait::allocator_new(out, type));
}

AITemplateError AITemplateAllocatorDelete(AITemplateAllocator* allocator) {
  if (ait::refuse_null({{allocator, "the allocator"}})) return ait::reported(1);
  delete allocator;
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateTrackingAllocatorGetNumBytes(AITemplateAllocator* allocator, size_t* out) {
  return ait::reported(ait::refuse_null({{allocator, "the allocator"}, {out, "the number's address"}}) ||
                       ait::tracked_bytes(allocator, out));
}
}
