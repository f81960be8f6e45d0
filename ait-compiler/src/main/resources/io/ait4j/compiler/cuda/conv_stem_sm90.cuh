// Convolution of images of four or eight channels on Hopper, as the first of a network is once its image has been filled up with
// zeros: a window's lines are runs of neighbouring elements, which the copy engine brings as they are. Rows of the product are
// pixels, in patches of 8 lines by 16 columns; k runs over the window's lines. Weights come once and stay.
#pragma once
#include "conv_windows.h"
#include "gemm_sm90.cuh"

namespace ait {

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

// How `Lines` lines of a window lie in a stage, one after the other: 64 / Lines elements for each pixel or output channel, swizzled.
template <int Lines> struct StemLayout {
  static_assert(Lines == 1 || Lines == 2);
  static constexpr int RowBytes = 128 / Lines;

  AIT_INLINE static uint64_t descriptor(const uint8_t* rows) {
    const uint64_t d = tile_descriptor(rows, 16, 8 * RowBytes);
    return Lines == 1 ? d : d ^ (uint64_t{3} << 62); // swizzled within 128 bytes or within 64
  }
};

// The copying thread. Its ring holds all steps once or several times, so that a buffer always sees the same step: weights are
// brought in the first round only. a_map: element of a line, column, line of the window, line, image. b_map: element of a line, line,
// output channel.
template <class Tile, int Lines, bool Weights>
AIT_INLINE void copy_stem(const TensorMap& a_map, const TensorMap& b_map, const StemWindows& walk, uint8_t* ring, uint64_t* full,
                          uint64_t* empty, int patches, int steps, int n) {
  auto load_b = [&](int stage, int step) {
    uint8_t* to = ring + stage * Tile::StageBytes + Tile::ABytes;
#pragma unroll
    for (int i = 0; i < Lines; ++i) tensor_load(to + i * (Tile::BBytes / Lines), &b_map, full + stage, 0, step * Lines + i, n);
  };
  int fresh = 0; // buffers whose weights are on their way
  if (Weights) {
    for (; fresh < Tile::Stages; ++fresh) {
      barrier_expect(full + fresh, Tile::StageBytes);
      load_b(fresh, fresh % steps);
    }
  }
  wait_for_previous();
  int stage = 0, phase = 0, done = 0;
  for (int patch = blockIdx.x; patch < patches; patch += gridDim.x) {
    const int image = walk.patches.quotient(patch), in_image = patch - image * walk.patches.value;
    const int down = walk.across.quotient(in_image), across = in_image - down * walk.across.value;
    for (int s = 0; s < steps; ++s) {
      if (done >= Tile::Stages) {
        barrier_wait(empty + stage, phase ^ 1);
        barrier_expect(full + stage, Tile::ABytes);
      } else if (done++ >= fresh) {
        barrier_expect(full + stage, Tile::StageBytes);
        load_b(stage, s);
      }
      uint8_t* to = ring + stage * Tile::StageBytes;
#pragma unroll
      for (int i = 0; i < Lines; ++i) {
        tensor_load(to + i * (Tile::ABytes / Lines), &a_map, full + stage, 0, across * StemColumns, s * Lines + i, down * StemRows, image);
      }
      if (++stage == Tile::Stages) stage = 0, phase ^= 1;
    }
  }
}

// A warpgroup's 64 pixels of a patch.
template <class T, class Tile, int Lines>
AIT_INLINE void multiply_stem(float (&d)[Tile::Columns / 2], uint8_t* ring, uint64_t* full, uint64_t* empty, int consumer, int steps,
                              int& stage, int& phase) {
  typedef StemLayout<Lines> Layout;
  const bool leader = threadIdx.x % 128 == 0;
  int before = -1;
  for (int s = 0; s < steps; ++s) {
    barrier_wait(full + stage, phase);
    const uint8_t* a = ring + stage * Tile::StageBytes + consumer * 64 * Layout::RowBytes;
    const uint8_t* b = ring + stage * Tile::StageBytes + Tile::ABytes;
    product_fence();
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      const int line = k * Lines / 4, in_line = k % (4 / Lines);
      product<T, Tile::Columns, 0, 0>(d, Layout::descriptor(a + line * (Tile::ABytes / Lines)) + in_line * 2,
                                      Layout::descriptor(b + line * (Tile::BBytes / Lines)) + in_line * 2, s > 0 || k > 0);
    }
    product_commit();
    if (before >= 0) {
      product_wait<1>();
      if (leader) barrier_arrive(empty + before);
    }
    before = stage;
    if (++stage == Tile::Stages) stage = 0, phase ^= 1;
  }
  product_wait<0>();
  if (leader && before >= 0) barrier_arrive(empty + before);
}

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes, whose rows are a patch and whose stages a multiple of the
// steps, `Lines` lines of the window each. Blocks along x take one patch after another, blocks along y columns of the
// result. With `Whole`, those end where output channels do.
template <class T, class Tile, int Lines, bool Weights, bool Whole, class Epilogue>
AIT_INLINE void stem_wgmma(const TensorMap& a_map, const TensorMap& b_map, const GemmProblem& p, const StemWindows& walk,
                           const Epilogue& epilogue) {
  static_assert(Tile::Rows == StemPatch && Tile::Split == 1);
  extern __shared__ uint8_t raw[];
  uint8_t* ring = raw + (-shared_address(raw) & 1023);
  uint64_t* full = reinterpret_cast<uint64_t*>(ring + Tile::RingEnd);
  uint64_t* empty = full + Tile::Stages;
  const int group = threadIdx.x / 128, steps = p.k / 64;
  const int patches = p.m / StemPatch, n = blockIdx.y * Tile::Columns;
  if (threadIdx.x == 0) {
    tensor_prefetch(&a_map);
    tensor_prefetch(&b_map);
    for (int s = 0; s < Tile::Stages; ++s) {
      barrier_init(full + s, 1);
      barrier_init(empty + s, Tile::Consumers);
    }
    barrier_init_fence();
  }
  __syncthreads();
  let_next_begin();
  if (group == 0) {
    if (threadIdx.x == 0) copy_stem<Tile, Lines, Weights>(a_map, b_map, walk, ring, full, empty, patches, steps, n);
    return;
  }
  wait_for_previous();
  const int consumer = group - 1, warp = threadIdx.x % 128 / 32;
  const StemPixels<Epilogue> rows{epilogue, walk};
  int stage = 0, phase = 0;
  for (int patch = blockIdx.x; patch < patches; patch += gridDim.x) {
    float d[Tile::Columns / 2];
    multiply_stem<T, Tile, Lines>(d, ring, full, empty, consumer, steps, stage, phase);
    finish_fragment<Tile::Columns / 8, Whole>(rows, d, 0, patch * StemPatch + consumer * 64 + warp * 16, n, p.m, p.n);
  }
}

} // namespace ait
