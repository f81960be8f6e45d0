// AITemplate's interface over our container.
#pragma once
#include "aitemplate_allocators.h"
#include "aitemplate_benchmark.h"
#include "aitemplate_border.h"
#include "aitemplate_constants.h"
#include "aitemplate_memory.h"
#include "aitemplate_profile.h"

extern "C" {

AITemplateError AITemplateModelContainerCreate(AITemplateModelHandle* ret, size_t num_runtimes,
                                               AITemplateAllocator* allocator) {
  if (ait::refuse_null({{ret, "the container's address"}})) return ait::reported(1);
  if (num_runtimes == 0 || num_runtimes > INT32_MAX)
    return ait::reported(ait::error("the number of runtimes must be positive, got %llu", (unsigned long long)num_runtimes));
  ait::ModelSettings settings;
  settings.num_runtimes = int64_t(num_runtimes);
  settings.memory = ait::memory_of(allocator);
  settings.current_device = true;
  settings.folds_at_first_run = true;
  ait4j_model* m = ait::model_new(settings);
  if (!m) return ait::reported(1);
  if (ait::Machine::DEVICE != AIT4J_HOST) ait::set_cold_profiles(m, 1);
  *ret = reinterpret_cast<AITemplateModelHandle>(m);
  return AITemplateError::AITemplateSuccess;
}

AITemplateError AITemplateModelContainerDelete(AITemplateModelHandle handle) {
  if (ait::refuse_null({{handle, "the container"}})) return ait::reported(1);
  ait::model_delete(ait::of(handle));
  return AITemplateError::AITemplateSuccess;
}
}
