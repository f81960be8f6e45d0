// What the launches of a sort differ in. Both compilers read this.
#pragma once
#include <cstdint>

namespace ait {

struct SortStep {
  // Rows of up to CHUNK elements are sorted in shared memory, some at once, and are done. Longer ones are sorted chunk by
  // chunk, and the runs merged two by two, from one half of the workspace into the other, until one is left.
  enum Part : int32_t { ROWS, CHUNKS, MERGE, FINISH, NOTHING };
  static constexpr int64_t CHUNK = 2048; // OrderConverters asks for a workspace beyond

  Part part = ROWS;
  int32_t width = 1;  // elements that a row or chunk takes in shared memory: a power of two
  int32_t at_once = 1; // rows that a block sorts together
  int32_t half = 0;   // of the workspace, that has the runs
  int64_t keep = 0;   // of a run, only so many are of use
  int64_t span = 0;   // elements of a row that a run is of
  int64_t row = 0;    // elements of the workspace for a row
};

}
