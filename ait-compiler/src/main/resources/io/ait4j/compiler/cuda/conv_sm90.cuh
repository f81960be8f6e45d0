// Convolution on Hopper: the product of gemm_sm90.cuh, whose tiles of windows the copy engine gathers from a channels-last image.
// Rows are pixels of all images; k runs over the window's places and, 128 bytes at a time, the channels.
#pragma once
#include "conv_windows.h"
#include "gemm_sm90.cuh"

namespace ait {

// Weights are out channels x places x channels.
struct Windows {
  static constexpr bool AColumns = false, BColumns = true;
  const TensorMap& a_map;
  const TensorMap& b_map;
  const ConvWindows& walk;

  AIT_INLINE void prefetch() const {
    tensor_prefetch(&a_map);
    tensor_prefetch(&b_map);
  }

  template <class Tile> AIT_INLINE void load_a(uint8_t* to, uint64_t* full, const GemmProblem&, int m, int, int step) const {
    const int place = walk.slices.quotient(step), c = (step - place * walk.slices.value) * Tile::Depth;
    const int dy = walk.places_x.quotient(place), dx = place - dy * walk.places_x.value;
    const int line = walk.width.quotient(m), x = m - line * walk.width.value;
    const int image = walk.height.quotient(line), y = line - image * walk.height.value;
    tensor_load_pixels(to, &a_map, full, c, x * walk.stride_x - walk.pad_x, y * walk.stride_y - walk.pad_y, image,
                       dx * walk.dilation_x, dy * walk.dilation_y);
  }

  template <class Tile> AIT_INLINE void load_b(uint8_t* to, uint64_t* full, const GemmProblem&, int n, int, int step) const {
    const int place = walk.slices.quotient(step);
    tensor_load(to, &b_map, full, (step - place * walk.slices.value) * Tile::Depth, place, n);
  }
};

// Rows of the product are counted over all images; the epilogue wants the image and the pixel.
template <class Epilogue> struct PixelRows {
  static constexpr int Width = Epilogue::Width;
  const Epilogue& epilogue;
  const ConvWindows& walk;

  template <int C> AIT_INLINE void run(int, int m, int n, const float* sums) const {
    const int image = walk.pixels.quotient(m);
    epilogue.template run<C>(image, m - image * walk.pixels.value, n, sums);
  }
};

// With `Whole`, tiles end where output channels do.
template <class T, class Tile, bool Weights, bool Whole, class Epilogue>
AIT_INLINE void conv_wgmma(const TensorMap& a_map, const TensorMap& b_map, const GemmProblem& p, const ConvWindows& walk,
                           const Epilogue& epilogue) {
  const Windows operands{a_map, b_map, walk};
  const PixelRows<Epilogue> rows{epilogue, walk};
  gemm_wgmma<T, Tile, Weights, Whole>(operands, p, rows);
}

} // namespace ait
