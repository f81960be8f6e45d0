// Speed of the CPU kernels on one and on all threads, as a share of the FMA peak measured first.
// g++ -std=c++20 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -fopenmp-simd -pthread -I ait-compiler/src/main/resources/io/ait4j/compiler/cpu ait-compiler/src/test/cpp/kernel_bench.cpp -o /tmp/kernel_bench && /tmp/kernel_bench [filter [retries]]
// Times are the best of short repetitions and include everything done at run time (copies of activations, packing of
// run-time operands, bias and ReLU); weights are packed before. Buffers are warm unless said otherwise.
#define AIT_SHARED_PRODUCTS
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>
#include "attention_impl.h"
#include "conv_impl.h"
#include "dwconv_impl.h"
#include "gemm_impl.h"
#include "roofline.h"
#include "float_math.h"
#include "winograd_impl.h"

static const char* filter = "";
static int threads, patience = 3;
static double peak[2]; // GFLOP/s: one thread, all threads

static ait::Executor executor(int mode) { return mode == 0 ? ait::serial_executor() : ait::pool_executor(); }

// Best seconds per call over about 60 ms; long calls get more, as they need an undisturbed moment that long.
template <class F> static double best_time(const F& f) {
  f();
  double best = 1e30, total = 0;
  for (int i = 0; i < 2000 && (total < 0.06 || (i < 20 && total < 0.5) || i < 3); i++) {
    int64_t t = ait::nanos();
    f();
    double s = (ait::nanos() - t) * 1e-9;
    total += s;
    if (s < best) best = s;
  }
  return best;
}

// The time on all threads. A neighbour on the machine takes whole cores away, so a poor result is tried again later.
template <class F> static double best_time_shared(double single, const F& f) {
  double best = best_time(f);
  for (int retry = 0; retry < patience && threads > 1 && single > 2e-6 && best > 0.6 * single; retry++) {
    usleep(100000);
    double s = best_time(f);
    if (s < best) best = s;
  }
  return best;
}

static float* random_floats(int64_t n) {
  float* p = ait::aligned_floats(n);
  uint32_t s = 12345;
  for (int64_t i = 0; i < n; i++) s = s * 1664525 + 1013904223, p[i] = (int32_t(s) >> 8) * (1.0f / (1 << 23));
  return p;
}

static void measure_peak() {
  const int64_t steps = 4000, chunks = 32;
  for (int mode = 0; mode < 2; mode++) {
    auto once = [&] { volatile float sink = 0; ait::parallel_for(executor(mode), chunks, 1, [&](int64_t b, int64_t e) { sink = ait::fma_chains(steps * (e - b)); }); };
    const double s = mode == 0 ? best_time(once) : best_time_shared(2.0 * 12 * ait::W * steps * chunks / (peak[0] * 1e9), once);
    peak[mode] = 2.0 * 12 * ait::W * steps * chunks / s * 1e-9;
  }
  printf("FMA peak: %.1f GFLOP/s on one thread, %.1f on %d\n", peak[0], peak[1], threads);
}

static void heading(const char* title, const char* unit) {
  printf("\n%-44s %9s | %9s %8s %6s %7s | %9s %8s %6s %7s\n", title, "MFLOP", "1 thread", "GFLOP/s", "peak", unit, (std::to_string(threads) + " threads").c_str(), "GFLOP/s", "peak", unit);
}

// bytes == 0: no bandwidth column.
template <class F> static void report(const std::string& name, double flops, double bytes, const F& run, double* totals = nullptr, int count = 1) {
  if (name.find(filter) == std::string::npos) return;
  printf("%-44s %9.1f", name.c_str(), flops * 1e-6);
  double single = 0;
  for (int mode = 0; mode < 2; mode++) {
    auto once = [&] { run(executor(mode)); };
    const double s = mode == 0 ? single = best_time(once) : best_time_shared(single, once);
    printf(" | %6.1f us %8.1f %5.1f%%", s * 1e6, flops / s * 1e-9, flops / s * 1e-7 / peak[mode]);
    if (bytes > 0) printf(" %7.1f", bytes / s * 1e-9);
    else printf(" %7s", "");
    if (totals) totals[mode] += s * count;
  }
  printf("\n");
  fflush(stdout);
}

struct BiasEpi { // what generated code looks like; RELU as in the ResNets
  float* out;
  const float* bias;
  int64_t M, N;
  bool relu;
  template <int COUNT> void full(int64_t b, int64_t m, int64_t n, const float* acc) const {
    float* o = out + (b * M + m) * N + n;
#pragma omp simd
    for (int i = 0; i < COUNT; i++) {
      float x = acc[i] + bias[n + i];
      o[i] = relu & (x < 0) ? 0 : x;
    }
  }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    float* o = out + (b * M + m) * N + n;
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
      float x = acc[i] + bias[n + i];
      o[i] = relu & (x < 0) ? 0 : x;
    }
  }
};

struct PlainEpi {
  float* out;
  int64_t M, N;
  template <int COUNT> void full(int64_t b, int64_t m, int64_t n, const float* acc) const {
    float* o = out + (b * M + m) * N + n;
#pragma omp simd
    for (int i = 0; i < COUNT; i++) o[i] = acc[i];
  }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    float* o = out + (b * M + m) * N + n;
#pragma omp simd
    for (int64_t i = 0; i < count; i++) o[i] = acc[i];
  }
};

static void bench_gemm(int64_t M, int64_t K, int64_t N, const char* note = "") {
  float *a = random_floats(M * K), *w = random_floats(K * N), *p = ait::aligned_floats(ait::packed_b_size(K, N));
  float *out = random_floats(M * N), *bias = random_floats(N);
  ait::pack_b(ait::serial_executor(), K, N, [&](int64_t k, int64_t n) { return w[k * N + n]; }, p);
  char name[96];
  snprintf(name, sizeof name, "gemm %ld x %ld x %ld%s", long(M), long(K), long(N), note);
  report(name, 2.0 * M * K * N, M <= 16 ? 4.0 * K * N : 0, [&](auto ex) {
    ait::gemm(ex, 1, M, N, K, ait::RowsA{a, 0, K}, ait::PackedB{p, 0}, BiasEpi{out, bias, M, N, false}); });
  for (float* x : {a, w, p, out, bias}) free(x);
}

static void bench_batched(int64_t batch, int64_t M, int64_t K, int64_t N, bool transposed) {
  float *a = random_floats(batch * M * K), *w = random_floats(batch * K * N), *out = random_floats(batch * M * N);
  char name[96];
  snprintf(name, sizeof name, "batched %ld x (%ld x %ld x %ld)%s", long(batch), long(M), long(K), long(N), transposed ? " B^T" : "");
  report(name, 2.0 * batch * M * K * N, 0, [&](auto ex) {
    ait::gemm(ex, batch, M, N, K, ait::RowsA{a, M * K, K}, ait::StridedB{w, K * N, transposed ? 1 : N, transposed ? K : 1}, PlainEpi{out, M, N}); });
  for (float* x : {a, w, out}) free(x);
}

namespace {
struct Layer {
  ait::Conv c;
  float *x, *w, *out, *bias;
  Layer(int64_t size, int64_t C, int64_t OC, int64_t k, int64_t s, int64_t G = 1, bool nchw = false, int64_t depth = 0, int64_t kd = 3, int64_t sd = 1) {
    const int64_t o = (size + 2 * (k / 2) - k) / s + 1, pixels = size * size;
    const bool deep = depth > 0;
    if (!deep) depth = kd = sd = 1;
    const int64_t od = (depth + 2 * (kd / 2) - kd) / sd + 1;
    c = {1, C, OC, G, depth, size, size, od, o, o, kd, k, k, sd, s, s, kd / 2, k / 2, k / 2, 1, 1, 1,
         nullptr, C * depth * pixels, C * pixels, size * C, C, nullptr, 1};
    if (nchw) c.channels_first = true, c.xs_c = depth * pixels, c.xs_d = pixels, c.xs_h = size, c.xs_w = 1;
    x = random_floats(C * depth * pixels), out = random_floats(od * o * o * OC), bias = random_floats(OC);
    const int64_t taps = ait::conv_taps(c);
    float* plain = random_floats(OC * (C / G) * taps);
    w = ait::aligned_floats(ait::packed_conv_size(c));
    ait::pack_conv(ait::serial_executor(), c, [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) {
      return plain[(oc * (C / G) + ic) * taps + (kd * k + kh) * k + kw]; }, w);
    free(plain);
    c.x = x, c.w = w;
  }
  Layer(const Layer&) = delete;
  ~Layer() { for (float* p : {x, w, out, bias}) free(p); }
  // With weights packed for Winograd's algorithm.
  template <int TILE> void pack_tiles() {
    free(w);
    const int64_t taps = ait::conv_taps(c);
    float* plain = random_floats(c.OC * c.C * taps);
    w = ait::aligned_floats(ait::packed_winograd_size<TILE>(c));
    ait::pack_winograd<TILE>(ait::serial_executor(), c, [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) {
      return plain[(oc * c.C + ic) * taps + (kd * 3 + kh) * 3 + kw]; }, w);
    free(plain);
    c.w = w;
  }
  template <int TILE> void run_tiles(const ait::Executor& ex) const { ait::winograd<TILE>(ex, c, BiasEpi{out, bias, c.OH * c.OW, c.OC, true}); }
  void run(const ait::Executor& ex) const { ait::conv(ex, c, BiasEpi{out, bias, c.OD * c.OH * c.OW, c.OC, true}); }
  double flops() const { return 2.0 * c.OD * c.OH * c.OW * c.OC * ait::conv_taps(c) * (c.C / c.G); }
  double bytes() const { return 4.0 * (c.D * c.H * c.W * c.C + c.OD * c.OH * c.OW * c.OC); }
};

static void bench_conv(const char* what, int64_t size, int64_t C, int64_t OC, int64_t k, int64_t s, int64_t G = 1, bool nchw = false, double* totals = nullptr, int count = 1) {
  char name[96];
  snprintf(name, sizeof name, "%s %ldx%ld%s %ld->%ld @%ld%s", what, long(k), long(k), s > 1 ? "/2" : "", long(C), long(OC), long(size), nchw ? " nchw" : "");
  if (count > 1) snprintf(name + strlen(name), sizeof name - strlen(name), " (x%d)", count);
  Layer layer(size, C, OC, k, s, G, nchw);
  report(name, layer.flops(), G > 1 ? layer.bytes() : 0, [&](auto ex) { layer.run(ex); }, totals, count);
}

// Shares of the peak count the products of the direct sums.
template <int TILE> static void bench_winograd(int64_t size, int64_t C, int64_t OC, int64_t depth = 0) {
  char name[96];
  snprintf(name, sizeof name, "winograd %dx%d %ld->%ld @%ld", TILE, TILE, long(C), long(OC), long(size));
  if (depth) snprintf(name + strlen(name), sizeof name - strlen(name), "x%ld", long(depth));
  Layer layer(size, C, OC, 3, 1, 1, false, depth);
  layer.pack_tiles<TILE>();
  report(name, layer.flops(), 0, [&](auto ex) { layer.run_tiles<TILE>(ex); });
}

static void bench_volume(int64_t depth, int64_t size, int64_t C, int64_t OC, int64_t kd, int64_t k, int64_t sd, int64_t s, int64_t G = 1, bool ncdhw = false) {
  char name[96];
  snprintf(name, sizeof name, "volume %ldx%ldx%ld%s %ld->%ld @%ldx%ld%s%s", long(kd), long(k), long(k), s > 1 ? "/2" : "", long(C), long(OC), long(depth), long(size), G > 1 ? " depthwise" : "", ncdhw ? " ncdhw" : "");
  Layer layer(size, C, OC, k, s, G, ncdhw, depth, kd, sd);
  report(name, layer.flops(), 0, [&](auto ex) { layer.run(ex); });
}

} // namespace

struct ResNetConv { int64_t size, C, OC, k, s; int count; };
static const ResNetConv RESNET50[] = {
    {224, 3, 64, 7, 2, 1},
    {56, 64, 64, 1, 1, 1}, {56, 64, 64, 3, 1, 3}, {56, 64, 256, 1, 1, 4}, {56, 256, 64, 1, 1, 2},
    {56, 256, 128, 1, 1, 1}, {56, 128, 128, 3, 2, 1}, {28, 128, 512, 1, 1, 4}, {56, 256, 512, 1, 2, 1}, {28, 512, 128, 1, 1, 3}, {28, 128, 128, 3, 1, 3},
    {28, 512, 256, 1, 1, 1}, {28, 256, 256, 3, 2, 1}, {14, 256, 1024, 1, 1, 6}, {28, 512, 1024, 1, 2, 1}, {14, 1024, 256, 1, 1, 5}, {14, 256, 256, 3, 1, 5},
    {14, 1024, 512, 1, 1, 1}, {14, 512, 512, 3, 2, 1}, {7, 512, 2048, 1, 1, 3}, {14, 1024, 2048, 1, 2, 1}, {7, 2048, 512, 1, 1, 2}, {7, 512, 512, 3, 1, 2}};

static void bench_sdpa(int64_t B, int64_t H, int64_t HKV, int64_t LQ, int64_t LK, int64_t D, bool causal) {
  float *q = random_floats(B * H * LQ * D), *k = random_floats(B * HKV * LK * D), *v = random_floats(B * HKV * LK * D), *out = random_floats(B * H * LQ * D);
  ait::Sdpa a{B, H, HKV, LQ, LK, D, D, 1 / std::sqrt(float(D)), causal, q, k, v,
              H * LQ * D, D, H * D, 1, HKV * LK * D, D, HKV * D, 1, HKV * LK * D, D, HKV * D, 1};
  char name[96];
  snprintf(name, sizeof name, "sdpa %ld x %ld heads, %ld x %ld x %ld%s", long(B), long(H), long(LQ), long(LK), long(D), causal ? " causal" : "");
  double flops = 4.0 * B * H * LQ * LK * D * (causal ? 0.5 + 0.5 / LQ : 1);
  report(name, flops, LQ == 1 ? 8.0 * B * HKV * LK * D : 0, [&](auto ex) { ait::sdpa(ex, a, ait::NoMask{}, PlainEpi{out, LQ, D}); });
  for (float* x : {q, k, v, out}) free(x);
}

template <class F> static void bench_math(const char* name, const F& f) {
  if (std::string(name).find(filter) == std::string::npos) return;
  const int64_t n = 4096;
  float *x = random_floats(n), *y = random_floats(n);
  double s = best_time([&] {
    for (int r = 0; r < 8; r++) {
      asm volatile("" ::: "memory");
#pragma omp simd
      for (int64_t i = 0; i < n; i++) y[i] = f(x[i]);
    }
  });
  printf("%-12s %6.2f\n", name, s / (8 * n) * 1e9);
  free(x), free(y);
}

int main(int argc, char** argv) {
  if (argc > 1) filter = argv[1];
  if (argc > 2) patience = atoi(argv[2]);
  threads = ait::available_cpus();
  printf("%d-lane vectors, tile %d x %d\n", ait::W, ait::GEMM_MR, ait::GEMM_NR);
  measure_peak();

  heading("GEMM (M x K x N), packed weights", "GB/s B");
  for (auto& s : std::vector<std::vector<int64_t>>{{1024, 1024, 1024}, {384, 768, 3072}, {384, 3072, 768}, {384, 768, 768},
       {197, 192, 576}, {197, 192, 192}, {197, 192, 768}, {197, 768, 192}, {1024, 256, 17}, {1024, 256, 1}, {128, 128, 128}, {32, 32, 32}})
    bench_gemm(s[0], s[1], s[2]);
  for (auto& s : std::vector<std::vector<int64_t>>{{1, 512, 1000}, {1, 2048, 1000}, {1, 768, 3072}, {4, 768, 3072}, {8, 2048, 1000}}) bench_gemm(s[0], s[1], s[2]);
  bench_gemm(1, 4096, 8192, " (from memory)");
  bench_gemm(4, 4096, 8192, " (from memory)");

  heading("Batched, both operands at run time", "");
  bench_batched(12, 384, 64, 384, true);
  bench_batched(12, 384, 384, 64, false);
  bench_batched(3, 197, 64, 197, true);
  bench_batched(64, 49, 32, 49, true);
  bench_batched(1, 512, 512, 512, false);

  heading("ResNet-50 convolutions, 224 x 224, batch 1", "");
  double totals[2] = {0, 0}, flops = 0;
  for (auto& r : RESNET50) {
    bench_conv("conv", r.size, r.C, r.OC, r.k, r.s, 1, false, totals, r.count);
    flops += r.count * 2.0 * r.k * r.k * r.C * r.OC * (r.size / r.s) * (r.size / r.s);
  }
  bench_conv("conv", 224, 3, 64, 7, 2, 1, true);
  if (!*filter) {
    printf("%-44s %9.1f", "sum of all 53", flops * 1e-6);
    for (int mode = 0; mode < 2; mode++) printf(" | %6.0f us %8.1f %5.1f%% %7s", totals[mode] * 1e6, flops / totals[mode] * 1e-9, flops / totals[mode] * 1e-7 / peak[mode], "");
    printf("\n");
    std::vector<Layer*> net;
    for (auto& r : RESNET50)
      for (int i = 0; i < r.count; i++) net.push_back(new Layer(r.size, r.C, r.OC, r.k, r.s));
    report("all 53 in turn, own weights (cold)", flops, 0, [&](auto ex) { for (Layer* l : net) l->run(ex); });
    for (Layer* l : net) delete l;
  }

  heading("Other convolutions", "GB/s");
  bench_conv("grouped/32", 14, 512, 512, 3, 1, 32);
  bench_conv("grouped/32", 56, 128, 128, 3, 1, 32);
  bench_conv("grouped/3", 112, 24, 24, 3, 2, 3);
  bench_conv("grouped/7", 56, 56, 56, 3, 2, 7);
  bench_conv("grouped/32", 56, 128, 128, 3, 1, 32);
  bench_conv("mobilenet stem", 224, 3, 32, 3, 2);
  bench_conv("mobilenet stem", 224, 3, 32, 3, 2, 1, true);
  for (auto& s : std::vector<std::vector<int64_t>>{{112, 32, 3, 1}, {112, 96, 3, 2}, {56, 144, 3, 1}, {56, 144, 3, 2}, {28, 192, 3, 1}, {28, 192, 3, 2},
       {14, 384, 3, 1}, {14, 576, 3, 1}, {14, 576, 3, 2}, {7, 960, 3, 1}, {56, 144, 5, 2}, {28, 240, 5, 1}, {14, 672, 5, 1}, {56, 96, 7, 1}})
    bench_conv("depthwise", s[0], s[1], s[1], s[2], s[3], s[1]);

  heading("Winograd's algorithm", "");
  for (auto& s : std::vector<std::vector<int64_t>>{{56, 64}, {28, 128}, {14, 256}, {7, 512}}) {
    bench_winograd<2>(s[0], s[1], s[1]);
    bench_winograd<4>(s[0], s[1], s[1]);
  }
  bench_winograd<4>(56, 64, 64, 8); // volumes
  bench_winograd<4>(28, 128, 128, 4);
  bench_winograd<2>(14, 256, 256, 2);
  bench_winograd<4>(14, 256, 256, 2);

  heading("Convolutions over three dimensions", "");
  bench_volume(8, 112, 3, 64, 3, 7, 1, 2, 1, true); // the stem of a video network
  bench_volume(8, 56, 64, 64, 3, 3, 1, 1);
  bench_volume(8, 56, 64, 128, 3, 3, 2, 2);
  bench_volume(4, 28, 128, 128, 3, 3, 1, 1);
  bench_volume(2, 14, 256, 256, 3, 3, 1, 1);
  bench_volume(1, 7, 512, 512, 3, 3, 1, 1);
  bench_volume(8, 28, 96, 96, 3, 3, 1, 1, 96);

  heading("Attention (heads, queries x keys x width)", "GB/s KV");
  bench_sdpa(1, 3, 3, 197, 197, 64, false);
  bench_sdpa(1, 12, 12, 197, 197, 64, false);
  bench_sdpa(1, 2, 2, 384, 384, 64, false);
  bench_sdpa(1, 1, 1, 1024, 1024, 64, true);
  bench_sdpa(1, 1, 1, 1024, 1024, 64, false);
  bench_sdpa(1, 8, 8, 128, 128, 32, false);
  bench_sdpa(1, 32, 8, 1, 1024, 128, false);
  bench_sdpa(1, 12, 12, 1, 1024, 64, false);

  printf("\nMath functions, ns per element (one thread)\n");
  bench_math("exp", [](float x) { return ait::exp(x); });
  bench_math("log", [](float x) { return ait::log(x); });
  bench_math("log1p", [](float x) { return ait::log1p(x); });
  bench_math("expm1", [](float x) { return ait::expm1(x); });
  bench_math("tanh", [](float x) { return ait::tanh(x); });
  bench_math("sigmoid", [](float x) { return ait::sigmoid(x); });
  bench_math("silu", [](float x) { return ait::silu(x); });
  bench_math("erf", [](float x) { return ait::erf(x); });
  bench_math("gelu_erf", [](float x) { return ait::gelu_erf(x); });
  bench_math("gelu_tanh", [](float x) { return ait::gelu_tanh(x); });
  bench_math("sin", [](float x) { return ait::sin(x); });
  bench_math("rsqrt", [](float x) { return ait::rsqrt(x); });
  bench_math("pow", [](float x) { return ait::pow(x, 1.7f); });

  if (threads > 1 && (!*filter || !strcmp(filter, "parallel_for"))) {
    // Both chunks wait for each other, so that the worker must really arrive.
    double s = best_time([&] {
      std::atomic<int> here{0};
      ait::parallel_for(ait::pool_executor(2), 2, 1, [&](int64_t, int64_t) {
        here.fetch_add(1);
        while (here.load() < 2) ait::cpu_relax();
      });
    });
    printf("\nparallel_for with a rendezvous of two hot threads: %.2f us\n", s * 1e6);
  }
  ait::shutdown();
}
