// Of functions that compute each element by itself. Both compilers read this.
#pragma once
#include <cstdint>

namespace ait {

struct ElementStep {
  int64_t split = 1; // threads that share out the channels of a point
};

}
