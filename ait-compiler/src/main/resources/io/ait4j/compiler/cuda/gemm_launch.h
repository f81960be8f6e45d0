// Starts matrix products: grids, shared memory, the copy engine's maps.
#pragma once
#include "gemm_tile.h"
#include "tensor_map.h"

AIT_NAMESPACE_BEGIN

// A matrix in memory: rows of A, or columns of B, by k. Strides are in elements. One of floats lies along k.
struct GemmMatrix {
  const void* data;
  DType dtype;
  bool along_k;   // whether neighbours along k lie side by side; else those of neighbouring rows do
  int64_t batch;  // from one product's to the next's
  int64_t step;   // from one row to the next, or from one k to the next

  int bytes() const { return dtype == FLOAT32 ? 4 : 2; }
};

// Whether there is anything to store; the sizes are few enough for the kernels.
inline bool gemm_exists(const cuda::Context& cx, int64_t batch, int64_t m, int64_t n, int64_t k) {
  if (batch == 0 || m == 0 || n == 0) return false;
  const int64_t most = int64_t(1) << 30;
  if (m < most && n < most && k < most && batch < most && (m / 32 + 1) * (n / 32 + 1) < most / batch) return true;
  cuda::failed(cx, cudaErrorInvalidConfiguration, "matrix product");
  return false;
}

inline GemmProblem gemm_problem(int64_t batch, int64_t m, int64_t n, int64_t k, int64_t a_batch, int64_t b_batch) {
  return {int(batch), int(m), int(n), int(k), 8, batch > 1 && a_batch != 0, batch > 1 && b_batch != 0};
}

// Whether the copy engine can read it: everything but the innermost dimension steps by 16 bytes.
inline bool gemm_copies(const GemmMatrix& a, int64_t count, int64_t k, int64_t batch) {
  const auto steps = [&](int64_t stride) { return stride > 0 && stride * a.bytes() % 16 == 0 && stride < int64_t(1) << 38; };
  return reinterpret_cast<uintptr_t>(a.data) % 16 == 0 && (steps(a.step) || (a.along_k ? count : k) == 1) &&
         (steps(a.batch) || a.batch == 0 || batch == 1);
}

inline bool gemm_map(const cuda::Context& cx, CUtensorMap* map, const GemmMatrix& a, int64_t count, int64_t k, int64_t batch,
                     int box) {
  const uint64_t inner = uint64_t(a.along_k ? k : count), outer = uint64_t(a.along_k ? count : k);
  const uint64_t each = uint64_t(a.bytes());
  const uint64_t row = outer > 1 && a.step > 0 ? uint64_t(a.step) * each : (inner * each + 15) / 16 * 16;
  const uint64_t sizes[] = {inner, outer, uint64_t(batch)};
  const uint64_t strides[] = {row, batch > 1 ? uint64_t(a.batch) * each : row * outer};
  const uint32_t boxes[] = {uint32_t(128 / each), uint32_t(a.along_k ? box : 64), 1}, every[] = {1, 1, 1};
  return tensor_map(cx, map, a.dtype, 3, a.data, sizes, strides, boxes, every);
}

template <class Tile> int gemm_tiles(const GemmProblem& p) {
  return (p.m + Tile::Rows - 1) / Tile::Rows * ((p.n + Tile::Columns - 1) / Tile::Columns) * p.batch;
}

template <class Tile, class... Arguments>
void launch_wgmma(const cuda::Context& cx, DeviceKernel& kernel, const GemmProblem& p, const GemmMatrix& a, const GemmMatrix& b,
                  const Arguments&... arguments) {
  CUtensorMap a_map, b_map;
  if (!gemm_map(cx, &a_map, a, p.m, p.k, p.a_step ? p.batch : 1, Tile::Rows)) return;
  if (!gemm_map(cx, &b_map, b, p.n, p.k, p.b_step ? p.batch : 1, Tile::Columns)) return;
  const int tiles = gemm_tiles<Tile>(p), places = cx.sms * (2 * (Tile::SharedBytes + 1024) <= 228 * 1024 ? 2 : 1);
  Launch how;
  how.threads = Tile::Threads;
  how.shared = Tile::SharedBytes;
  how.cluster = Tile::Split;
  how.x = unsigned(Tile::Split > 1 ? tiles * Tile::Split : tiles < places ? tiles : places);
  launch(cx, kernel, how, a_map, b_map, p, arguments...);
}

template <class Tile, class... Arguments>
void launch_tiles(const cuda::Context& cx, DeviceKernel& kernel, const GemmProblem& p, const Arguments&... arguments) {
  Launch how;
  how.threads = Tile::Threads;
  how.shared = Tile::SharedBytes;
  how.x = unsigned(gemm_tiles<Tile>(p));
  launch(cx, kernel, how, p, arguments...);
}

template <class Tile, class... Arguments>
void launch_few_rows(const cuda::Context& cx, DeviceKernel& kernel, const GemmProblem& p, const Arguments&... arguments) {
  Launch how;
  how.threads = Tile::Threads;
  how.x = unsigned((p.n + Tile::Columns * Tile::Warps - 1) / (Tile::Columns * Tile::Warps) * p.batch);
  launch(cx, kernel, how, p, arguments...);
}

AIT_NAMESPACE_END
