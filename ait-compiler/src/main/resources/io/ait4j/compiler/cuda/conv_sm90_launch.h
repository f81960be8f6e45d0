// Starts convolutions on Hopper: the copy engine's maps of image and weights.
#pragma once
#include "conv_launch.h"
#include "conv_windows.h"
#include "gemm_launch.h"

namespace ait {

// Whether the copy engine can gather the windows: two dimensions of space, channels side by side, all else in steps of 16 bytes.
template <class T> bool conv_copies(const ConvProblem& p, const T* x, const T* w) {
  const auto steps = [](int64_t stride) { return stride % int64_t(16 / sizeof(T)) == 0 && stride > 0 && stride < int64_t(1) << 38; };
  const auto near = [](int64_t corner) { return corner >= -128 && corner <= 127; };
  bool fits = p.in[0] == 1 && p.out[0] == 1 && p.kernel[0] == 1 && p.groups == 1 && p.channels > 0;
  fits = fits && (p.channels == 1 || (p.x_channel == 1 && p.w_channel == 1));
  fits = fits && uintptr_t(x) % 16 == 0 && uintptr_t(w) % 16 == 0 && (p.images == 1 || steps(p.x_image));
  fits = fits && (p.outputs == 1 || steps(p.w_output)) && (p.kernel[2] == 1 || steps(p.w_step[2]));
  fits = fits && (p.kernel[1] == 1 || p.w_step[1] == p.kernel[2] * (p.kernel[2] == 1 ? p.w_step[1] : p.w_step[2]));
  fits = fits && (p.kernel[1] == 1 || steps(p.w_step[1]));
  for (int i = 1; i < 3; ++i) {
    const int64_t last = (p.out[i] - 1) * p.stride[i] + 1 - p.pad[i] - p.in[i];
    fits = fits && (p.in[i] == 1 || steps(p.x_step[i])) && p.in[i] > 0 && p.out[i] > 0 && p.stride[i] <= 8;
    fits = fits && near(-p.pad[i]) && near(last) && (p.kernel[i] - 1) * p.dilation[i] <= 255;
  }
  return fits && conv_rows(p) < int64_t(1) << 30;
}

template <class Tile, class... Arguments>
void launch_conv_wgmma(const cuda::Context& cx, DeviceKernel& kernel, const ConvProblem& p, DType dtype, const void* x, const void* w,
                       const Arguments&... arguments) {
  const int64_t places = p.kernel[1] * p.kernel[2], slices = (p.channels + Tile::Depth - 1) / Tile::Depth, rows = conv_rows(p);
  if (rows == 0 || p.outputs == 0) return;
  // Strides of dimensions of one element do not matter, but must be legal.
  const auto bytes = [](int64_t stride, int64_t size) { return uint64_t(size == 1 || stride <= 0 ? 16 : stride * Tile::Bytes); };
  const uint64_t sizes[] = {uint64_t(p.channels), uint64_t(p.in[2]), uint64_t(p.in[1]), uint64_t(p.images)};
  const uint64_t strides[] = {bytes(p.x_step[2], p.in[2]), bytes(p.x_step[1], p.in[1]), bytes(p.x_image, p.images)};
  const int lower[] = {int(-p.pad[2]), int(-p.pad[1])};
  const int upper[] = {int((p.out[2] - 1) * p.stride[2] + 1 - p.pad[2] - p.in[2]),
                       int((p.out[1] - 1) * p.stride[1] + 1 - p.pad[1] - p.in[1])};
  const uint32_t steps[] = {1, uint32_t(p.stride[2]), uint32_t(p.stride[1]), 1};
  CUtensorMap a_map, b_map;
  if (!tensor_map_im2col(cx, &a_map, dtype, 4, x, sizes, strides, lower, upper, Tile::Depth, Tile::Rows, steps)) return;
  const int64_t place = p.kernel[2] > 1 ? p.w_step[2] : p.w_step[1];
  const uint64_t w_sizes[] = {uint64_t(p.channels), uint64_t(places), uint64_t(p.outputs)};
  const uint64_t w_strides[] = {bytes(place, places), bytes(p.w_output, p.outputs)};
  const uint32_t box[] = {Tile::Depth, 1, Tile::Columns}, each[] = {1, 1, 1};
  if (!tensor_map(cx, &b_map, dtype, 3, w, w_sizes, w_strides, box, each)) return;
  const GemmProblem problem{1, int(rows), int(p.outputs), int(places * slices * Tile::Depth), 8, 0, 0};
  const ConvWindows walk{divisor(slices), divisor(p.kernel[2]), divisor(p.out[2]), divisor(p.out[1]), divisor(p.out[1] * p.out[2]),
                         int(p.pad[2]), int(p.pad[1]), int(p.stride[2]), int(p.stride[1]), int(p.dilation[2]), int(p.dilation[1])};
  const int tiles = gemm_tiles<Tile>(problem), most = cx.sms * (2 * (Tile::SharedBytes + 1024) <= 228 * 1024 ? 2 : 1);
  Launch how;
  how.threads = Tile::Threads;
  how.shared = Tile::SharedBytes;
  how.cluster = Tile::Split;
  how.x = unsigned(Tile::Split > 1 ? tiles * Tile::Split : tiles < most ? tiles : most);
  launch(cx, kernel, how, a_map, b_map, problem, walk, arguments...);
}

// Patches of each image.
inline int64_t stem_across(const ConvProblem& p) { return (p.out[2] + StemColumns - 1) / StemColumns; }
inline int64_t stem_patches(const ConvProblem& p) { return (p.out[1] + StemRows - 1) / StemRows * stem_across(p); }

// Whether an image is one of conv_stem_sm90.cuh: four or eight channels side by side, in pixels side by side, and no window reaches
// beyond its edges.
inline bool stem_copies(const ConvProblem& p, const void* x, const void* w) {
  const auto steps = [](int64_t stride) { return stride % 8 == 0 && stride > 0 && stride < int64_t(1) << 38; };
  bool fits = p.in[0] == 1 && p.out[0] == 1 && p.kernel[0] == 1 && p.groups == 1 && (p.channels == 4 || p.channels == 8);
  fits = fits && p.x_channel == 1 && p.x_step[2] == p.channels && steps(p.stride[2] * p.channels);
  fits = fits && (p.in[1] == 1 || steps(p.x_step[1])) && (p.images == 1 || steps(p.x_image));
  fits = fits && p.w_channel == 1 && (p.kernel[2] == 1 || p.w_step[2] == p.channels) && p.kernel[2] <= 8 && p.kernel[2] > 0;
  fits = fits && (p.kernel[1] == 1 || steps(p.w_step[1])) && (p.outputs == 1 || steps(p.w_output));
  fits = fits && uintptr_t(x) % 16 == 0 && uintptr_t(w) % 16 == 0 && p.pad[1] == 0 && p.pad[2] == 0;
  fits = fits && p.dilation[1] == 1 && p.dilation[2] == 1;
  for (int i = 1; i < 3; ++i) fits = fits && p.out[i] > 0 && (p.out[i] - 1) * p.stride[i] + p.kernel[i] <= p.in[i];
  return fits && p.images * stem_patches(p) < (int64_t(1) << 30) / StemPatch;
}

template <class Tile, class... Arguments>
void launch_stem_wgmma(const cuda::Context& cx, DeviceKernel& kernel, const ConvProblem& p, DType dtype, const void* x, const void* w,
                       const Arguments&... arguments) {
  if (conv_rows(p) == 0 || p.outputs == 0) return;
  // Columns, lines of the window and lines of the result step through the same memory.
  const uint64_t line = uint64_t(p.x_step[1]) * 2, image = uint64_t(p.images == 1 ? p.in[1] * p.x_step[1] : p.x_image) * 2;
  const uint64_t elements = uint64_t(p.kernel[2] * p.channels);
  const uint32_t run = uint32_t(p.channels * 8);
  const CUtensorMapSwizzle swizzle = run == 64 ? CU_TENSOR_MAP_SWIZZLE_128B : CU_TENSOR_MAP_SWIZZLE_64B;
  const uint64_t sizes[] = {elements, uint64_t(p.out[2]), uint64_t(p.kernel[1]), uint64_t(p.out[1]), uint64_t(p.images)};
  const uint64_t strides[] = {uint64_t(p.stride[2] * p.channels * 2), line, line * uint64_t(p.stride[1]), image};
  const uint32_t box[] = {run, StemColumns, 1, StemRows, 1}, each[] = {1, 1, 1, 1, 1};
  CUtensorMap a_map, b_map;
  if (!tensor_map(cx, &a_map, dtype, 5, x, sizes, strides, box, each, swizzle)) return;
  const auto bytes = [](int64_t step, int64_t size) { return uint64_t(size == 1 ? 16 : step * 2); };
  const uint64_t w_sizes[] = {elements, uint64_t(p.kernel[1]), uint64_t(p.outputs)};
  const uint64_t w_strides[] = {bytes(p.w_step[1], p.kernel[1]), bytes(p.w_output, p.outputs)};
  const uint32_t w_box[] = {run, 1, Tile::Columns};
  if (!tensor_map(cx, &b_map, dtype, 3, w, w_sizes, w_strides, w_box, each, swizzle)) return;
  const int64_t across = stem_across(p), patches = stem_patches(p);
  const int64_t all = p.images * patches, lines = 8 / p.channels, steps = (p.kernel[1] + lines - 1) / lines; // lines of a step
  const GemmProblem problem{1, int(all * StemPatch), int(p.outputs), int(steps * 64), 8, 0, 0};
  const StemWindows walk{divisor(patches), divisor(across), int(p.out[1]), int(p.out[2])};
  const int64_t most = int64_t(cx.sms) * (2 * (Tile::SharedBytes + 1024) <= 228 * 1024 ? 2 : 1);
  Launch how;
  how.threads = Tile::Threads;
  how.shared = Tile::SharedBytes;
  how.x = unsigned(all < most ? all : most);
  how.y = unsigned((p.outputs + Tile::Columns - 1) / Tile::Columns);
  launch(cx, kernel, how, a_map, b_map, problem, walk, arguments...);
}

} // namespace ait
