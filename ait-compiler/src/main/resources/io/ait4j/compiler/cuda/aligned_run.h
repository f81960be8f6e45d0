// Whether a kernel may read a caller's memory in wide pieces.
#pragma once
#include <cstdint>

namespace ait {

inline bool is_aligned_run(const void* at, int bytes) { return reinterpret_cast<uintptr_t>(at) % uintptr_t(bytes) == 0; }

} // namespace ait
