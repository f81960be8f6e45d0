// Convolution of images of eight channels on Hopper, as the first of a network is once its image has been filled up with zeros: a
// line of the window is at most 64 neighbouring elements, which the copy engine brings at once. Rows of the product are pixels, in
// patches of 8 lines by 16 columns; k runs over the window's lines.
#pragma once
#include "conv_windows.h"
#include "gemm_sm90.cuh"

namespace ait {

struct StemLines {
  static constexpr bool AColumns = false, BColumns = true;
  const TensorMap& a_map; // element of a window's line, column, line within a stride, stride of lines, image
  const TensorMap& b_map; // element of a window's line, line, output channel
  const StemWindows& walk;

  AIT_INLINE void prefetch() const {
    tensor_prefetch(&a_map);
    tensor_prefetch(&b_map);
  }

  template <class Tile> AIT_INLINE void load_a(uint8_t* to, uint64_t* full, const GemmProblem&, int m, int, int step) const {
    const int patch = m / StemPatch, image = walk.patches.quotient(patch), in_image = patch - image * walk.patches.value;
    const int down = walk.across.quotient(in_image), across = in_image - down * walk.across.value;
    const int strides = walk.stride.quotient(step);
    static_assert(Tile::Rows == StemPatch);
    tensor_load(to, &a_map, full, 0, across * StemColumns, step - strides * walk.stride.value, down * StemRows + strides, image);
  }

  template <class Tile> AIT_INLINE void load_b(uint8_t* to, uint64_t* full, const GemmProblem&, int n, int, int step) const {
    tensor_load(to, &b_map, full, 0, step, n);
  }
};

// Rows of the product are counted patch by patch; the epilogue wants the image and the pixel.
template <class Epilogue> struct StemPixels {
  static constexpr int Width = Epilogue::Width;
  const Epilogue& epilogue;
  const StemWindows& walk;

  template <int C> AIT_INLINE void run(int, int m, int n, const float* sums) const {
    const int patch = m / StemPatch, in_patch = m % StemPatch, image = walk.patches.quotient(patch);
    const int in_image = patch - image * walk.patches.value, down = walk.across.quotient(in_image);
    const int line = down * StemRows + in_patch / StemColumns;
    const int column = (in_image - down * walk.across.value) * StemColumns + in_patch % StemColumns;
    if (line < walk.lines && column < walk.columns) epilogue.template run<C>(image, line * walk.columns + column, n, sums);
  }
};

template <class T, class Tile, bool Weights, class Epilogue>
AIT_INLINE void stem_wgmma(const TensorMap& a_map, const TensorMap& b_map, const GemmProblem& p, const StemWindows& walk,
                           const Epilogue& epilogue) {
  const StemLines operands{a_map, b_map, walk};
  const StemPixels<Epilogue> rows{epilogue, walk};
  gemm_wgmma<T, Tile, Weights>(operands, p, rows);
}

} // namespace ait
