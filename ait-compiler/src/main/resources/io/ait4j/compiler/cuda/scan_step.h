// How lines are shared out. Both compilers read this.
#pragma once
#include <cstdint>

namespace ait {

struct ScanStep {
  int32_t group = 1; // threads that walk a line together: 1, 32 or 256
};

}
