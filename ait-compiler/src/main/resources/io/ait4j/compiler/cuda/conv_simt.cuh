// Convolution as an implicit product on the ordinary units: rows are pixels of all images, columns the output channels of a group,
// k runs over the window's places and the group's channels. Any strides, any type in memory; sums are float.
#pragma once
#include "conv_problem.h"
#include "device.cuh"
#include "tile_memory.cuh"

namespace ait {

// `Run`: neighbouring channels that one access takes; they lie side by side in image and weights, and 1 takes any strides.
// `ChannelsInner`: k counts channels fastest, as channels-last memory does; else the window's places, as channels-first does.
template <int Rows_, int Columns_, int RowsEach_, int ColumnsEach_, int Run_, bool ChannelsInner_> struct ConvTile {
  static constexpr int Rows = Rows_, Columns = Columns_, Depth = 16;
  static constexpr int RowsEach = RowsEach_, ColumnsEach = ColumnsEach_;
  static constexpr int Run = Run_;
  static constexpr bool ChannelsInner = ChannelsInner_;
  static constexpr int Across = Columns / ColumnsEach, Down = Rows / RowsEach, Threads = Across * Down;
  static constexpr int Runs = Depth / Run;
  static constexpr int APitch = Rows + 4, BPitch = Columns + 4;
  static constexpr int RowLoads = Rows * Runs / Threads, ColumnLoads = Columns * Runs / Threads;
  static constexpr bool Splits = Rows * Columns <= 2 * Depth * (APitch + BPitch); // all sums fit where the operands were
};

// Where a run of k lies, relative to a pixel's window and to an output channel's weights.
struct ConvStep {
  int64_t x, w;
  int d, h, w_in; // in the image; far outside for a k that does not exist
};

constexpr int ConvOutside = -(1 << 30);

struct ConvPixel {
  int64_t x;
  int d, h, w;
};

template <class Tile> AIT_INLINE ConvStep conv_step(const ConvProblem& p, int64_t channels, int64_t k) {
  const int64_t taps = p.kernel[0] * p.kernel[1] * p.kernel[2];
  if (k >= taps * channels) return {0, -1, ConvOutside, 0, 0};
  const uint32_t at = uint32_t(k), c = Tile::ChannelsInner ? at % uint32_t(channels) : at / uint32_t(taps);
  const uint32_t tap = Tile::ChannelsInner ? at / uint32_t(channels) : at % uint32_t(taps);
  const uint32_t kw = tap % uint32_t(p.kernel[2]), line = tap / uint32_t(p.kernel[2]);
  const uint32_t kh = line % uint32_t(p.kernel[1]), kd = line / uint32_t(p.kernel[1]);
  const int d = int(kd * p.dilation[0]), h = int(kh * p.dilation[1]), w = int(kw * p.dilation[2]);
  return {c * p.x_channel + d * p.x_step[0] + h * p.x_step[1] + w * p.x_step[2],
          c * p.w_channel + kd * p.w_step[0] + kh * p.w_step[1] + kw * p.w_step[2], d, h, w};
}

AIT_INLINE ConvPixel conv_pixel(const ConvProblem& p, int64_t row) {
  const int64_t pixels = p.out[0] * p.out[1] * p.out[2];
  if (row >= p.images * pixels) return {0, ConvOutside, 0, 0};
  const int64_t image = row / pixels;
  const uint32_t pixel = uint32_t(row - image * pixels);
  const uint32_t ow = pixel % uint32_t(p.out[2]), line = pixel / uint32_t(p.out[2]);
  const int d = int(line / uint32_t(p.out[1]) * p.stride[0] - p.pad[0]);
  const int h = int(line % uint32_t(p.out[1]) * p.stride[1] - p.pad[1]);
  const int w = int(ow * p.stride[2] - p.pad[2]);
  return {image * p.x_image + d * p.x_step[0] + h * p.x_step[1] + w * p.x_step[2], d, h, w};
}

// Blocks: x over tiles of rows times the blocks of a cluster, which share k; y over tiles of columns, z over groups.
template <class X, class W, class Tile, class Epilogue>
AIT_INLINE void conv_simt(const ConvProblem& p, const X* __restrict x, const W* __restrict weights, const Epilogue& epilogue) {
  constexpr int Depth = Tile::Depth, Run = Tile::Run, Runs = Tile::Runs, Threads = Tile::Threads;
  constexpr int AFloats = Depth * Tile::APitch, BFloats = Depth * Tile::BPitch;
  __shared__ __align__(16) float tiles[2 * (AFloats + BFloats)];
  __shared__ ConvStep steps[2][Runs];

  const int thread = threadIdx.x;
  const int64_t channels = p.channels / p.groups, outputs = p.outputs / p.groups;
  const int64_t pixels = p.out[0] * p.out[1] * p.out[2], rows = p.images * pixels;
  const int64_t k_end = p.kernel[0] * p.kernel[1] * p.kernel[2] * channels;
  const int parts = Tile::Splits ? cluster_parts() : 1, part = Tile::Splits ? cluster_part() : 0;
  const int64_t m0 = int64_t(blockIdx.x) / parts * Tile::Rows;
  const int64_t n0 = int64_t(blockIdx.y) * Tile::Columns, group = blockIdx.z;
  const int64_t all = (k_end + Depth - 1) / Depth, first = all * part / parts, last = all * (part + 1) / parts;
  x += group * channels * p.x_channel;
  weights += group * outputs * p.w_output;

  // Runs of channels: neighbouring threads take neighbouring runs of a row. Single elements: neighbouring rows.
  constexpr bool Along = Run > 1;
  constexpr int PixelsEach = Along ? Tile::RowLoads : 1;
  static_assert(Along || Threads % Tile::Rows == 0);
  ConvPixel pixel[PixelsEach];
#pragma unroll
  for (int i = 0; i < PixelsEach; ++i) {
    pixel[i] = conv_pixel(p, m0 + (Along ? thread / Runs + i * (Threads / Runs) : thread % Tile::Rows));
  }

  float a_next[Tile::RowLoads][Run], b_next[Tile::ColumnLoads][Run];
  auto find = [&](int64_t step, int buffer) {
    if (thread < Runs) steps[buffer][thread] = conv_step<Tile>(p, channels, step * Depth + thread * Run);
  };
  auto load = [&](int buffer) {
#pragma unroll
    for (int i = 0; i < Tile::RowLoads; ++i) {
      const int run = Along ? thread % Runs : thread / Tile::Rows + i * (Threads / Tile::Rows);
      const ConvStep s = steps[buffer][run];
      const ConvPixel& at = pixel[Along ? i : 0];
      const bool inside = uint32_t(at.d + s.d) < uint32_t(p.in[0]) && uint32_t(at.h + s.h) < uint32_t(p.in[1]) &&
                          uint32_t(at.w + s.w_in) < uint32_t(p.in[2]);
      load_floats<Run>(a_next[i], x + at.x + s.x, inside);
    }
#pragma unroll
    for (int i = 0; i < Tile::ColumnLoads; ++i) {
      const ConvStep s = steps[buffer][thread % Runs];
      const int64_t n = n0 + thread / Runs + i * (Threads / Runs);
      load_floats<Run>(b_next[i], weights + n * p.w_output + s.w, n < outputs && s.w >= 0);
    }
  };
  auto keep = [&](int buffer) {
    float* a = tiles + buffer * (AFloats + BFloats);
    float* b = a + AFloats;
#pragma unroll
    for (int i = 0; i < Tile::RowLoads; ++i) {
      const int run = Along ? thread % Runs : thread / Tile::Rows + i * (Threads / Tile::Rows);
      const int row = Along ? thread / Runs + i * (Threads / Runs) : thread % Tile::Rows;
#pragma unroll
      for (int j = 0; j < Run; ++j) a[(run * Run + j) * Tile::APitch + row] = a_next[i][j];
    }
#pragma unroll
    for (int i = 0; i < Tile::ColumnLoads; ++i) {
      const int run = thread % Runs, column = thread / Runs + i * (Threads / Runs);
#pragma unroll
      for (int j = 0; j < Run; ++j) b[(run * Run + j) * Tile::BPitch + column] = b_next[i][j];
    }
  };

  const int across = thread % Tile::Across, down = thread / Tile::Across;
  float sums[Tile::RowsEach][Tile::ColumnsEach] = {};
  find(first, 0);
  find(first + 1, 1);
  __syncthreads();
  if (first < last) {
    load(0);
    keep(0);
  }
  __syncthreads();
  for (int64_t step = first; step < last; ++step) {
    const int buffer = int(step - first) & 1;
    if (step + 1 < last) {
      load(buffer ^ 1);
      find(step + 2, buffer); // the steps of this buffer were used up before the last barrier
    }
    const float* a = tiles + buffer * (AFloats + BFloats);
    const float* b = a + AFloats;
#pragma unroll
    for (int k = 0; k < Depth; ++k) {
      float av[Tile::RowsEach], bv[Tile::ColumnsEach];
#pragma unroll
      for (int i = 0; i < Tile::RowsEach; i += 4) {
        *reinterpret_cast<float4*>(av + i) = *reinterpret_cast<const float4*>(a + k * Tile::APitch + (i / 4 * Tile::Down + down) * 4);
      }
#pragma unroll
      for (int j = 0; j < Tile::ColumnsEach; j += 4) {
        *reinterpret_cast<float4*>(bv + j) = *reinterpret_cast<const float4*>(b + k * Tile::BPitch + (j / 4 * Tile::Across + across) * 4);
      }
#pragma unroll
      for (int i = 0; i < Tile::RowsEach; ++i) {
#pragma unroll
        for (int j = 0; j < Tile::ColumnsEach; ++j) sums[i][j] += av[i] * bv[j];
      }
    }
    if (step + 1 < last) keep(buffer ^ 1);
    __syncthreads();
  }

  if (Tile::Splits && parts > 1) {
    // Each block has shown its sums; then each adds up some rows of all blocks, in their order.
#pragma unroll
    for (int i = 0; i < Tile::RowsEach; ++i) {
#pragma unroll
      for (int j = 0; j < Tile::ColumnsEach; j += 4) {
        const int r = (i / 4 * Tile::Down + down) * 4 + i % 4, c = (j / 4 * Tile::Across + across) * 4;
        *reinterpret_cast<float4*>(tiles + r * Tile::Columns + c) = make_float4(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]);
      }
    }
    cluster_meet();
    constexpr int Quads = Tile::Columns / 4;
    for (int i = part * Threads + thread; i < Tile::Rows * Quads; i += parts * Threads) {
      const int r = i / Quads, c = i % Quads * 4;
      float v[4] = {};
      for (int other = 0; other < parts; ++other) {
        const float4 q = cluster_read(tiles + r * Tile::Columns + c, other);
        v[0] += q.x, v[1] += q.y, v[2] += q.z, v[3] += q.w;
      }
      const int64_t row = m0 + r;
      if (row < rows) {
        finish_columns<4>(epilogue, int(row / pixels), int(row % pixels), int(group * outputs), int(n0) + c, int(outputs), v);
      }
    }
    cluster_meet(); // nobody ends while another reads its sums
    return;
  }
#pragma unroll
  for (int i = 0; i < Tile::RowsEach; ++i) {
    const int64_t row = m0 + (i / 4 * Tile::Down + down) * 4 + i % 4;
    if (row >= rows) continue;
    const int image = int(row / pixels), at = int(row - image * pixels);
#pragma unroll
    for (int j = 0; j < Tile::ColumnsEach; j += 4) {
      const int c = int(n0) + (j / 4 * Tile::Across + across) * 4;
      finish_columns<4>(epilogue, image, at, int(group * outputs), c, int(outputs), sums[i] + j);
    }
  }
}

} // namespace ait
