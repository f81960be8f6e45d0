// The first failure that a kernel found in a run: in memory that the host and the device see.
#pragma once
#include <cstdint>

namespace ait {

// An operator's index outside of its dimension.
struct DeviceFailure {
  unsigned set; // 0: none
  int64_t at, extent;
  char operation[80];
};

}
