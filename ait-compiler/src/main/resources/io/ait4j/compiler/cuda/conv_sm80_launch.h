// Starts convolutions by mma.sync.
#pragma once
#include "conv_launch.h"
#include "gemm_tile.h"

namespace ait {

template <class Tile> Launch conv_mma_launch(const ConvProblem& p) {
  const int64_t rows = (conv_rows(p) + Tile::Rows - 1) / Tile::Rows, columns = (p.outputs / p.groups + Tile::Columns - 1) / Tile::Columns;
  return {uint32_t(rows * columns), 1, uint32_t(p.groups), Tile::Threads, Tile::SharedBytes};
}

} // namespace ait
