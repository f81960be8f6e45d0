// Both compilers read this.
#pragma once
#include <cstdint>

namespace ait {

struct RecurStep {
  int64_t number = 0; // of the steps, in the order that they are taken
};

}
