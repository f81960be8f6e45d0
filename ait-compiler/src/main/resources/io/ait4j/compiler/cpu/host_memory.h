// Memory of the host for tensors.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include "vec.h"

AIT_NAMESPACE_BEGIN

// 64-byte aligned; large blocks start on a huge page and ask for more of them. Null when there is no memory.
inline char* allocate(int64_t bytes) {
  const size_t huge = size_t(2) << 20;
  size_t size = bytes < 64 ? 64 : size_t(bytes);
  size_t align = size >= huge ? huge : 64;
  void* p = nullptr;
  if (posix_memalign(&p, align, (size + align - 1) / align * align) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  if (align == huge) madvise(p, (size + align - 1) / align * align, MADV_HUGEPAGE);
#endif
  return static_cast<char*>(p);
}

AIT_NAMESPACE_END
