// Tests of the CPU kernels against naive double-precision loops. Prints failures; exit status 1 when there is one.
// g++ -std=c++20 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -fopenmp-simd -pthread -I ait-compiler/src/main/resources/io/ait4j/compiler/cpu ait-compiler/src/test/cpp/kernel_test.cpp -o /tmp/kernel_test && /tmp/kernel_test
// Parts can be named: pool reduce gemm conv sdpa math. Repeat with -march=x86-64-v3, -march=x86-64-v4, -DAIT_VEC_BYTES=16 and -DAIT_VEC_BYTES=32.
#define AIT_SHARED_PRODUCTS
#include <sys/wait.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <thread>
#include <vector>
#include "attention_impl.h"
#include "conv_impl.h"
#include "dwconv_impl.h"
#include "gemm_impl.h"
#include "winograd_impl.h"
#include "float_math.h"
#include "reduce.h"

typedef std::vector<float> Floats;
static int failures = 0, checks = 0;

static void check(bool ok, const char* what, const char* detail = "") {
  checks++;
  if (!ok && ++failures <= 50) printf("FAIL %s %s\n", what, detail);
}

static uint64_t seed = 88172645463325252ULL;
static uint64_t next_random() {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return seed;
}
static float uniform() { return float(int64_t(next_random() >> 40) - (1 << 23)) / (1 << 23); }
static Floats random_floats(int64_t n) {
  Floats v(n);
  for (auto& x : v) x = uniform();
  return v;
}

// Numbers that both half types hold, and as one of them: what is computed from the one must be what is computed from the other.
static Floats short_floats(int64_t n) {
  Floats v = random_floats(n);
  for (auto& x : v) x = float(ait::bfloat16(x));
  return v;
}
template <class H> static std::vector<H> halves(const Floats& v) {
  std::vector<H> h;
  for (float x : v) h.push_back(H(x));
  return h;
}

static bool close(double want, float got, double scale) {
  if (std::isnan(want)) return std::isnan(got);
  if (std::isinf(want)) return want == got;
  return std::fabs(want - got) <= 2e-6 * scale + 1e-6 * std::fabs(want);
}

// The epilogue that generated code would have: bias and a store, counting visits.
struct StoreEpi {
  float* out;
  int* visits;
  const float* bias;
  int64_t M, N;
  template <int COUNT> void full(int64_t b, int64_t m, int64_t n, const float* acc) const {
    float* o = out + (b * M + m) * N + n;
    int* seen = visits + (b * M + m) * N + n;
#pragma omp simd
    for (int i = 0; i < COUNT; i++) o[i] = acc[i] + bias[n + i];
    for (int i = 0; i < COUNT; i++) seen[i]++;
  }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    float* o = out + (b * M + m) * N + n;
    int* seen = visits + (b * M + m) * N + n;
#pragma omp simd
    for (int64_t i = 0; i < count; i++) o[i] = acc[i] + bias[n + i];
    for (int64_t i = 0; i < count; i++) seen[i]++;
  }
};

struct Output {
  Floats out, bias;
  std::vector<int> visits;
  int64_t M, N;
  Output(int64_t batch, int64_t M, int64_t N) : out(batch * M * N, -7), bias(random_floats(N)), visits(batch * M * N), M(M), N(N) {}
  StoreEpi epi() { return {out.data(), visits.data(), bias.data(), M, N}; }
  bool once() const { return std::all_of(visits.begin(), visits.end(), [](int v) { return v == 1; }); }
};

// Runs `kernel` serially and on the pool; both must agree to the bit, visit every output once and match `want(b, m, n)`.
template <class Kernel, class Want>
static void compare(const char* what, int64_t batch, int64_t M, int64_t N, double scale, const Kernel& kernel, const Want& want) {
  Output serial(batch, M, N), pooled(batch, M, N);
  pooled.bias = serial.bias;
  kernel(ait::serial_executor(), serial.epi());
  kernel(ait::pool_executor(), pooled.epi());
  check(serial.once() && pooled.once(), what, "each output once");
  check(serial.out.empty() || !memcmp(serial.out.data(), pooled.out.data(), 4 * serial.out.size()), what, "same bits on any thread count");
  for (int64_t b = 0; b < batch; b++)
    for (int64_t m = 0; m < M; m++)
      for (int64_t n = 0; n < N; n++) {
        double w = want(b, m, n) + serial.bias[n];
        float got = serial.out[(b * M + m) * N + n];
        if (close(w, got, scale)) continue;
        char detail[256];
        snprintf(detail, sizeof detail, "[%ld,%ld,%ld] of %ld x %ld x %ld: want %.9g got %.9g", long(b), long(m), long(n), long(batch), long(M), long(N), w, got);
        check(false, what, detail);
        return;
      }
  checks++;
}

// ---- GEMM ----

static void test_gemm_shape(int64_t batch, int64_t M, int64_t N, int64_t K) {
  const int64_t lda = K + 3;
  Floats a = random_floats(batch * M * lda), w = random_floats(batch * K * N);
  auto A = [&](int64_t b, int64_t m, int64_t k) { return a[(b * M + m) * lda + k]; };
  auto B = [&](int64_t b, int64_t k, int64_t n) { return w[(b * K + k) * N + n]; };
  auto want = [&](int64_t b, int64_t m, int64_t n) {
    double s = 0;
    for (int64_t k = 0; k < K; k++) s += double(A(b, m, k)) * B(b, k, n);
    return s;
  };
  const double scale = std::sqrt(double(K)) + 1;
  const int64_t size = ait::packed_b_size(K, N);
  Floats packed(batch * size + 1);
  for (int64_t b = 0; b < batch; b++)
    ait::pack_b(ait::pool_executor(), K, N, [&](int64_t k, int64_t n) { return B(b, k, n); }, packed.data() + b * size);
  const ait::RowsA rows{a.data(), M * lda, lda};
  const ait::PackedB weights{packed.data(), size};
  compare("gemm rows x packed", batch, M, N, scale, [&](auto ex, auto epi) { ait::gemm(ex, batch, M, N, K, rows, weights, epi); }, want);
  compare("gemm rows x strided", batch, M, N, scale, [&](auto ex, auto epi) {
    ait::gemm(ex, batch, M, N, K, rows, ait::StridedB{w.data(), K * N, N, 1}, epi); }, want);
  compare("gemm elem x elem", batch, M, N, scale, [&](auto ex, auto epi) { ait::gemm(ex, batch, M, N, K, ait::ElemA{A}, ait::ElemB{B}, epi); }, want);
  compare("gemm transposed x packed", batch, M, N, scale, [&](auto ex, auto epi) {
    Floats t(batch * M * K + 1);
    for (int64_t b = 0; b < batch; b++)
      for (int64_t m = 0; m < M; m++)
        for (int64_t k = 0; k < K; k++) t[(b * K + k) * M + m] = A(b, m, k);
    ait::gemm(ex, batch, M, N, K, ait::StridedA{t.data(), M * K, 1, M}, weights, epi); }, want);
}

template <class H> static void test_gemm_halves(int64_t batch, int64_t M, int64_t N, int64_t K) {
  const int64_t lda = K + 3, size = ait::packed_b_size(K, N);
  const Floats a = short_floats(batch * M * lda), w = short_floats(K * N);
  const std::vector<H> narrow = halves<H>(a);
  std::vector<H> packed(size);
  ait::pack_b(ait::pool_executor(), K, N, [&](int64_t k, int64_t n) { return w[k * N + n]; }, packed.data());
  auto want = [&](int64_t b, int64_t m, int64_t n) {
    double s = 0;
    for (int64_t k = 0; k < K; k++) s += double(a[(b * M + m) * lda + k]) * w[k * N + n];
    return s;
  };
  const ait::PackedB weights{packed.data(), 0};
  compare("gemm rows of halves", batch, M, N, std::sqrt(double(K)) + 1, [&](auto ex, auto epi) {
    ait::gemm(ex, batch, M, N, K, ait::RowsA{narrow.data(), M * lda, lda}, weights, epi); }, want);
  compare("gemm strided halves", batch, M, N, std::sqrt(double(K)) + 1, [&](auto ex, auto epi) {
    std::vector<H> t(batch * M * K);
    for (int64_t b = 0; b < batch; b++)
      for (int64_t m = 0; m < M; m++)
        for (int64_t k = 0; k < K; k++) t[(b * K + k) * M + m] = narrow[(b * M + m) * lda + k];
    ait::gemm(ex, batch, M, N, K, ait::StridedA{t.data(), M * K, 1, M}, weights, epi); }, want);
}

template <class H> static void test_halves() {
  for (int64_t M : {1, 5, 12, 25})
    for (int64_t N : {1, 4, 9, 20, 31, 33, 65, 68}) test_gemm_halves<H>(1, M, N, 45);
  test_gemm_halves<H>(2, 50, 70, 1027);
  test_gemm_halves<H>(3, 130, 1111, 600);
  test_gemm_halves<H>(1, 1, 5000, 700);
  // every bit pattern is widened as the conversion of one says
  std::vector<H> all(65536);
  for (int i = 0; i < 65536; i++) all[i].bits = uint16_t(i);
  Floats wide(65536 + 5);
  ait::copy_floats(wide.data(), all.data(), 65536);
  ait::copy_floats(wide.data() + 65536, all.data() + 100, 5);
  for (int i = 0; i < 65536 + 5; i++) {
    const float one = float(all[i < 65536 ? i : i - 65536 + 100]);
    if (one == wide[i] ? std::signbit(one) == std::signbit(wide[i]) : std::isnan(one) && std::isnan(wide[i])) continue;
    check(false, "widened half", std::to_string(i).c_str());
  }
}

static void test_gemm() {
  test_halves<ait::float16>();
  test_halves<ait::bfloat16>();
  for (int64_t M : {1, 2, 3, 5, 7, 11, 12, 13, 14, 25, 97})
    for (int64_t N : {1, 4, 5, 8, 9, 12, 16, 17, 20, 24, 25, 31, 32, 33, 49, 64})
      for (int64_t K : {0, 1, 2, 3, 7, 45, 64}) test_gemm_shape(1, M, N, K);
  for (int64_t K : {511, 512, 513, 1027}) test_gemm_shape(2, 50, 70, K);
  test_gemm_shape(1, 197, 300, 512);  // rows that conflict in L1 once padded away
  test_gemm_shape(1, 40, 40, 509);    // row stride 512: copied
  test_gemm_shape(3, 130, 1111, 600);
  test_gemm_shape(1, 1, 5000, 700);
  test_gemm_shape(40, 33, 45, 67);
  test_gemm_shape(2, 260, 300, 500);
  test_gemm_shape(0, 3, 3, 3);
  test_gemm_shape(2, 0, 3, 3);
  test_gemm_shape(2, 3, 0, 3);
  // inf and NaN reach exactly the outputs that they should, also next to padded lanes
  const int64_t M = 14, N = 19, K = 9;
  Floats a = random_floats(M * K), w = random_floats(K * N);
  a[2 * K + 1] = INFINITY;
  a[5 * K + 2] = NAN;
  w[3 * N + 18] = -INFINITY;
  for (auto& x : w) if (x == 0) x = 1;
  Floats packed(ait::packed_b_size(K, N));
  ait::pack_b(ait::serial_executor(), K, N, [&](int64_t k, int64_t n) { return w[k * N + n]; }, packed.data());
  compare("gemm inf nan", 1, M, N, 3, [&](auto ex, auto epi) { ait::gemm(ex, 1, M, N, K, ait::RowsA{a.data(), 0, K}, ait::PackedB{packed.data(), 0}, epi); },
          [&](int64_t, int64_t m, int64_t n) {
            double s = 0;
            for (int64_t k = 0; k < K; k++) s += double(a[m * K + k]) * w[k * N + n];
            return s;
          });
}

// ---- convolution ----

struct Axis { int64_t size, kernel, stride, pad, dilation; };

// TILE is Winograd's, 0 for the direct kernels; `error` is what its sums lose against theirs.
template <int TILE = 0, class X = float>
static void test_conv_case(int64_t N, int64_t C, int64_t OC, int64_t G, Axis d, Axis h, Axis w, bool channels_first = false, int64_t slack = 0, double error = 1, bool spoiled = false) {
  auto out = [](const Axis& a) { return (a.size + 2 * a.pad - a.dilation * (a.kernel - 1) - 1) / a.stride + 1; };
  ait::Conv c{N, C, OC, G, d.size, h.size, w.size, out(d), out(h), out(w), d.kernel, h.kernel, w.kernel, d.stride, h.stride, w.stride,
              d.pad, h.pad, w.pad, d.dilation, h.dilation, w.dilation, nullptr, 0, 0, 0, 0, nullptr, 1};
  c.channels_first = channels_first;
  if (channels_first) c.xs_w = 1, c.xs_h = w.size, c.xs_d = h.size * c.xs_h, c.xs_c = d.size * c.xs_d, c.xs_n = C * c.xs_c;
  else c.xs_c = 1, c.xs_w = C + slack, c.xs_h = w.size * c.xs_w, c.xs_d = h.size * c.xs_h, c.xs_n = d.size * c.xs_d;
  const int64_t last = (N - 1) * c.xs_n + (d.size - 1) * c.xs_d + (h.size - 1) * c.xs_h + (w.size - 1) * c.xs_w + (C - 1) * c.xs_c + 1;
  float* x = static_cast<float*>(malloc(4 * last)); // exact size: the sanitizer sees any read beyond
  for (int64_t i = 0; i < last; i++) x[i] = uniform();
  std::vector<X> narrow;
  if constexpr (!std::is_same_v<X, float>) {
    for (int64_t i = 0; i < last; i++) x[i] = float(ait::bfloat16(x[i]));
    narrow = halves<X>(Floats(x, x + last));
  }
  if (spoiled) { // each reaches the outputs around it alone
    x[last / 7] = INFINITY;
    x[last / 3] = -INFINITY;
    x[last - 1] = NAN;
  }
  const int64_t taps = ait::conv_taps(c);
  Floats weight = random_floats(OC * (C / G) * taps), packed;
  auto elem = [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) {
    return weight[((oc * (C / G) + ic) * d.kernel + kd) * h.kernel * w.kernel + kh * w.kernel + kw]; };
  if constexpr (TILE == 0) {
    packed.resize(ait::packed_conv_size(c));
    ait::pack_conv(ait::pool_executor(), c, elem, packed.data());
  } else {
    check(ait::conv_fits_winograd(c), "winograd", "fits");
    packed.resize(ait::packed_winograd_size<TILE>(c));
    ait::pack_winograd<TILE>(ait::pool_executor(), c, elem, packed.data());
  }
  c.x = narrow.empty() ? static_cast<const void*>(x) : narrow.data();
  c.w = packed.data();
  char what[256];
  int length = snprintf(what, sizeof what, "conv tile %d %ldx%ldx%ldx%ldx%ld oc%ld k%ldx%ldx%ld g%ld%s", TILE, long(N), long(d.size), long(h.size), long(w.size), long(C), long(OC), long(d.kernel), long(h.kernel), long(w.kernel), long(G), channels_first ? " channels first" : "");
  for (const Axis& a : {d, h, w}) length += snprintf(what + length, sizeof what - length, " s%ld p%ld d%ld", long(a.stride), long(a.pad), long(a.dilation));
  compare(what, N, c.OD * c.OH * c.OW, OC, error * (std::sqrt(double(taps * C / G)) + 1), [&](auto ex, auto epi) {
    if constexpr (TILE > 0) ait::winograd<TILE, X>(ex, c, epi);
    else if constexpr (std::is_same_v<X, float>) ait::conv(ex, c, epi);
    else if (!ait::conv_is_depthwise(c)) ait::dense_conv<X>(ex, c, c.w, epi);
    else if (ait::dw_group(c) == 4) ait::dwconv<4, X>(ex, c, epi);
    else ait::dwconv<1, X>(ex, c, epi);
  },
          [&](int64_t b, int64_t m, int64_t oc) {
            double s = 0;
            for (int64_t kd = 0; kd < d.kernel; kd++)
              for (int64_t kh = 0; kh < h.kernel; kh++)
                for (int64_t kw = 0; kw < w.kernel; kw++) {
                  const int64_t id = m / c.OW / c.OH * d.stride - d.pad + kd * d.dilation;
                  const int64_t ih = m / c.OW % c.OH * h.stride - h.pad + kh * h.dilation, iw = m % c.OW * w.stride - w.pad + kw * w.dilation;
                  if (id < 0 || ih < 0 || iw < 0 || id >= d.size || ih >= h.size || iw >= w.size) continue;
                  for (int64_t ic = 0; ic < C / G; ic++)
                    s += double(x[b * c.xs_n + id * c.xs_d + ih * c.xs_h + iw * c.xs_w + (oc / (OC / G) * (C / G) + ic) * c.xs_c]) * elem(oc, ic, kd, kh, kw);
                }
            return s;
          });
  free(x);
}

static void test_conv_case(int64_t N, int64_t H, int64_t W, int64_t C, int64_t OC, int64_t KH, int64_t KW, int64_t S, int64_t P, int64_t D, int64_t G, bool nchw = false, int64_t slack = 0) {
  test_conv_case(N, C, OC, G, {1, 1, 1, 0, 1}, {H, KH, S, KH == 1 ? 0 : P, D}, {W, KW, S, P, D}, nchw, slack);
}

template <int TILE> static void test_winograd(double error) {
  auto image = [&](int64_t N, int64_t H, int64_t W, int64_t C, int64_t OC, int64_t pad, int64_t slack = 0) {
    test_conv_case<TILE>(N, C, OC, 1, {1, 1, 1, 0, 1}, {H, 3, 1, pad, 1}, {W, 3, 1, pad, 1}, false, slack, error);
  };
  for (int64_t size : {3, 4, 5, 6, 7, 8, 9, 13}) image(1, size, size + 1, 16, 8, 1), image(2, size, size, 32, 40, 0);
  image(1, 1, 2, 16, 24, 2);
  image(2, 15, 18, 48, 64, 1);
  image(1, 30, 29, 64, 96, 1); // several blocks of tiles
  image(1, 9, 9, 272, 104, 1, 3);
  image(3, 11, 10, 32, 72, 3);
  image(0, 8, 8, 16, 16, 1);
  test_conv_case<TILE>(2, 16, 24, 1, {4, 3, 1, 1, 1}, {6, 3, 1, 1, 1}, {7, 3, 1, 1, 1}, false, 0, error);
  test_conv_case<TILE>(1, 32, 40, 1, {5, 2, 2, 2, 2}, {9, 3, 1, 1, 1}, {8, 3, 1, 0, 1}, false, 2, error);
  test_conv_case<TILE>(1, 16, 16, 1, {3, 1, 1, 0, 1}, {5, 3, 1, 1, 1}, {13, 3, 1, 1, 1}, false, 0, error);
  test_conv_case<TILE>(2, 32, 40, 1, {1, 1, 1, 0, 1}, {17, 3, 1, 1, 1}, {14, 3, 1, 1, 1}, false, 0, error, true);
  test_conv_case<TILE>(1, 16, 24, 1, {4, 3, 1, 1, 1}, {9, 3, 1, 0, 1}, {11, 3, 1, 1, 1}, false, 3, error, true);
}

static void test_conv_3d() {
  for (bool channels_first : {false, true}) {
    test_conv_case(2, 3, 9, 1, {6, 3, 1, 1, 1}, {9, 7, 2, 3, 1}, {11, 7, 2, 3, 1}, channels_first); // the stem
    test_conv_case(1, 20, 33, 1, {5, 3, 1, 1, 1}, {6, 3, 1, 1, 1}, {7, 3, 1, 1, 1}, channels_first);
    test_conv_case(2, 6, 10, 1, {9, 3, 2, 2, 2}, {8, 3, 2, 1, 1}, {7, 2, 3, 0, 3}, channels_first);
    test_conv_case(1, 12, 18, 3, {4, 2, 1, 1, 1}, {5, 3, 1, 1, 1}, {6, 3, 2, 1, 1}, channels_first);
    test_conv_case(2, 12, 16, 1, {3, 1, 1, 0, 1}, {4, 1, 1, 0, 1}, {5, 1, 1, 0, 1}, channels_first);
    test_conv_case(1, 12, 16, 1, {7, 1, 3, 1, 1}, {4, 1, 2, 0, 1}, {5, 1, 1, 0, 1}, channels_first);
  }
  test_conv_case(1, 70, 64, 1, {4, 3, 1, 1, 1}, {5, 3, 1, 1, 1}, {6, 3, 1, 1, 1}); // k cut in blocks
  test_conv_case(1, 5, 6, 1, {1, 3, 1, 2, 1}, {2, 3, 1, 2, 1}, {2, 3, 1, 2, 1});   // padding beyond the image
  for (int64_t C : {1, 3, 8, 19, 33}) {
    test_conv_case(2, C, C, C, {5, 3, 1, 1, 1}, {6, 3, 1, 1, 1}, {17, 3, 1, 1, 1}); // depthwise
    test_conv_case(1, C, C, C, {7, 3, 2, 3, 2}, {6, 2, 2, 1, 1}, {9, 4, 1, 1, 2});
    test_conv_case(1, C, 2 * C, C, {4, 3, 1, 1, 1}, {6, 3, 1, 1, 1}, {9, 3, 1, 1, 1});
    test_conv_case(2, C, 2 * C, C, {4, 1, 1, 0, 1}, {6, 3, 1, 1, 1}, {9, 3, 1, 1, 1}); // over height and width only
  }
  test_conv_case(2, 20, 20, 5, {3, 1, 1, 0, 1}, {6, 3, 1, 1, 1}, {9, 3, 1, 1, 1});
}

template <class H> static void test_conv_halves() {
  const Axis flat{1, 1, 1, 0, 1}, usual{13, 3, 1, 1, 1}, plain{9, 1, 1, 0, 1}, wide{14, 5, 2, 2, 1};
  test_conv_case<0, H>(2, 3, 17, 1, flat, wide, usual);
  test_conv_case<0, H>(2, 3, 17, 1, flat, usual, usual, true);
  test_conv_case<0, H>(1, 40, 33, 1, flat, plain, plain);
  test_conv_case<0, H>(1, 36, 24, 2, flat, usual, usual, false, 4);
  test_conv_case<0, H>(1, 21, 21, 21, flat, usual, wide);
  test_conv_case<0, H>(1, 6, 12, 6, flat, usual, usual);
  test_conv_case<0, H>(1, 32, 32, 8, flat, usual, usual);
  test_conv_case<0, H>(1, 18, 18, 18, usual, usual, usual);
  test_conv_case<2, H>(1, 32, 40, 1, flat, usual, usual, false, 0, 4);
  test_conv_case<4, H>(1, 32, 40, 1, flat, usual, usual, false, 0, 16);
}

static void test_conv() {
  test_conv_halves<ait::float16>();
  test_conv_halves<ait::bfloat16>();
  for (bool nchw : {false, true}) {
    test_conv_case(2, 30, 29, 3, 37, 7, 7, 2, 3, 1, 1, nchw); // the stem
    test_conv_case(1, 12, 13, 1, 5, 5, 5, 1, 2, 1, 1, nchw);
    test_conv_case(1, 9, 11, 20, 33, 3, 3, 1, 1, 1, 1, nchw);
    test_conv_case(1, 17, 18, 6, 10, 3, 3, 2, 1, 2, 1, nchw);
    test_conv_case(2, 8, 7, 12, 16, 1, 1, 1, 0, 1, 1, nchw);
    test_conv_case(1, 9, 9, 12, 18, 3, 3, 1, 1, 1, 3, nchw);
    test_conv_case(1, 9, 9, 8, 8, 3, 3, 1, 1, 1, 8, nchw);
  }
  for (int64_t of_group : {2, 4, 8}) // small groups, in registers
    for (int64_t S : {1, 2})
      for (int64_t groups : {3, 7}) {
        test_conv_case(2, 7, 21, of_group * groups, of_group * groups, 3, 3, S, 1, 1, groups, false, 3);
        test_conv_case(1, 6, 4, of_group * groups, of_group * groups, 2, 3, S, 2, 1, groups);
      }
  test_conv_case(1, 9, 10, 70, 64, 3, 3, 1, 1, 1, 1);
  test_conv_case(1, 9, 10, 130, 40, 3, 3, 2, 1, 1, 1); // k cut in blocks
  test_conv_case(1, 9, 10, 130, 40, 3, 3, 1, 1, 1, 1, false, 5);
  test_conv_case(1, 3, 4, 5, 6, 5, 5, 1, 4, 1, 1);     // padding beyond the image
  test_conv_case(1, 1, 50, 7, 9, 1, 5, 1, 2, 1, 1);    // 1-D
  test_conv_case(1, 1, 50, 16, 24, 1, 3, 1, 4, 4, 1);
  test_conv_case(2, 14, 14, 32, 20, 1, 1, 2, 0, 1, 1);
  test_conv_case(1, 14, 14, 64, 96, 3, 3, 1, 1, 1, 2);
  test_conv_case(3, 14, 14, 24, 12, 5, 3, 2, 1, 1, 4);
  for (int64_t C : {1, 2, 3, 4, 7, 8, 12, 16, 24, 33, 48})
    for (int64_t S : {1, 2, 3})
      for (int64_t K : {1, 3, 5, 7})
        for (int64_t D : {1, 2}) test_conv_case(2, 15, 23, C, C, K, K, S, D * (K - 1) / 2, D, C); // depthwise
  for (int64_t m : {2, 3}) test_conv_case(2, 9, 11, 10, 10 * m, 3, 3, 1, 1, 1, 10);
  for (int64_t g : {2, 4, 5, 12}) // small groups
    for (int64_t per : {2, 3, 4, 8}) test_conv_case(2, 11, 13, g * per, g * per, 3, 3, 1, 1, 1, g), test_conv_case(1, 11, 13, g * 2, g * per, 5, 3, 2, 2, 1, g);
  test_conv_case(1, 56, 60, 16, 16, 3, 3, 1, 1, 1, 16);
  test_conv_case(1, 3, 3, 16, 16, 5, 5, 1, 6, 1, 16);
  test_conv_case(1, 3, 2, 16, 16, 7, 7, 1, 3, 1, 16);
  test_conv_3d();
  test_winograd<2>(2);
  test_winograd<4>(8);
}

// ---- attention ----

struct Bias {
  const float* p;
  int64_t H, LQ, LK;
  float operator()(int64_t b, int64_t h, int64_t i, int64_t j) const { return p[((b * H + h) * LQ + i) * LK + j]; }
};

template <class X = float> static void test_sdpa_case(int64_t B, int64_t H, int64_t HKV, int64_t LQ, int64_t LK, int64_t D, int64_t DV, bool causal, bool masked, bool heads_inside, bool transposed = false, float nan_at = 0) {
  Floats q = random_floats(B * H * LQ * D), k = random_floats(B * HKV * LK * D), v = random_floats(B * HKV * LK * DV), bias = random_floats(B * H * LQ * LK);
  for (auto& x : q) x *= 4;
  if (nan_at) q[q.size() / 2] = nan_at;
  for (size_t i = 0; i < bias.size(); i += 3) bias[i] = -INFINITY;
  if (masked && LK > 0)
    for (int64_t j = 0; j < LK; j++) bias[(LQ / 2) * LK + j] = -INFINITY; // a row that sees nothing
  ait::Sdpa a{};
  a.B = B, a.H = H, a.HKV = HKV, a.LQ = LQ, a.LK = LK, a.D = D, a.DV = DV, a.scale = 1 / std::sqrt(float(D)), a.causal = causal;
  a.q = q.data(), a.k = k.data(), a.v = v.data();
  std::vector<X> narrow[3];
  if constexpr (!std::is_same_v<X, float>) {
    Floats* const all[] = {&q, &k, &v};
    for (int i = 0; i < 3; i++) {
      for (auto& x : *all[i]) x = float(ait::bfloat16(x));
      narrow[i] = halves<X>(*all[i]);
    }
    a.q = narrow[0].data(), a.k = narrow[1].data(), a.v = narrow[2].data();
  }
  auto strides = [&](int64_t heads, int64_t len, int64_t d, int64_t& sb, int64_t& sh, int64_t& sl, int64_t& sd) {
    sb = heads * len * d, sd = 1;
    if (heads_inside) sh = d, sl = heads * d; // [B, L, H, D]
    else sh = len * d, sl = d;                // [B, H, L, D]
    if (transposed) sh = len * d, sl = 1, sd = len;
  };
  strides(H, LQ, D, a.q_sb, a.q_sh, a.q_sl, a.q_sd);
  strides(HKV, LK, D, a.k_sb, a.k_sh, a.k_sl, a.k_sd);
  strides(HKV, LK, DV, a.v_sb, a.v_sh, a.v_sl, a.v_sd);
  auto want = [&](int64_t bh, int64_t i, int64_t n) {
    int64_t b = bh / H, h = bh % H, g = h / (H / HKV);
    std::vector<double> s(LK);
    double top = -INFINITY, sum = 0, out = 0;
    for (int64_t j = 0; j < LK; j++) {
      for (int64_t d = 0; d < D; d++)
        s[j] += double(q[b * a.q_sb + h * a.q_sh + i * a.q_sl + d * a.q_sd]) * k[b * a.k_sb + g * a.k_sh + j * a.k_sl + d * a.k_sd];
      s[j] = s[j] * a.scale + (masked ? bias[((b * H + h) * LQ + i) * LK + j] : 0);
      if (causal && j > i) s[j] = -INFINITY;
      top = std::max(top, s[j]);
    }
    for (int64_t j = 0; j < LK; j++) sum += s[j] = std::exp(s[j] - (std::isinf(top) ? 0 : top));
    for (int64_t j = 0; j < LK; j++) out += s[j] / (sum == 0 ? 1 : sum) * v[b * a.v_sb + g * a.v_sh + j * a.v_sl + n * a.v_sd];
    return out;
  };
  char what[256];
  snprintf(what, sizeof what, "sdpa b%ld h%ld/%ld q%ld k%ld d%ld/%ld%s%s%s", long(B), long(H), long(HKV), long(LQ), long(LK), long(D), long(DV), causal ? " causal" : "", masked ? " masked" : "", heads_inside ? " blhd" : "");
  Bias mask{bias.data(), H, LQ, LK};
  compare(what, B * H, LQ, DV, 2, [&](auto ex, auto epi) {
    if (masked) ait::sdpa<X>(ex, a, mask, epi);
    else ait::sdpa<X>(ex, a, ait::NoMask{}, epi);
  }, want);
}

template <class H> static void test_sdpa_halves() {
  test_sdpa_case<H>(2, 3, 3, 37, 41, 17, 13, true, true, true);
  test_sdpa_case<H>(1, 2, 1, 70, 600, 32, 40, false, true, false);
  test_sdpa_case<H>(2, 3, 3, 1, 700, 64, 80, true, false, true);
  test_sdpa_case<H>(1, 2, 2, 20, 20, 12, 9, false, false, false, true);
  test_sdpa_case<H>(1, 2, 2, 5, 0, 12, 9, false, false, false);
}

static void test_sdpa() {
  test_sdpa_halves<ait::float16>();
  test_sdpa_halves<ait::bfloat16>();
  for (bool causal : {false, true})
    for (bool masked : {false, true}) {
      test_sdpa_case(2, 3, 3, 37, 41, 17, 13, causal, masked, true);
      test_sdpa_case(1, 2, 1, 70, 600, 32, 40, causal, masked, false); // several key blocks
      test_sdpa_case(1, 4, 2, 1, 33, 64, 64, causal, masked, false);   // decoding
      test_sdpa_case(2, 3, 3, 1, 700, 64, 80, causal, masked, true);   // several blocks of them
      test_sdpa_case(1, 4, 2, 2, 300, 21, 16, causal, masked, false);
      test_sdpa_case(1, 1, 1, 600, 300, 8, 8, causal, masked, true);
      test_sdpa_case(1, 8, 8, 45, 50, 64, 64, causal, masked, true);   // row stride 512: copied
    }
  test_sdpa_case(2, 6, 2, 25, 30, 16, 16, true, true, true);
  test_sdpa_case(1, 2, 2, 20, 20, 12, 9, false, false, false, true);
  test_sdpa_case(1, 2, 2, 20, 20, 12, 9, false, false, false, false, NAN);
  test_sdpa_case(1, 2, 2, 5, 0, 12, 9, false, false, false);
  test_sdpa_case(1, 2, 2, 2, 0, 16, 16, false, false, false);
  test_sdpa_case(1, 2, 2, 2, 20, 16, 16, false, false, false, false, NAN);
  test_sdpa_case(1, 2, 2, 0, 5, 12, 9, false, false, false);
  test_sdpa_case(3, 3, 3, 197, 197, 64, 64, false, false, true);
}

// ---- math ----

static double ulps(double want, float got) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : 1e30;
  float w = float(want);
  if (std::isinf(w) || std::isinf(got)) return w == got || (std::isinf(got) && std::fabs(want) > 3.4028234e38 && std::signbit(got) == std::signbit(w)) ? 0 : 1e30;
  int e;
  std::frexp(want, &e);
  double ulp = std::ldexp(1.0, std::max(e, -125) - 24);
  return std::fabs(want - got) / ulp;
}

// Every float of [lo, hi] by bit pattern in steps of `stride` ulps, both signs when lo is 0.
template <class Got, class Want>
static void test_function(const char* name, float lo, float hi, uint32_t stride, double limit, const Got& got, const Want& want) {
  double worst = 0;
  float at = 0;
  const int64_t n = 4096;
  Floats x(n), y(n);
  auto flush = [&](int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = got(x[i]);
    for (int64_t i = 0; i < count; i++) {
      double u = ulps(want(double(x[i])), y[i]);
      if (u > worst) worst = u, at = x[i];
    }
  };
  auto ordered = [](float f) { int32_t i = ait::bits_of(f); return int64_t(i < 0 ? int32_t(0x80000000) - int64_t(i) : int64_t(i)); };
  auto unordered = [](int64_t o) { return o < 0 ? -ait::float_of(int32_t(-o)) : ait::float_of(int32_t(o)); };
  int64_t fill = 0;
  for (int64_t o = ordered(lo); o <= ordered(hi); o += stride) {
    x[fill++] = unordered(o);
    if (fill == n) flush(n), fill = 0;
  }
  flush(fill);
  printf("  %-10s [%.5g, %.5g] max error %.2f ulp at %.9g\n", name, lo, hi, worst, at);
  check(worst <= limit, name, "error bound");
}

template <class Got, class Want> static void test_specials(const char* name, const Got& got, const Want& want) {
  for (float x : {0.0f, -0.0f, 1.0f, -1.0f, INFINITY, -INFINITY, NAN, 1e-45f, -1e-45f, 1e-38f, 3e38f, -3e38f, 100.0f, -100.0f, 200.0f, -200.0f}) {
    float g = got(x), w = float(want(double(x)));
    bool ok = std::isnan(w) ? std::isnan(g) : ulps(want(double(x)), g) <= 4 || std::fabs(w) < 1e-35;
    if (w == 0 && g == 0) ok = std::signbit(w) == std::signbit(g);
    char detail[80];
    snprintf(detail, sizeof detail, "(%g) = %g, want %g", x, g, w);
    check(ok, name, detail);
  }
}

#define MATH(name, expr) [](float x) { return name(x); }, [](double x) -> double { return expr; }

static void test_math() {
  using namespace ait;
  const float big = 3.4028235e38f;
  test_function("exp", -104, 89, 17, 1.01, MATH(ait::exp, std::exp(x)));
  test_function("expm1", -104, 89, 17, 2, MATH(ait::expm1, std::expm1(x)));
  test_function("log", 0, big, 37, 1.01, MATH(ait::log, std::log(x)));
  test_function("log1p", -1, big, 37, 2, MATH(ait::log1p, std::log1p(x)));
  test_function("tanh", -20, 20, 37, 3, MATH(ait::tanh, std::tanh(x)));
  test_function("sigmoid", -110, 110, 37, 3, MATH(ait::sigmoid, 1 / (1 + std::exp(-x))));
  test_function("silu", -87, 110, 37, 3, MATH(ait::silu, x / (1 + std::exp(-x))));
  test_function("erf", -7, 7, 37, 2, MATH(ait::erf, std::erf(x)));
  test_function("gelu_erf", -1, 10, 37, 4, MATH(ait::gelu_erf, 0.5 * x * std::erfc(-x * M_SQRT1_2)));
  test_function("gelu_erf", -8, -1, 37, 192, MATH(ait::gelu_erf, 0.5 * x * std::erfc(-x * M_SQRT1_2)));
  auto gelu_tanh_want = [](double x) { return x / (1 + std::exp(-2 * 0.79788456080286536 * (x + 0.044715 * x * x * x))); };
  test_function("gelu_tanh", -3, 10, 37, 16, [](float x) { return ait::gelu_tanh(x); }, gelu_tanh_want);
  test_function("gelu_tanh", -8, -3, 37, 128, [](float x) { return ait::gelu_tanh(x); }, gelu_tanh_want);
  test_function("sin", -big, big, 197, 1.01, MATH(ait::sin, std::sin(x)));
  test_function("cos", -big, big, 197, 1.01, MATH(ait::cos, std::cos(x)));
  test_function("rsqrt", 0, big, 37, 2, MATH(ait::rsqrt, 1 / std::sqrt(x)));
  for (float y : {2.5f, -0.7f, 3.0f, 0.33333f, -17.3f, 41.25f})
    test_function("pow", 0, big, 1997, 1.01, [=](float x) { return ait::pow(x, y); }, [=](double x) { return std::pow(x, double(y)); });
  for (float b : {0.5f, 1.0001f, 10.0f, 1e-40f})
    test_function("pow b^x", -300, 300, 1997, 1.01, [=](float x) { return ait::pow(b, x); }, [=](double x) { return std::pow(double(b), x); });
  test_specials("exp", MATH(ait::exp, std::exp(x)));
  test_specials("expm1", MATH(ait::expm1, std::expm1(x)));
  test_specials("log", MATH(ait::log, std::log(x)));
  test_specials("log1p", MATH(ait::log1p, std::log1p(x)));
  test_specials("tanh", MATH(ait::tanh, std::tanh(x)));
  test_specials("sigmoid", MATH(ait::sigmoid, 1 / (1 + std::exp(-x))));
  test_specials("silu", MATH(ait::silu, x / (1 + std::exp(-x))));
  test_specials("erf", MATH(ait::erf, std::erf(x)));
  test_specials("sin", MATH(ait::sin, std::sin(x)));
  test_specials("cos", MATH(ait::cos, std::cos(x)));
  test_specials("rsqrt", MATH(ait::rsqrt, 1 / std::sqrt(x)));
  for (float x : {0.0f, -0.0f, 1.0f, -1.0f, 2.0f, -2.0f, 0.5f, -0.5f, INFINITY, -INFINITY, NAN, 1e-45f, -1e-45f, -3e38f})
    for (float y : {0.0f, -0.0f, 1.0f, -1.0f, 2.0f, -2.0f, 3.0f, -3.0f, 0.5f, -0.5f, INFINITY, -INFINITY, NAN, 16777216.0f, 16777215.0f, 3e38f}) {
      float g = ait::pow(x, y), w = std::pow(x, y);
      char detail[80];
      snprintf(detail, sizeof detail, "(%g, %g) = %g, want %g", x, y, g, w);
      check((std::isnan(w) && std::isnan(g)) || (w == g && std::signbit(w) == std::signbit(g)) || ulps(std::pow(double(x), double(y)), g) <= 1.01, "pow", detail);
    }
  vf a = broadcast(1), n = broadcast(NAN), z = broadcast(2);
  check(ait::max(a, n)[0] != ait::max(a, n)[0] && ait::max(n, a)[0] != ait::max(n, a)[0] && ait::max(a, z)[0] == 2, "vector max");
  check(ait::min(a, n)[0] != ait::min(a, n)[0] && ait::min(n, a)[0] != ait::min(n, a)[0] && ait::min(a, z)[0] == 1, "vector min");
  check(std::isnan(ait::max(1.0f, NAN)) && std::isnan(ait::min(NAN, 1.0f)) && ait::max(-INFINITY, 1.0f) == 1, "scalar max, min");
}

// ---- pool ----

static void test_pool() {
  auto covers = [](const ait::Executor& ex, int64_t n, int64_t grain) {
    std::vector<int> seen(n);
    bool chunks_ok = true;
    ait::parallel_for(ex, n, grain, [&](int64_t begin, int64_t end) {
      if (n > grain && begin % grain != 0) chunks_ok = false;
      for (int64_t i = begin; i < end; i++) __atomic_fetch_add(&seen[i], 1, __ATOMIC_RELAXED);
    });
    return chunks_ok && std::all_of(seen.begin(), seen.end(), [](int v) { return v == 1; });
  };
  for (int threads : {1, 2, 5, 3, 0}) {
    ait::set_threads(threads);
    for (int64_t n : {0, 1, 2, 7, 1000})
      for (int64_t grain : {1, 3, 1000}) check(covers(ait::pool_executor(), n, grain), "parallel_for covers");
    check(covers(ait::pool_executor(1), 100, 1) && covers(ait::pool_executor(2), 100, 1), "parallel_for with a limit");
  }
  ait::set_threads(3);
  bool nested = true;
  ait::parallel_for(ait::pool_executor(), 8, 1, [&](int64_t, int64_t) { if (!covers(ait::pool_executor(), 50, 3)) nested = false; });
  check(nested, "nested parallel_for");
  std::vector<std::thread> hosts;
  std::atomic<int> bad{0};
  for (int t = 0; t < 4; t++)
    hosts.emplace_back([&, t] {
      for (int i = 0; i < 5000; i++)
        if (!covers(ait::pool_executor(), 1 + (i + t) % 37, 2)) bad++;
      ait::scratch(ait::SCRATCH_A, 1000);
    });
  for (auto& h : hosts) h.join();
  check(bad == 0, "concurrent hosts");
  for (int i = 0; i < 20; i++) { // sleep and wake
    check(covers(ait::pool_executor(), 20, 1), "wake");
    usleep(200);
  }
  auto threads_of = [&](int other_runs) { // how many share a job while so many others run
    static int job = 0;
    const int now = ++job;
    std::atomic<int> started{0};
    ait::Running* others[4] = {};
    for (int i = 0; i < other_runs; i++) others[i] = new ait::Running;
    ait::Running mine;
    ait::parallel_for(ait::pool_executor(), 64, 1, [&](int64_t, int64_t) {
      static __thread int counted = 0;
      if (counted != now) counted = now, started++;
      usleep(1000); // long enough for sleeping workers to come
    });
    for (auto* other : others) delete other;
    return started.load();
  };
  check(threads_of(1) <= 2 && threads_of(2) == 1 && threads_of(4) == 1, "a cpu for each run");
  bool all = false; // a worker may be late
  for (int i = 0; i < 100 && !all; i++) all = threads_of(0) == 3;
  check(all, "a run alone has all threads");
  if (pid_t child = fork()) {
    int status = 1;
    waitpid(child, &status, 0);
    check(status == 0, "fork");
  } else {
    _exit(covers(ait::pool_executor(), 1000, 3) ? 0 : 1);
  }
  ait::shutdown();
  ait::shutdown();
  check(covers(ait::pool_executor(), 100, 1), "after shutdown");
  check(ait::scratch(ait::SCRATCH_B, 100) != nullptr && ait::shortages.load() == 0, "scratch after shutdown");
  check(ait::scratch(ait::SCRATCH_B, int64_t(1) << 55) == nullptr && ait::shortages.load() == 1, "out of memory is reported");
  ait::shortages = 0;
  ait::set_threads(0);
}

template <class Op, class T, class Fold> static void test_reduce_case(const std::vector<T>& x, T want, const Fold& near, const char* what) {
  const int64_t n = int64_t(x.size()), cut = n / 3;
  ait::Reduction<Op, T> all, parts, each;
  all.add(n, [&](int64_t i) { return x[i]; });
  parts.add(cut, [&](int64_t i) { return x[i]; });
  parts.add(n - cut, [&](int64_t i) { return x[cut + i]; });
  each.add_each(n, [&](int64_t i) { return x[i]; });
  bool ok = near(want, all.total()) && near(want, parts.total()) && near(want, each.total());
  if constexpr (std::is_same_v<T, float>) {
    ait::Reduction<Op, float> row;
    row.add_row(n, x.data());
    ok &= near(want, row.total());
  }
  char detail[80];
  snprintf(detail, sizeof detail, "%s of %ld", what, long(n));
  check(ok, "reduce", detail);
}

static void test_reduce() {
  auto same = [](auto a, auto b) { return a == b || (a != a && b != b); };
  for (int64_t n = 0; n <= 150; n++) {
    Floats x = random_floats(n);
    double sum = 0, size = 0, product = 1;
    float top = -INFINITY, low = INFINITY;
    for (float v : x) sum += v, size += std::fabs(v), product *= 1 + v / 8, top = std::max(top, v), low = std::min(low, v);
    auto near = [&](float want, float got) { return std::fabs(want - got) <= 1e-6 * size; };
    test_reduce_case<ait::Sum>(x, float(sum), near, "sum");
    test_reduce_case<ait::Max>(x, top, same, "max");
    test_reduce_case<ait::Min>(x, low, same, "min");
    Floats factors = x;
    for (float& v : factors) v = 1 + v / 8;
    test_reduce_case<ait::Prod>(factors, float(product), [](float want, float got) { return std::fabs(want - got) <= 3e-5 * want; }, "product");
    for (int64_t at : {int64_t(0), n / 2, n - 1}) {
      if (n == 0) break;
      Floats bad = x;
      bad[at] = NAN;
      test_reduce_case<ait::Max>(bad, NAN, same, "max with NaN");
      test_reduce_case<ait::Min>(bad, NAN, same, "min with NaN");
      test_reduce_case<ait::Sum>(bad, NAN, same, "sum with NaN");
    }
    std::vector<int64_t> whole(n);
    int64_t total = 0, most = INT64_MIN;
    for (auto& v : whole) v = int64_t(next_random() >> 20) - (1LL << 43), total += v, most = std::max(most, v);
    test_reduce_case<ait::Sum>(whole, total, same, "sum of integers");
    test_reduce_case<ait::Max>(whole, most, same, "max of integers");
  }
}

// Arguments name the parts to run; none runs all.
int main(int argc, char** argv) {
  auto wanted = [&](const char* part) { return argc < 2 || std::any_of(argv + 1, argv + argc, [&](char* a) { return !strcmp(a, part); }); };
  printf("lanes %d, tile %d x %d\n", ait::W, ait::GEMM_MR, ait::GEMM_NR);
  if (wanted("pool")) test_pool();
  ait::set_threads(3);
  if (wanted("reduce")) test_reduce();
  if (wanted("gemm")) test_gemm();
  if (wanted("conv")) test_conv();
  if (wanted("sdpa")) test_sdpa();
  check(ait::shortages.load() == 0, "memory");
  if (wanted("math")) test_math();
  ait::shutdown();
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
