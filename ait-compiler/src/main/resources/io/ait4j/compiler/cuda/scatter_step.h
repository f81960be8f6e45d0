// How writes to places that are data are shared out. Both compilers read this.
#pragma once
#include <cstdint>

namespace ait {

struct ScatterStep {
  enum Part : int32_t { COPY, ALONE, LINE, LINES };
  Part part = COPY;       // a thread for each line, a warp for a line, or a warp for 32 lines of the same places
  int32_t counting = 0;   // places of which a warp counts the writes, in shared memory
  int64_t partitions = 1; // of the places; a warp writes to those of one, in order
  int64_t range = 1;      // places of a partition
};

}
