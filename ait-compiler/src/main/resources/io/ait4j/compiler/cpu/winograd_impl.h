// The convolution of winograd.h, the same for all programs.
#pragma once
#include "winograd.h"

AIT_NAMESPACE_BEGIN

// A block of tiles and of panels: what one task does.
struct WinogradPlan {
  int64_t rows, columns, tiles; // of one image
  int64_t tile_blocks, panels, panel_blocks;
  int64_t rs, most; // floats from tile to tile, tiles of a block

  WinogradPlan(const Conv& c, int m) {
    const int points = (m + 2) * (m + 2);
    rows = ceil_div(c.OH, m), columns = ceil_div(c.OW, m), tiles = c.OD * rows * columns;
    rs = block_stride(c.KD * c.C);
    const int64_t each = 4 * points * (rs + GEMM_NR), room = WINOGRAD_BYTES / each;
    most = room < GEMM_MR ? GEMM_MR : room;
    tile_blocks = ceil_div(tiles, most);
    most = ceil_div(tiles, tile_blocks);
    panels = ceil_div(c.OC, GEMM_NR);
    panel_blocks = ceil_div(16, c.N * tile_blocks); // transforming the inputs once more costs less than idle threads
    if (panel_blocks > ceil_div(panels, 2)) panel_blocks = ceil_div(panels, 2);
  }
  static constexpr int64_t WINOGRAD_BYTES = 640 * 1024; // transformed inputs and sums of a panel stay in L2
};

// Transforms one tile at one depth of the kernel, or says that it is outside of the image: dst[point * step + channel].
template <int M, class X> AIT_NOINLINE void winograd_input(const Conv& c, const X* image, int64_t id, int64_t ih, int64_t iw, float* dst, int64_t step) {
  constexpr int A = M + 2;
  if (uint64_t(id) >= uint64_t(c.D)) {
    for (int point = 0; point < A * A; point++)
      for (int64_t k = 0; k < c.C; k += W) store(dst + point * step + k, vf{});
    return;
  }
  const X* x = image + id * c.xs_d + ih * c.xs_h + iw * c.xs_w;
  const bool whole = ih >= 0 && iw >= 0 && ih + A <= c.H && iw + A <= c.W;
  bool inside[A][A];
  for (int i = 0; i < A; i++)
    for (int l = 0; l < A; l++) inside[i][l] = uint64_t(ih + i) < uint64_t(c.H) && uint64_t(iw + l) < uint64_t(c.W);
  for (int64_t k = 0; k < c.C; k += W) {
    vf columns[A][A]; // [l][i]: columns transformed
    if (whole) {
#pragma GCC unroll 8
      for (int l = 0; l < A; l++) {
        vf d[A];
#pragma GCC unroll 8
        for (int i = 0; i < A; i++) d[i] = load(x + i * c.xs_h + l * c.xs_w + k);
        Winograd<M>::input(d, columns[l]);
      }
    } else {
      for (int l = 0; l < A; l++) {
        vf d[A];
        for (int i = 0; i < A; i++) d[i] = inside[i][l] ? load(x + i * c.xs_h + l * c.xs_w + k) : vf{};
        Winograd<M>::input(d, columns[l]);
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < A; i++) {
      vf d[A], r[A];
#pragma GCC unroll 8
      for (int l = 0; l < A; l++) d[l] = columns[l][i];
      Winograd<M>::input(d, r);
#pragma GCC unroll 8
      for (int l = 0; l < A; l++) store(dst + (i * A + l) * step + k, r[l]);
    }
  }
}

// Transforms tiles [t0, t1) of an image: dst[point][tile][kd][channel].
template <int M, class X> void winograd_inputs(const Conv& c, const WinogradPlan& plan, int64_t b, int64_t t0, int64_t t1, float* dst) {
  const X* image = static_cast<const X*>(c.x) + b * c.xs_n;
  for (int64_t t = t0; t < t1; t++, dst += plan.rs) {
    const int64_t column = t % plan.columns, row = t / plan.columns % plan.rows, od = t / plan.columns / plan.rows;
    for (int64_t kd = 0; kd < c.KD; kd++)
      winograd_input<M>(c, image, od * c.SD - c.PD + kd * c.DD, row * M - c.PH, column * M - c.PW, dst + kd * c.C, (t1 - t0) * plan.rs);
  }
}

// One vector of outputs of one tile: sums[point * step] to out[pixel * GEMM_NR].
template <int M> AIT_NOINLINE void winograd_outputs(const float* sums, int64_t step, float* out, int vectors) {
  constexpr int A = M + 2;
  for (int v = 0; v < vectors; v++, sums += W, out += W) {
    vf columns[A][M]; // [l][i]
#pragma GCC unroll 8
    for (int l = 0; l < A; l++) {
      vf m[A];
#pragma GCC unroll 8
      for (int i = 0; i < A; i++) m[i] = load(sums + (i * A + l) * step);
      Winograd<M>::output(m, columns[l]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < M; i++) {
      vf m[A], r[M];
#pragma GCC unroll 8
      for (int l = 0; l < A; l++) m[l] = columns[l][i];
      Winograd<M>::output(m, r);
#pragma GCC unroll 8
      for (int l = 0; l < M; l++) store(out + (i * M + l) * GEMM_NR, r[l]);
    }
  }
}

// Whether all outputs of a tile are finite: each product has a part in one of the corners.
template <int M> AIT_INLINE bool winograd_finite(const float* out, int64_t columns) {
  int bad = 0;
#pragma omp simd reduction(| : bad)
  for (int64_t j = 0; j < columns; j++) {
    const float* o = out + j;
    const float sum = (o[0] + o[(M - 1) * GEMM_NR]) + (o[(M - 1) * M * GEMM_NR] + o[(M * M - 1) * GEMM_NR]);
    bad |= sum - sum != 0;
  }
  return bad == 0;
}

// The kernels of `width` output channels, recovered from their transformed ones: [k][kh][kw][2][width], the second time with 0
// for what is too small to be told from nothing by them. nullptr if there is no memory.
template <int M> AIT_NOINLINE const float* winograd_weights(const float* panel, int64_t K, int64_t width) {
  constexpr int A = M + 2;
  const auto& R = Winograd<M>::R;
  float* const weights = scratch(SCRATCH_B, K * 9 * 2 * width);
  if (!weights) return nullptr;
  float* g = weights;
  for (int64_t k = 0; k < K; k++, panel += width)
    for (int kh = 0; kh < 3; kh++)
      for (int kw = 0; kw < 3; kw++, g += 2 * width) {
        double sum[GEMM_NR] = {}, most[GEMM_NR] = {};
        for (int i = 0; i < A; i++)
          for (int l = 0; l < A; l++) {
            const double factor = R[kh][i] * R[kw][l];
            if (factor == 0) continue;
            const float* from = panel + (i * A + l) * K * width;
            for (int64_t j = 0; j < width; j++) {
              const double term = factor * double(from[j]), size = __builtin_fabs(term);
              sum[j] += term;
              most[j] = size > most[j] ? size : most[j];
            }
          }
        for (int64_t j = 0; j < width; j++) {
          g[j] = float(sum[j]);
          g[width + j] = __builtin_fabs(sum[j]) < most[j] * 0x1p-20 ? 0.0f : float(sum[j]);
        }
      }
  return weights;
}

// The outputs of one tile at (od, oh, ow) by direct sums. The transforms spread an infinity or a NaN over the whole tile, and
// may overflow where the sums do not.
template <int M, class X> AIT_NOINLINE void winograd_direct(const Conv& c, const float* weights, int64_t width, int64_t b, int64_t od, int64_t oh, int64_t ow, float* out) {
  const int64_t K = c.KD * c.C;
  memset(out, 0, sizeof(float) * M * M * GEMM_NR);
  for (int64_t k = 0; k < K; k++) {
    const int64_t id = od * c.SD - c.PD + k / c.C * c.DD;
    if (uint64_t(id) >= uint64_t(c.D)) continue;
    const X* x = static_cast<const X*>(c.x) + b * c.xs_n + id * c.xs_d + k % c.C;
    const float* g = weights + k * 9 * 2 * width;
    for (int kh = 0; kh < 3; kh++)
      for (int kw = 0; kw < 3; kw++, g += 2 * width)
        for (int64_t i = 0; i < M; i++)
          for (int64_t l = 0; l < M; l++) {
            const int64_t ih = oh + i + kh - c.PH, iw = ow + l + kw - c.PW;
            if (uint64_t(ih) >= uint64_t(c.H) || uint64_t(iw) >= uint64_t(c.W)) continue;
            const float pixel = float(x[ih * c.xs_h + iw * c.xs_w]);
            const float* w = pixel - pixel == 0 ? g : g + width;
            float* to = out + (i * M + l) * GEMM_NR;
            for (int64_t j = 0; j < width; j++) to[j] += pixel * w[j];
          }
  }
}

template <int M, class X> void winograd(const Executor& ex, const Conv& c, const AnyEpilogue& epi) {
  constexpr int POINTS = (M + 2) * (M + 2);
  if (c.N <= 0 || c.OD <= 0 || c.OH <= 0 || c.OW <= 0) return;
  const WinogradPlan plan(c, M);
  const int64_t K = c.KD * c.C;
  parallel_for(ex, c.N * plan.tile_blocks * plan.panel_blocks, 1, [&](int64_t begin, int64_t end) {
    float* inputs = scratch(SCRATCH_A, POINTS * plan.most * plan.rs);
    float* sums = scratch(SCRATCH_C, POINTS * plan.most * GEMM_NR);
    if (!inputs || !sums) return;
    alignas(64) float out[M * M * GEMM_NR];
    for (int64_t task = begin; task < end; task++) {
      const int64_t pb = task % plan.panel_blocks, tb = task / plan.panel_blocks % plan.tile_blocks, b = task / plan.panel_blocks / plan.tile_blocks;
      const int64_t t0 = part_begin(plan.tiles, plan.tile_blocks, tb), t1 = part_begin(plan.tiles, plan.tile_blocks, tb + 1), count = t1 - t0;
      winograd_inputs<M, X>(c, plan, b, t0, t1, inputs);
      const int64_t parts = ceil_div(count, GEMM_MR);
      for (int64_t p = part_begin(plan.panels, plan.panel_blocks, pb); p < part_begin(plan.panels, plan.panel_blocks, pb + 1); p++) {
        const int64_t n = p * GEMM_NR, columns = c.OC - n < GEMM_NR ? c.OC - n : GEMM_NR, width = panel_width(columns);
        const float* weights = c.w + n * POINTS * K;
        for (int point = 0; point < POINTS; point++, weights += K * width) {
          const float* rows_of_a = inputs + point * count * plan.rs;
          float* acc = sums + point * count * GEMM_NR;
          int last_rows = 0;
          MicroFn kernel = nullptr;
          for (int64_t part = 0; part < parts; part++) {
            const int64_t r0 = part_begin(count, parts, part);
            const int rows = int(part_begin(count, parts, part + 1) - r0);
            if (rows != last_rows) kernel = microkernel_for(last_rows = rows, int(width));
            const int64_t fetched = part * K * AHEAD; // of the next point's weights, by the tiles of this one
            kernel(K, rows_of_a + r0 * plan.rs, plan.rs, 1, weights, acc + r0 * GEMM_NR, GEMM_NR, false,
                   parts > 1 && fetched < K * width ? weights + K * width + fetched : weights);
          }
        }
        const float* recovered = nullptr; // once a tile asks for them
        for (int64_t t = t0; t < t1; t++) {
          winograd_outputs<M>(sums + (t - t0) * GEMM_NR, count * GEMM_NR, out, int(ceil_div(columns, W)));
          const int64_t oh = t / plan.columns % plan.rows * M, ow = t % plan.columns * M, od = t / plan.columns / plan.rows;
          if (__builtin_expect(!winograd_finite<M>(out, columns), 0)) {
            if (!recovered) recovered = winograd_weights<M>(c.w + n * POINTS * K, K, width);
            if (!recovered) return;
            winograd_direct<M, X>(c, recovered, width, b, od, oh, ow, out);
          }
          const int64_t pixels = c.OW - ow < M ? c.OW - ow : M;
          for (int64_t i = 0; i < M && oh + i < c.OH; i++) epi(b, (od * c.OH + oh + i) * c.OW + ow, pixels, n, columns, out + i * M * GEMM_NR);
        }
      }
    }
  });
}

AIT_NAMESPACE_END
