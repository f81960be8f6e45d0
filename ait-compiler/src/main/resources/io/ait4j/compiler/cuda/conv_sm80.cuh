// Convolution by mma.sync: for GPUs without wgmma, and for groups, depth and windows that the copy engine of Hopper does not gather.
// Images are channels-last with a multiple of 16 bytes of channels in a group; rows are pixels of all images, columns output channels of a
// group, k runs over the window's places and the channels.
#pragma once
#include "conv_problem.h"
#include "gemm_sm80.cuh"

namespace ait {

// Where a few channels of a place of the window are; moved on by a stage at a time, from one place to the next.
struct ConvWalk {
  int c, kd, kh, kw;

  AIT_INLINE void settle(const ConvProblem& p, int channels) {
    while (c >= channels) {
      c -= channels;
      if (++kw < int(p.kernel[2])) continue;
      kw = 0;
      if (++kh < int(p.kernel[1])) continue;
      kh = 0, ++kd;
    }
  }
};

// A pixel of the result: its image, and where its window begins there.
struct ConvCorner {
  int64_t image;
  int d, h, w;
};

// The epilogue wants the image and the pixel, and the output channel over all groups. Wide pieces lie within a group.
template <class Epilogue> struct GroupPixels {
  static constexpr int Width = Epilogue::Width;
  const Epilogue& epilogue;
  int pixels, column, outputs;

  template <int C> AIT_INLINE void run(int, int m, int n, const float* sums) const {
    const int image = m / pixels;
    if (column % C == 0 && n + C <= outputs) {
      epilogue.template run<C>(image, m - image * pixels, column + n, sums);
    } else {
#pragma unroll
      for (int i = 0; i < C; ++i) {
        if (n + i < outputs) epilogue.template run<1>(image, m - image * pixels, column + n + i, sums + i);
      }
    }
  }
};

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes. Blocks: x over tiles of rows times tiles of columns, z over
// groups.
template <class Tile, class T, class Epilogue>
AIT_INLINE void conv_mma(const ConvProblem& p, const T* __restrict x, const T* __restrict weights, const Epilogue& epilogue) {
  extern __shared__ __align__(128) uint8_t raw[];
  const uint32_t ring = static_cast<uint32_t>(__cvta_generic_to_shared(raw));
  constexpr int Lines = Tile::Threads / 8, RowsEach = Tile::Rows / Lines, ColumnsEach = Tile::Columns / Lines;
  const int channels = int(p.channels / p.groups), outputs = int(p.outputs / p.groups), group = blockIdx.z;
  const int pixels = int(p.out[0] * p.out[1] * p.out[2]), all = int(p.images * pixels);
  const int rows = (all + Tile::Rows - 1) / Tile::Rows;
  const int m = blockIdx.x % rows * Tile::Rows, n = blockIdx.x / rows * Tile::Columns;
  const int places = int(p.kernel[0] * p.kernel[1] * p.kernel[2]), steps = (places * channels + Tile::Depth - 1) / Tile::Depth;
  x += group * channels * p.x_channel;
  weights += int64_t(group) * outputs * p.w_output;

  const int piece = threadIdx.x % 8, line = threadIdx.x / 8;
  ConvCorner corners[RowsEach];
#pragma unroll
  for (int i = 0; i < RowsEach; ++i) {
    const int row = m + line + i * Lines, image = row / pixels, pixel = row - image * pixels;
    const int ow = pixel % int(p.out[2]), above = pixel / int(p.out[2]);
    const bool there = row < all;
    corners[i] = {image * p.x_image, there ? int(above / int(p.out[1]) * p.stride[0] - p.pad[0]) : -(1 << 30),
                  int(above % int(p.out[1]) * p.stride[1] - p.pad[1]), int(ow * p.stride[2] - p.pad[2])};
  }
  ConvWalk walk{piece * (16 / int(sizeof(T))), 0, 0, 0};
  walk.settle(p, channels);
  auto copy = [&](int s) {
    if (s < steps) {
      const uint32_t to = ring + s % Tile::Stages * Tile::StageBytes;
      const int dd = walk.kd * int(p.dilation[0]), dh = walk.kh * int(p.dilation[1]), dw = walk.kw * int(p.dilation[2]);
      const bool exists = walk.kd < int(p.kernel[0]);
#pragma unroll
      for (int i = 0; i < RowsEach; ++i) {
        const int d = corners[i].d + dd, h = corners[i].h + dh, w = corners[i].w + dw;
        const bool inside =
            exists && uint32_t(d) < uint32_t(p.in[0]) && uint32_t(h) < uint32_t(p.in[1]) && uint32_t(w) < uint32_t(p.in[2]);
        const T* from = inside ? x + corners[i].image + d * p.x_step[0] + h * p.x_step[1] + w * p.x_step[2] + walk.c : x;
        copy_async<16>(line_address(to, line + i * Lines, piece), from, inside ? 16 : 0);
      }
      const T* place = weights + walk.kd * p.w_step[0] + walk.kh * p.w_step[1] + walk.kw * p.w_step[2] + walk.c;
#pragma unroll
      for (int i = 0; i < ColumnsEach; ++i) {
        const int column = n + line + i * Lines;
        const bool inside = exists && column < outputs;
        copy_async<16>(line_address(to + Tile::ABytes, line + i * Lines, piece), inside ? place + column * p.w_output : weights,
                       inside ? 16 : 0);
      }
      walk.c += Tile::Depth;
      walk.settle(p, channels);
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
  };

  for (int s = 0; s < Tile::Stages - 1; ++s) copy(s);
  constexpr int RowBlocks = Tile::WarpRows / 16, ColumnBlocks = Tile::WarpColumns / 8;
  const int warp = threadIdx.x / 32, wm = warp / Tile::Across * Tile::WarpRows, wn = warp % Tile::Across * Tile::WarpColumns;
  float d[RowBlocks][ColumnBlocks * 4] = {};
  for (int s = 0; s < steps; ++s) {
    asm volatile("cp.async.wait_group %0;" ::"n"(Tile::Stages - 2) : "memory");
    __syncthreads();
    copy(s + Tile::Stages - 1);
    multiply_stage<Tile, T, true, true>(d, ring + s % Tile::Stages * Tile::StageBytes, wm, wn);
  }
  const GroupPixels<Epilogue> result{epilogue, pixels, group * outputs, outputs};
#pragma unroll
  for (int i = 0; i < RowBlocks; ++i) finish_fragment<ColumnBlocks, false>(result, d[i], 0, m + wm + i * 16, n + wn, all, outputs);
}

} // namespace ait
