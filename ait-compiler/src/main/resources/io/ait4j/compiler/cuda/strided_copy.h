// What the kernel that copies between strides gets. Both compilers read this.
#pragma once
#include <cstdint>

namespace ait {

// Of `count` elements of `bytes` each; strides in elements.
struct StridedCopy {
  char* to;
  const char* from;
  int64_t count;
  int32_t rank, bytes;
  int64_t sizes[16], to_strides[16], from_strides[16];
};

}
