// AITemplate's Profile: what each kernel takes, as a JSON file.
#pragma once
#include <cerrno>
#include "aitemplate_run.h"

AIT_NAMESPACE_BEGIN

// Of num_iters runs, their sums.
inline int profile_runs(ait4j_model* m, ClientCall* call, size_t num_iters, ait4j_kernel_profile* sums,
                        ait4j_kernel_profile* once) {
  for (size_t run = 0; run < num_iters; run++) {
    if (call->run(m, Call::OwnStream, nullptr, false, once)) return 1;
    for (int64_t k = 0; k < model::num_kernels; k++) {
      const int64_t before = sums[k].nanos;
      sums[k] = once[k];
      sums[k].nanos += before;
    }
  }
  return 0;
}

inline int write_profile(const ait4j_kernel_profile* sums, size_t num_iters, const char* filename) {
  FILE* file = fopen(filename, "w");
  if (!file) return error("cannot write the profile to %s: %s", filename, strerror(errno));
  bool written = fputs("{\n", file) >= 0;
  for (int64_t k = 0; k < model::num_kernels; k++) {
    const ait4j_kernel_profile& p = sums[k];
    const long long nanos = p.nanos > int64_t(num_iters) ? p.nanos / int64_t(num_iters) : 1, rate = 1000000000000 / nanos;
    // Whatever the locale, a point before the fractions.
    written &= fprintf(file,
                       "  \"%s\": {\"ms_per_iter\": %lld.%06lld, \"qps\": %lld.%03lld, \"flops\": %lld, \"bytes\": %lld, "
                       "\"constant_bytes\": %lld}%s\n",
                       p.name, nanos / 1000000, nanos % 1000000, rate / 1000, rate % 1000, (long long)p.flops, (long long)p.bytes, (long long)p.constant_bytes,
                       k + 1 < model::num_kernels ? "," : "") > 0;
  }
  written &= fputs("}\n", file) >= 0;
  return fclose(file) == 0 && written ? 0 : error("cannot write the profile to %s: %s", filename, strerror(errno));
}

inline int profile_for(AITemplateModelHandle handle, const AITData* inputs, size_t num_inputs, const AITData* outputs,
                       size_t num_outputs, void* stream, size_t num_iters, const char* filename) {
  if (refuse_null({{handle, "the container"}, {filename, "the profile's file name"}})) return 1;
  if (num_iters == 0) return error("the number of runs to profile must be positive");
  const Machine::Scope scope(of(handle)->machine.index); // whose default stream may be meant
  if (scope.failed()) return 1;
  ClientCall call;
  if (call.take(of(handle), inputs, num_inputs, outputs, num_outputs, Machine::DEVICE)) return 1;
  if (Device::wait(stream)) return 1; // of what brings the inputs
  const size_t count = size_t(model::num_kernels) + 1;
  auto* sums = static_cast<ait4j_kernel_profile*>(calloc(count, sizeof(ait4j_kernel_profile)));
  auto* once = static_cast<ait4j_kernel_profile*>(calloc(count, sizeof(ait4j_kernel_profile)));
  const int result = !sums || !once ? error("out of memory")
                                    : profile_runs(of(handle), &call, num_iters, sums, once) ||
                                          write_profile(sums, num_iters, filename);
  free(sums), free(once);
  return result;
}

AIT_NAMESPACE_END

extern "C" AITemplateError AITemplateModelContainerProfile(AITemplateModelHandle handle, const AITData* inputs,
                                                           size_t num_inputs, AITData* outputs, size_t num_outputs,
                                                           AITemplateStreamHandle stream, size_t num_iters,
                                                           const char* filename) {
  return ait::reported(ait::profile_for(handle, inputs, num_inputs, outputs, num_outputs, stream, num_iters, filename));
}
