// AITemplate's helpers for a device's memory.
#pragma once
#include "aitemplate_errors.h"

AIT_NAMESPACE_BEGIN

inline int copy_memory(void* to, const void* from, size_t bytes, AITemplateMemcpyKind kind, void* stream, bool sync) {
  if (int(kind) < 0 || kind > AITemplateMemcpyKind::DeviceToDevice)
    return error("there is no kind of copy %d: take 0 (to the device), 1 (to the host) or 2 (on the device)", int(kind));
  if (bytes > 0 && refuse_null({{to, "the memory to copy to"}, {from, "the memory to copy from"}})) return 1;
  if (bytes > 0 && Device::copy(to, from, bytes, stream)) return 1;
  return sync ? Device::wait(stream) : 0;
}

AIT_NAMESPACE_END

extern "C" {

AITemplateError AITemplateDeviceMalloc(void** out, size_t size, AITemplateStreamHandle stream, bool sync) {
  return ait::reported(ait::refuse_null({{out, "the memory's address"}}) || ait::Device::allocate(out, size, stream) ||
                       (sync && ait::Device::wait(stream)));
}

AITemplateError AITemplateDeviceFree(void* ptr, AITemplateStreamHandle stream, bool sync) {
  return ait::reported(ait::Device::release(ptr, stream) || (sync && ait::Device::wait(stream)));
}

AITemplateError AITemplateMemcpy(void* dst, const void* src, size_t count, AITemplateMemcpyKind kind,
                                 AITemplateStreamHandle stream, bool sync) {
  return ait::reported(ait::copy_memory(dst, src, count, kind, stream, sync));
}
}
