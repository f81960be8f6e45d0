#include "model.h"
#include "reduce.h"
#include "conv.h"
#include "gemm.h"
namespace ait::model {
  static void k0(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2) {
  {
    ait::parallel_for(cx.ex, 64, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = e0 + 0x1.4f8b58p-17f;
        const float e2 = ait::op_rsqrt(e1);
        const float e3 = p1[x0];
        const float e4 = e2 * e3;
        p2[x0] = e4;
      }
    });
  }
}

  static void k1(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3) {
  {
    ait::parallel_for(cx.ex, 64, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = p1[x0];
        const float e2 = e0 * e1;
        const float e3 = ait::op_neg(e2);
        const float e4 = p2[x0];
        const float e5 = e3 + e4;
        p3[x0] = e5;
      }
    });
  }
}

  static void k2(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11) {
  auto element_kw = [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) __attribute__((always_inline)) -> float {
    const float e0 = p0[n0 * oc + n1 * ic + n2 * kh + kw];
    const float e1 = p1[oc];
    const float e2 = e0 * e1;
    return e2;
  };
  const ait::Conv conv = ait::Conv{1, n3, n4, 1, 1, 1, 1, 1, 1, 1, 1, n5, n6, 1, n7, n8, 0, n9, n10, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, n11};
  ait::pack_conv(cx.ex, conv, element_kw, p2);
}

  struct k3_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  float* __restrict p3;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      const float e2 = ait::op_relu(e1);
      p3[n0 * m + (n + j)] = e2;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p3 + n1 * m + (n + j), 1);
    }
  }
};
static void k3(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11, const int64_t n12, const int64_t n13, const int64_t n14, const int64_t n15) {
  const k3_Epilogue epilogue{cx, p0, p1, p2, p3, n0, n1};
  ait::Conv conv = ait::Conv{1, n2, n3, 1, 1, n4, n5, 1, n6, n7, 1, n8, n9, 1, n10, n11, 0, n12, n13, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, n14};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n15;
  conv.xs_w = 1;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  static void k4(const Context& cx, const float* __restrict p0, float* __restrict p1) {
  {
    ait::parallel_for(cx.ex, (56) * (56) * (ait::ceil_div(64, 64)), 5, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o) {
        const int64_t block = o % (ait::ceil_div(64, 64));
        const int64_t rest2 = o / (ait::ceil_div(64, 64));
        const int64_t x1 = rest2 % (56);
        const int64_t rest1 = rest2 / (56);
        const int64_t x0 = rest1;
        const int64_t start = block * 64;
        const int64_t count0 = ait::index_min(64, 64 - start);
        alignas(64) float acc1[64];
        for (int64_t j = 0; j < 64; ++j) acc1[j] = ait::lowest<float>();
        for (int64_t x3 = 0; x3 < 3; ++x3) {
          for (int64_t x4 = 0; x4 < 3; ++x4) {
            const int64_t e2 = 2 * x0 + x3 + -1;
            const int64_t e3 = 0;
            const bool e4 = e2 >= e3;
            const int64_t e5 = 2 * x1 + x4 + -1;
            const int64_t e6 = 0;
            const bool e7 = e5 >= e6;
            const bool e8 = e4 && e7;
            if (e8) {
              #pragma omp simd
              for (int64_t j = 0; j < count0; ++j) {
                const int64_t x2 = start + j;
                const float e9 = p0[x2 + 14336 * x0 + 128 * x1 + 7168 * x3 + 64 * x4 + -7232];
                acc1[j] = ait::op_max(acc1[j], e9);
              }
            }
          }
        }
        #pragma omp simd
        for (int64_t j = 0; j < count0; ++j) {
          const int64_t x2 = start + j;
          p1[x2 + 3584 * x0 + 64 * x1] = acc1[j];
        }
      }
    });
  }
}

  static void k5(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2, const int64_t n0, const int64_t n1, const int64_t n2) {
  auto element_kw = [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) __attribute__((always_inline)) -> float {
    const float e0 = p0[n0 * oc + ic];
    const float e1 = p1[oc];
    const float e2 = e0 * e1;
    return e2;
  };
  const ait::Conv conv = ait::Conv{1, n1, n2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  ait::pack_conv(cx.ex, conv, element_kw, p2);
}

  struct k6_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  float* __restrict p3;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      const float e2 = ait::op_relu(e1);
      p3[n0 * m + (n + j)] = e2;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p3 + n1 * m + (n + j), 1);
    }
  }
};
static void k6(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9) {
  const k6_Epilogue epilogue{cx, p0, p1, p2, p3, n0, n1};
  ait::Conv conv = ait::Conv{1, n2, n3, 1, 1, n4, n5, 1, n6, n7, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n8;
  conv.xs_w = n9;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  static void k7(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6) {
  auto element_kw = [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) __attribute__((always_inline)) -> float {
    const float e0 = p0[n0 * oc + n1 * ic + n2 * kh + kw];
    const float e1 = p1[oc];
    const float e2 = e0 * e1;
    return e2;
  };
  const ait::Conv conv = ait::Conv{1, n3, n4, 1, 1, 1, 1, 1, 1, 1, 1, n5, n6, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  ait::pack_conv(cx.ex, conv, element_kw, p2);
}

  struct k8_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  float* __restrict p3;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      const float e2 = ait::op_relu(e1);
      p3[n0 * m + (n + j)] = e2;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p3 + n1 * m + (n + j), 1);
    }
  }
};
static void k8(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11) {
  const k8_Epilogue epilogue{cx, p0, p1, p2, p3, n0, n1};
  ait::Conv conv = ait::Conv{1, n2, n3, 1, 1, n4, n5, 1, n6, n7, 1, n8, n9, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n10;
  conv.xs_w = n11;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  static void k9(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2) {
  {
    ait::parallel_for(cx.ex, 256, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = e0 + 0x1.4f8b58p-17f;
        const float e2 = ait::op_rsqrt(e1);
        const float e3 = p1[x0];
        const float e4 = e2 * e3;
        p2[x0] = e4;
      }
    });
  }
}

  static void k10(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3) {
  {
    ait::parallel_for(cx.ex, 256, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = p1[x0];
        const float e2 = e0 * e1;
        const float e3 = ait::op_neg(e2);
        const float e4 = p2[x0];
        const float e5 = e3 + e4;
        p3[x0] = e5;
      }
    });
  }
}

  struct k11_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  float* __restrict p3;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      p3[n0 * m + (n + j)] = e1;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p3 + n1 * m + (n + j), 1);
    }
  }
};
static void k11(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9) {
  const k11_Epilogue epilogue{cx, p0, p1, p2, p3, n0, n1};
  ait::Conv conv = ait::Conv{1, n2, n3, 1, 1, n4, n5, 1, n6, n7, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n8;
  conv.xs_w = n9;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  struct k12_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  const float* __restrict p3;
  float* __restrict p4;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1, n2, n3;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[n0 * m + (n + j)];
      const float e1 = p3[(n + j)];
      const float e2 = acc[j] + e1;
      const float e3 = e0 + e2;
      const float e4 = ait::op_relu(e3);
      p4[n1 * m + (n + j)] = e4;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p4 + n2 * m + (n + j), 1);
      __builtin_prefetch(p2 + n3 * m + (n + j));
    }
  }
};
static void k12(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, const float* __restrict p3, float* __restrict p4, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11) {
  const k12_Epilogue epilogue{cx, p0, p1, p2, p3, p4, n0, n1, n2, n3};
  ait::Conv conv = ait::Conv{1, n4, n5, 1, 1, n6, n7, 1, n8, n9, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n10;
  conv.xs_w = n11;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  struct k13_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  const float* __restrict p3;
  float* __restrict p4;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1, n2, n3;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      const float e2 = p3[n0 * m + (n + j)];
      const float e3 = e1 + e2;
      const float e4 = ait::op_relu(e3);
      p4[n1 * m + (n + j)] = e4;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p4 + n2 * m + (n + j), 1);
      __builtin_prefetch(p3 + n3 * m + (n + j));
    }
  }
};
static void k13(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, const float* __restrict p3, float* __restrict p4, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11) {
  const k13_Epilogue epilogue{cx, p0, p1, p2, p3, p4, n0, n1, n2, n3};
  ait::Conv conv = ait::Conv{1, n4, n5, 1, 1, n6, n7, 1, n8, n9, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n10;
  conv.xs_w = n11;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  static void k14(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2) {
  {
    ait::parallel_for(cx.ex, 128, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = e0 + 0x1.4f8b58p-17f;
        const float e2 = ait::op_rsqrt(e1);
        const float e3 = p1[x0];
        const float e4 = e2 * e3;
        p2[x0] = e4;
      }
    });
  }
}

  static void k15(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3) {
  {
    ait::parallel_for(cx.ex, 128, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = p1[x0];
        const float e2 = e0 * e1;
        const float e3 = ait::op_neg(e2);
        const float e4 = p2[x0];
        const float e5 = e3 + e4;
        p3[x0] = e5;
      }
    });
  }
}

  static void k16(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8) {
  auto element_kw = [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) __attribute__((always_inline)) -> float {
    const float e0 = p0[n0 * oc + n1 * ic + n2 * kh + kw];
    const float e1 = p1[oc];
    const float e2 = e0 * e1;
    return e2;
  };
  const ait::Conv conv = ait::Conv{1, n3, n4, 1, 1, 1, 1, 1, 1, 1, 1, n5, n6, 1, n7, n8, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  ait::pack_conv(cx.ex, conv, element_kw, p2);
}

  struct k17_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  float* __restrict p3;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      const float e2 = ait::op_relu(e1);
      p3[n0 * m + (n + j)] = e2;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p3 + n1 * m + (n + j), 1);
    }
  }
};
static void k17(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11, const int64_t n12, const int64_t n13) {
  const k17_Epilogue epilogue{cx, p0, p1, p2, p3, n0, n1};
  ait::Conv conv = ait::Conv{1, n2, n3, 1, 1, n4, n5, 1, n6, n7, 1, n8, n9, 1, n10, n11, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n12;
  conv.xs_w = n13;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  static void k18(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2) {
  {
    ait::parallel_for(cx.ex, 512, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = e0 + 0x1.4f8b58p-17f;
        const float e2 = ait::op_rsqrt(e1);
        const float e3 = p1[x0];
        const float e4 = e2 * e3;
        p2[x0] = e4;
      }
    });
  }
}

  static void k19(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3) {
  {
    ait::parallel_for(cx.ex, 512, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = p1[x0];
        const float e2 = e0 * e1;
        const float e3 = ait::op_neg(e2);
        const float e4 = p2[x0];
        const float e5 = e3 + e4;
        p3[x0] = e5;
      }
    });
  }
}

  static void k20(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4) {
  auto element_kw = [&](int64_t oc, int64_t ic, int64_t kd, int64_t kh, int64_t kw) __attribute__((always_inline)) -> float {
    const float e0 = p0[n0 * oc + ic];
    const float e1 = p1[oc];
    const float e2 = e0 * e1;
    return e2;
  };
  const ait::Conv conv = ait::Conv{1, n1, n2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, n3, n4, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  ait::pack_conv(cx.ex, conv, element_kw, p2);
}

  struct k21_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  const float* __restrict p3;
  float* __restrict p4;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  int64_t n0, n1, n2, n3;
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[n0 * m + (n + j)];
      const float e1 = p3[(n + j)];
      const float e2 = acc[j] + e1;
      const float e3 = e0 + e2;
      const float e4 = ait::op_relu(e3);
      p4[n1 * m + (n + j)] = e4;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p4 + n2 * m + (n + j), 1);
      __builtin_prefetch(p2 + n3 * m + (n + j));
    }
  }
};
static void k21(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, const float* __restrict p3, float* __restrict p4, const int64_t n0, const int64_t n1, const int64_t n2, const int64_t n3, const int64_t n4, const int64_t n5, const int64_t n6, const int64_t n7, const int64_t n8, const int64_t n9, const int64_t n10, const int64_t n11, const int64_t n12, const int64_t n13) {
  const k21_Epilogue epilogue{cx, p0, p1, p2, p3, p4, n0, n1, n2, n3};
  ait::Conv conv = ait::Conv{1, n4, n5, 1, 1, n6, n7, 1, n8, n9, 1, 1, 1, 1, n10, n11, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1};
  conv.x = p0 + 0;
  conv.xs_n = 0;
  conv.xs_d = 0;
  conv.xs_h = n12;
  conv.xs_w = n13;
  conv.w = p1;
  ait::dense_conv(cx.ex, conv, epilogue);
}

  static void k22(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2) {
  {
    ait::parallel_for(cx.ex, 1024, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = e0 + 0x1.4f8b58p-17f;
        const float e2 = ait::op_rsqrt(e1);
        const float e3 = p1[x0];
        const float e4 = e2 * e3;
        p2[x0] = e4;
      }
    });
  }
}

  static void k23(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3) {
  {
    ait::parallel_for(cx.ex, 1024, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = p1[x0];
        const float e2 = e0 * e1;
        const float e3 = ait::op_neg(e2);
        const float e4 = p2[x0];
        const float e5 = e3 + e4;
        p3[x0] = e5;
      }
    });
  }
}

  static void k24(const Context& cx, const float* __restrict p0, const float* __restrict p1, float* __restrict p2) {
  {
    ait::parallel_for(cx.ex, 2048, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = e0 + 0x1.4f8b58p-17f;
        const float e2 = ait::op_rsqrt(e1);
        const float e3 = p1[x0];
        const float e4 = e2 * e3;
        p2[x0] = e4;
      }
    });
  }
}

  static void k25(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3) {
  {
    ait::parallel_for(cx.ex, 2048, 2857, [&](int64_t begin, int64_t end) {
      #pragma omp simd
      for (int64_t x0 = begin; x0 < end; ++x0) {
        const float e0 = p0[x0];
        const float e1 = p1[x0];
        const float e2 = e0 * e1;
        const float e3 = ait::op_neg(e2);
        const float e4 = p2[x0];
        const float e5 = e3 + e4;
        p3[x0] = e5;
      }
    });
  }
}

  static void k26(const Context& cx, const float* __restrict p0, float* __restrict p1) {
  {
    ait::parallel_for(cx.ex, (ait::ceil_div(2048, 64)), 6, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o) {
        const int64_t block = o;
        const int64_t start = block * 64;
        const int64_t count0 = ait::index_min(64, 2048 - start);
        alignas(64) float acc1[64];
        for (int64_t j = 0; j < 64; ++j) acc1[j] = 0;
        for (int64_t x1 = 0; x1 < 7; ++x1) {
          for (int64_t x2 = 0; x2 < 7; ++x2) {
            #pragma omp simd
            for (int64_t j = 0; j < count0; ++j) {
              const int64_t x0 = start + j;
              const float e2 = p0[x0 + 14336 * x1 + 2048 * x2];
              acc1[j] = acc1[j] + e2;
            }
          }
        }
        #pragma omp simd
        for (int64_t j = 0; j < count0; ++j) {
          const int64_t x0 = start + j;
          const int64_t e3 = 49;
          const float e4 = static_cast<float>(e3);
          const float e5 = acc1[j] / e4;
          p1[x0] = e5;
        }
      }
    });
  }
}

  static void k27(const Context& cx, const float* __restrict p0, float* __restrict p1, const int64_t n0, const int64_t n1, const int64_t n2) {
  auto element_n = [&](int64_t k, int64_t n) __attribute__((always_inline)) -> float {
    const float e0 = p0[k + n0 * n];
    return e0;
  };
  ait::pack_b(cx.ex, n1, n2, element_n, p1);
}

  struct k28_Epilogue {
  const Context& cx;
  const float* __restrict p0;
  const float* __restrict p1;
  const float* __restrict p2;
  float* __restrict p3;
  template <int COUNT> AIT_INLINE void full(int64_t b, int64_t m, int64_t n, const float* acc) const { run(b, m, n, COUNT, acc); }
  void tail(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const { run(b, m, n, count, acc); }
  AIT_INLINE void run(int64_t b, int64_t m, int64_t n, int64_t count, const float* acc) const {
    #pragma omp simd
    for (int64_t j = 0; j < count; ++j) {
      const float e0 = p2[(n + j)];
      const float e1 = acc[j] + e0;
      p3[(n + j)] = e1;
    }
  }
  AIT_INLINE void prefetch(int64_t b, int64_t m, int64_t n) const {
    for (int j = 0; j < ait::GEMM_NR; j += 16) {
      __builtin_prefetch(p3 + (n + j), 1);
    }
  }
};
static void k28(const Context& cx, const float* __restrict p0, const float* __restrict p1, const float* __restrict p2, float* __restrict p3, const int64_t n0, const int64_t n1) {
  const k28_Epilogue epilogue{cx, p0, p1, p2, p3};
  ait::gemm(cx.ex, 1, 1, n0, n1, ait::RowsA{p0 + 0, 0, 0}, ait::PackedB{p1, 0}, epilogue);
}

  const SymbolSpec symbols[] = {{}};
  const int64_t num_symbols = 0;
  const TensorSpec inputs[] = {{"input0", ait::FLOAT32, 4, {1, 3, 224, 224}, {150528, 50176, 224, 1}}};
  const int64_t num_inputs = 1;
  const TensorSpec outputs[] = {{"output0", ait::FLOAT32, 2, {1, 1000}, {1000, 1}}};
  const int64_t num_outputs = 1;
  void shape(const int64_t* symbols, TensorSpec* inputs, TensorSpec* outputs) {
  }
  const ConstantSpec constants[] = {{"w1", ait::FLOAT32, 37632, ConstantRole::RawFoldOnly}, {"w2", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w3", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w4", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w5", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w6", ait::FLOAT32, 16384, ConstantRole::RawFoldOnly}, {"w7", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w8", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w9", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w10", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w11", ait::FLOAT32, 147456, ConstantRole::RawFoldOnly}, {"w12", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w13", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w14", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w15", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w16", ait::FLOAT32, 65536, ConstantRole::RawFoldOnly}, {"w17", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w18", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w19", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w20", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w21", ait::FLOAT32, 65536, ConstantRole::RawFoldOnly}, {"w22", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w23", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w24", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w25", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w26", ait::FLOAT32, 65536, ConstantRole::RawFoldOnly}, {"w27", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w28", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w29", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w30", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w31", ait::FLOAT32, 147456, ConstantRole::RawFoldOnly}, {"w32", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w33", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w34", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w35", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w36", ait::FLOAT32, 65536, ConstantRole::RawFoldOnly}, {"w37", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w38", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w39", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w40", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w41", ait::FLOAT32, 65536, ConstantRole::RawFoldOnly}, {"w42", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w43", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w44", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w45", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w46", ait::FLOAT32, 147456, ConstantRole::RawFoldOnly}, {"w47", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w48", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w49", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w50", ait::FLOAT32, 256, ConstantRole::RawFoldOnly}, {"w51", ait::FLOAT32, 65536, ConstantRole::RawFoldOnly}, {"w52", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w53", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w54", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w55", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w56", ait::FLOAT32, 131072, ConstantRole::RawFoldOnly}, {"w57", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w58", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w59", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w60", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w61", ait::FLOAT32, 589824, ConstantRole::RawFoldOnly}, {"w62", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w63", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w64", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w65", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w66", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w67", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w68", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w69", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w70", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w71", ait::FLOAT32, 524288, ConstantRole::RawFoldOnly}, {"w72", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w73", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w74", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w75", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w76", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w77", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w78", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w79", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w80", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w81", ait::FLOAT32, 589824, ConstantRole::RawFoldOnly}, {"w82", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w83", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w84", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w85", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w86", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w87", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w88", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w89", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w90", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w91", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w92", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w93", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w94", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w95", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w96", ait::FLOAT32, 589824, ConstantRole::RawFoldOnly}, {"w97", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w98", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w99", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w100", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w101", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w102", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w103", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w104", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w105", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w106", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w107", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w108", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w109", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w110", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w111", ait::FLOAT32, 589824, ConstantRole::RawFoldOnly}, {"w112", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w113", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w114", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w115", ait::FLOAT32, 512, ConstantRole::RawFoldOnly}, {"w116", ait::FLOAT32, 262144, ConstantRole::RawFoldOnly}, {"w117", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w118", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w119", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w120", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w121", ait::FLOAT32, 524288, ConstantRole::RawFoldOnly}, {"w122", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w123", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w124", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w125", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w126", ait::FLOAT32, 2359296, ConstantRole::RawFoldOnly}, {"w127", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w128", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w129", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w130", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w131", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w132", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w133", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w134", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w135", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w136", ait::FLOAT32, 2097152, ConstantRole::RawFoldOnly}, {"w137", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w138", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w139", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w140", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w141", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w142", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w143", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w144", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w145", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w146", ait::FLOAT32, 2359296, ConstantRole::RawFoldOnly}, {"w147", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w148", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w149", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w150", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w151", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w152", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w153", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w154", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w155", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w156", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w157", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w158", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w159", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w160", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w161", ait::FLOAT32, 2359296, ConstantRole::RawFoldOnly}, {"w162", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w163", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w164", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w165", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w166", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w167", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w168", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w169", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w170", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w171", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w172", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w173", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w174", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w175", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w176", ait::FLOAT32, 2359296, ConstantRole::RawFoldOnly}, {"w177", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w178", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w179", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w180", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w181", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w182", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w183", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w184", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w185", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w186", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w187", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w188", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w189", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w190", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w191", ait::FLOAT32, 2359296, ConstantRole::RawFoldOnly}, {"w192", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w193", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w194", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w195", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w196", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w197", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w198", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w199", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w200", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w201", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w202", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w203", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w204", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w205", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w206", ait::FLOAT32, 2359296, ConstantRole::RawFoldOnly}, {"w207", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w208", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w209", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w210", ait::FLOAT32, 1024, ConstantRole::RawFoldOnly}, {"w211", ait::FLOAT32, 1048576, ConstantRole::RawFoldOnly}, {"w212", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w213", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w214", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w215", ait::FLOAT32, 4096, ConstantRole::RawFoldOnly}, {"w216", ait::FLOAT32, 2097152, ConstantRole::RawFoldOnly}, {"w217", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w218", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w219", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w220", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w221", ait::FLOAT32, 9437184, ConstantRole::RawFoldOnly}, {"w222", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w223", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w224", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w225", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w226", ait::FLOAT32, 4194304, ConstantRole::RawFoldOnly}, {"w227", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w228", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w229", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w230", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w231", ait::FLOAT32, 8388608, ConstantRole::RawFoldOnly}, {"w232", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w233", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w234", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w235", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w236", ait::FLOAT32, 4194304, ConstantRole::RawFoldOnly}, {"w237", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w238", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w239", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w240", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w241", ait::FLOAT32, 9437184, ConstantRole::RawFoldOnly}, {"w242", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w243", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w244", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w245", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w246", ait::FLOAT32, 4194304, ConstantRole::RawFoldOnly}, {"w247", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w248", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w249", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w250", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w251", ait::FLOAT32, 4194304, ConstantRole::RawFoldOnly}, {"w252", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w253", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w254", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w255", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w256", ait::FLOAT32, 9437184, ConstantRole::RawFoldOnly}, {"w257", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w258", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w259", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w260", ait::FLOAT32, 2048, ConstantRole::RawFoldOnly}, {"w261", ait::FLOAT32, 4194304, ConstantRole::RawFoldOnly}, {"w262", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w263", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w264", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w265", ait::FLOAT32, 8192, ConstantRole::RawFoldOnly}, {"w266", ait::FLOAT32, 4000, ConstantRole::Kept}, {"w267", ait::FLOAT32, 8192000, ConstantRole::RawFoldOnly}, {"conv284_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv324_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv357_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv390_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv418_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv456_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv489_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv522_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv560_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv593_shift", ait::FLOAT32, 256, ConstantRole::Folded}, {"conv626_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv664_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv697_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv730_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv758_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv796_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv829_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv862_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv900_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv933_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv966_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv1004_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv1037_shift", ait::FLOAT32, 512, ConstantRole::Folded}, {"conv1070_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv1108_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1141_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1174_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1202_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1240_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1273_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1306_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1344_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1377_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1410_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1448_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1481_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1514_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1552_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1585_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1618_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1656_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1689_shift", ait::FLOAT32, 1024, ConstantRole::Folded}, {"conv1722_shift", ait::FLOAT32, 4096, ConstantRole::Folded}, {"conv1760_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv1793_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv1826_shift", ait::FLOAT32, 8192, ConstantRole::Folded}, {"conv1854_shift", ait::FLOAT32, 8192, ConstantRole::Folded}, {"conv1892_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv1925_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv1958_shift", ait::FLOAT32, 8192, ConstantRole::Folded}, {"conv1996_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv2029_shift", ait::FLOAT32, 2048, ConstantRole::Folded}, {"conv2062_shift", ait::FLOAT32, 8192, ConstantRole::Folded}, {"conv284_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 3, 64, 1, 1, 1, 1, 1, 1, 1, 1, 7, 7, 1, 2, 2, 0, 3, 3, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 2}) * 4, ConstantRole::Folded}, {"conv324_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 64, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv357_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 64, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv390_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv418_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv456_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 64, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv489_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 64, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv522_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv560_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 64, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv593_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 64, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv626_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 64, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv664_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 128, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv697_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 128, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 2, 2, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv730_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv758_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv796_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 128, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv829_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 128, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv862_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv900_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 128, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv933_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 128, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv966_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1004_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 128, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1037_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 128, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1070_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 128, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1108_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1141_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 2, 2, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1174_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1202_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1240_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1273_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1306_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1344_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1377_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1410_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1448_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1481_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1514_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1552_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1585_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1618_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1656_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 256, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1689_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1722_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 256, 1024, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1760_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1793_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 512, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 2, 2, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1826_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 2048, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1854_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 1024, 2048, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1892_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 2048, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1925_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 512, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1958_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 2048, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv1996_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 2048, 512, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv2029_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 512, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"conv2062_packed", ait::FLOAT32, ait::packed_conv_size(ait::Conv{1, 512, 2048, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, nullptr, 0, 0, 0, 0, nullptr, 1}) * 4, ConstantRole::Folded}, {"gemm2102_packed", ait::FLOAT32, ait::packed_b_size(2048, 1000) * 4, ConstantRole::Folded}};
  const int64_t num_constants = 374;
  const int64_t fold_arena_bytes = 8192;
  int64_t arena_bytes(const int64_t*) { return 7225344; }
  template <class Done>
  static int launch(const Context& cx, const Done& done) {
    k3(cx, reinterpret_cast<float*>(cx.inputs[0]), reinterpret_cast<float*>(cx.constants[320]), reinterpret_cast<float*>(cx.constants[267]), reinterpret_cast<float*>(cx.arena + 0), 64, 64, 3, 64, 224, 224, 112, 112, 7, 7, 2, 2, 3, 3, 50176, 224); done();
    k4(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.arena + 6422528)); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 6422528), reinterpret_cast<float*>(cx.constants[321]), reinterpret_cast<float*>(cx.constants[268]), reinterpret_cast<float*>(cx.arena + 0), 64, 64, 64, 64, 56, 56, 56, 56, 3584, 64); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[322]), reinterpret_cast<float*>(cx.constants[269]), reinterpret_cast<float*>(cx.arena + 3211264), 64, 64, 64, 64, 56, 56, 56, 56, 3, 3, 3584, 64); done();
    k11(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[323]), reinterpret_cast<float*>(cx.constants[270]), reinterpret_cast<float*>(cx.arena + 0), 256, 256, 64, 256, 56, 56, 56, 56, 3584, 64); done();
    k12(cx, reinterpret_cast<float*>(cx.arena + 6422528), reinterpret_cast<float*>(cx.constants[324]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[271]), reinterpret_cast<float*>(cx.arena + 3211264), 256, 256, 256, 256, 64, 256, 56, 56, 56, 56, 3584, 64); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[325]), reinterpret_cast<float*>(cx.constants[272]), reinterpret_cast<float*>(cx.arena + 0), 64, 64, 256, 64, 56, 56, 56, 56, 14336, 256); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[326]), reinterpret_cast<float*>(cx.constants[273]), reinterpret_cast<float*>(cx.arena + 6422528), 64, 64, 64, 64, 56, 56, 56, 56, 3, 3, 3584, 64); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 6422528), reinterpret_cast<float*>(cx.constants[327]), reinterpret_cast<float*>(cx.constants[274]), reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.arena + 0), 256, 256, 256, 256, 64, 256, 56, 56, 56, 56, 3584, 64); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[328]), reinterpret_cast<float*>(cx.constants[275]), reinterpret_cast<float*>(cx.arena + 3211264), 64, 64, 256, 64, 56, 56, 56, 56, 14336, 256); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[329]), reinterpret_cast<float*>(cx.constants[276]), reinterpret_cast<float*>(cx.arena + 6422528), 64, 64, 64, 64, 56, 56, 56, 56, 3, 3, 3584, 64); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 6422528), reinterpret_cast<float*>(cx.constants[330]), reinterpret_cast<float*>(cx.constants[277]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.arena + 3211264), 256, 256, 256, 256, 64, 256, 56, 56, 56, 56, 3584, 64); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[331]), reinterpret_cast<float*>(cx.constants[278]), reinterpret_cast<float*>(cx.arena + 0), 128, 128, 256, 128, 56, 56, 56, 56, 14336, 256); done();
    k17(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[332]), reinterpret_cast<float*>(cx.constants[279]), reinterpret_cast<float*>(cx.arena + 1605632), 128, 128, 128, 128, 56, 56, 28, 28, 3, 3, 2, 2, 7168, 128); done();
    k11(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[333]), reinterpret_cast<float*>(cx.constants[280]), reinterpret_cast<float*>(cx.arena + 0), 512, 512, 128, 512, 28, 28, 28, 28, 3584, 128); done();
    k21(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[334]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[281]), reinterpret_cast<float*>(cx.arena + 1605632), 512, 512, 512, 512, 256, 512, 56, 56, 28, 28, 2, 2, 14336, 256); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[335]), reinterpret_cast<float*>(cx.constants[282]), reinterpret_cast<float*>(cx.arena + 0), 128, 128, 512, 128, 28, 28, 28, 28, 14336, 512); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[336]), reinterpret_cast<float*>(cx.constants[283]), reinterpret_cast<float*>(cx.arena + 3211264), 128, 128, 128, 128, 28, 28, 28, 28, 3, 3, 3584, 128); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[337]), reinterpret_cast<float*>(cx.constants[284]), reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.arena + 0), 512, 512, 512, 512, 128, 512, 28, 28, 28, 28, 3584, 128); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[338]), reinterpret_cast<float*>(cx.constants[285]), reinterpret_cast<float*>(cx.arena + 1605632), 128, 128, 512, 128, 28, 28, 28, 28, 14336, 512); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[339]), reinterpret_cast<float*>(cx.constants[286]), reinterpret_cast<float*>(cx.arena + 3211264), 128, 128, 128, 128, 28, 28, 28, 28, 3, 3, 3584, 128); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[340]), reinterpret_cast<float*>(cx.constants[287]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.arena + 1605632), 512, 512, 512, 512, 128, 512, 28, 28, 28, 28, 3584, 128); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[341]), reinterpret_cast<float*>(cx.constants[288]), reinterpret_cast<float*>(cx.arena + 0), 128, 128, 512, 128, 28, 28, 28, 28, 14336, 512); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[342]), reinterpret_cast<float*>(cx.constants[289]), reinterpret_cast<float*>(cx.arena + 3211264), 128, 128, 128, 128, 28, 28, 28, 28, 3, 3, 3584, 128); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 3211264), reinterpret_cast<float*>(cx.constants[343]), reinterpret_cast<float*>(cx.constants[290]), reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.arena + 0), 512, 512, 512, 512, 128, 512, 28, 28, 28, 28, 3584, 128); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[344]), reinterpret_cast<float*>(cx.constants[291]), reinterpret_cast<float*>(cx.arena + 1605632), 256, 256, 512, 256, 28, 28, 28, 28, 14336, 512); done();
    k17(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[345]), reinterpret_cast<float*>(cx.constants[292]), reinterpret_cast<float*>(cx.arena + 2408448), 256, 256, 256, 256, 28, 28, 14, 14, 3, 3, 2, 2, 7168, 256); done();
    k11(cx, reinterpret_cast<float*>(cx.arena + 2408448), reinterpret_cast<float*>(cx.constants[346]), reinterpret_cast<float*>(cx.constants[293]), reinterpret_cast<float*>(cx.arena + 1605632), 1024, 1024, 256, 1024, 14, 14, 14, 14, 3584, 256); done();
    k21(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[347]), reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[294]), reinterpret_cast<float*>(cx.arena + 2408448), 1024, 1024, 1024, 1024, 512, 1024, 28, 28, 14, 14, 2, 2, 14336, 512); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 2408448), reinterpret_cast<float*>(cx.constants[348]), reinterpret_cast<float*>(cx.constants[295]), reinterpret_cast<float*>(cx.arena + 0), 256, 256, 1024, 256, 14, 14, 14, 14, 14336, 1024); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[349]), reinterpret_cast<float*>(cx.constants[296]), reinterpret_cast<float*>(cx.arena + 802816), 256, 256, 256, 256, 14, 14, 14, 14, 3, 3, 3584, 256); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[350]), reinterpret_cast<float*>(cx.constants[297]), reinterpret_cast<float*>(cx.arena + 2408448), reinterpret_cast<float*>(cx.arena + 0), 1024, 1024, 1024, 1024, 256, 1024, 14, 14, 14, 14, 3584, 256); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[351]), reinterpret_cast<float*>(cx.constants[298]), reinterpret_cast<float*>(cx.arena + 802816), 256, 256, 1024, 256, 14, 14, 14, 14, 14336, 1024); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[352]), reinterpret_cast<float*>(cx.constants[299]), reinterpret_cast<float*>(cx.arena + 1605632), 256, 256, 256, 256, 14, 14, 14, 14, 3, 3, 3584, 256); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[353]), reinterpret_cast<float*>(cx.constants[300]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.arena + 802816), 1024, 1024, 1024, 1024, 256, 1024, 14, 14, 14, 14, 3584, 256); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[354]), reinterpret_cast<float*>(cx.constants[301]), reinterpret_cast<float*>(cx.arena + 0), 256, 256, 1024, 256, 14, 14, 14, 14, 14336, 1024); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[355]), reinterpret_cast<float*>(cx.constants[302]), reinterpret_cast<float*>(cx.arena + 1605632), 256, 256, 256, 256, 14, 14, 14, 14, 3, 3, 3584, 256); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[356]), reinterpret_cast<float*>(cx.constants[303]), reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.arena + 0), 1024, 1024, 1024, 1024, 256, 1024, 14, 14, 14, 14, 3584, 256); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[357]), reinterpret_cast<float*>(cx.constants[304]), reinterpret_cast<float*>(cx.arena + 802816), 256, 256, 1024, 256, 14, 14, 14, 14, 14336, 1024); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[358]), reinterpret_cast<float*>(cx.constants[305]), reinterpret_cast<float*>(cx.arena + 1605632), 256, 256, 256, 256, 14, 14, 14, 14, 3, 3, 3584, 256); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[359]), reinterpret_cast<float*>(cx.constants[306]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.arena + 802816), 1024, 1024, 1024, 1024, 256, 1024, 14, 14, 14, 14, 3584, 256); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[360]), reinterpret_cast<float*>(cx.constants[307]), reinterpret_cast<float*>(cx.arena + 0), 256, 256, 1024, 256, 14, 14, 14, 14, 14336, 1024); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[361]), reinterpret_cast<float*>(cx.constants[308]), reinterpret_cast<float*>(cx.arena + 1605632), 256, 256, 256, 256, 14, 14, 14, 14, 3, 3, 3584, 256); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 1605632), reinterpret_cast<float*>(cx.constants[362]), reinterpret_cast<float*>(cx.constants[309]), reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.arena + 0), 1024, 1024, 1024, 1024, 256, 1024, 14, 14, 14, 14, 3584, 256); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[363]), reinterpret_cast<float*>(cx.constants[310]), reinterpret_cast<float*>(cx.arena + 802816), 512, 512, 1024, 512, 14, 14, 14, 14, 14336, 1024); done();
    k17(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[364]), reinterpret_cast<float*>(cx.constants[311]), reinterpret_cast<float*>(cx.arena + 1204224), 512, 512, 512, 512, 14, 14, 7, 7, 3, 3, 2, 2, 7168, 512); done();
    k11(cx, reinterpret_cast<float*>(cx.arena + 1204224), reinterpret_cast<float*>(cx.constants[365]), reinterpret_cast<float*>(cx.constants[312]), reinterpret_cast<float*>(cx.arena + 802816), 2048, 2048, 512, 2048, 7, 7, 7, 7, 3584, 512); done();
    k21(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[366]), reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[313]), reinterpret_cast<float*>(cx.arena + 1204224), 2048, 2048, 2048, 2048, 1024, 2048, 14, 14, 7, 7, 2, 2, 14336, 1024); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 1204224), reinterpret_cast<float*>(cx.constants[367]), reinterpret_cast<float*>(cx.constants[314]), reinterpret_cast<float*>(cx.arena + 0), 512, 512, 2048, 512, 7, 7, 7, 7, 14336, 2048); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[368]), reinterpret_cast<float*>(cx.constants[315]), reinterpret_cast<float*>(cx.arena + 401408), 512, 512, 512, 512, 7, 7, 7, 7, 3, 3, 3584, 512); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 401408), reinterpret_cast<float*>(cx.constants[369]), reinterpret_cast<float*>(cx.constants[316]), reinterpret_cast<float*>(cx.arena + 1204224), reinterpret_cast<float*>(cx.arena + 0), 2048, 2048, 2048, 2048, 512, 2048, 7, 7, 7, 7, 3584, 512); done();
    k6(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[370]), reinterpret_cast<float*>(cx.constants[317]), reinterpret_cast<float*>(cx.arena + 401408), 512, 512, 2048, 512, 7, 7, 7, 7, 14336, 2048); done();
    k8(cx, reinterpret_cast<float*>(cx.arena + 401408), reinterpret_cast<float*>(cx.constants[371]), reinterpret_cast<float*>(cx.constants[318]), reinterpret_cast<float*>(cx.arena + 802816), 512, 512, 512, 512, 7, 7, 7, 7, 3, 3, 3584, 512); done();
    k13(cx, reinterpret_cast<float*>(cx.arena + 802816), reinterpret_cast<float*>(cx.constants[372]), reinterpret_cast<float*>(cx.constants[319]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.arena + 401408), 2048, 2048, 2048, 2048, 512, 2048, 7, 7, 7, 7, 3584, 512); done();
    k26(cx, reinterpret_cast<float*>(cx.arena + 401408), reinterpret_cast<float*>(cx.arena + 0)); done();
    k28(cx, reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[373]), reinterpret_cast<float*>(cx.constants[265]), reinterpret_cast<float*>(cx.outputs[0]), 1000, 2048); done();
    return 0;
  }
  int run(const Context& cx) { return launch(cx, [] {}); }
  int run_timed(const Context& cx, int64_t* ends) { return launch(cx, [&] { *ends++ = ait::nanos(); }); }
  const char* const kernels[] = {"conv284", "loop305", "conv324", "conv357", "conv390", "conv418", "conv456", "conv489", "conv522", "conv560", "conv593", "conv626", "conv664", "conv697", "conv730", "conv758", "conv796", "conv829", "conv862", "conv900", "conv933", "conv966", "conv1004", "conv1037", "conv1070", "conv1108", "conv1141", "conv1174", "conv1202", "conv1240", "conv1273", "conv1306", "conv1344", "conv1377", "conv1410", "conv1448", "conv1481", "conv1514", "conv1552", "conv1585", "conv1618", "conv1656", "conv1689", "conv1722", "conv1760", "conv1793", "conv1826", "conv1854", "conv1892", "conv1925", "conv1958", "conv1996", "conv2029", "conv2062", "loop2086", "gemm2102"};
  const int64_t num_kernels = 56;
  void work(const int64_t* symbols, Work* work) {
    *work++ = {239239168, 3813376, 37888};
    *work++ = {18063360, 4014080, 0};
    *work++ = {26492928, 1605632, 16640};
    *work++ = {232013824, 1605632, 147712};
    *work++ = {104366080, 4014080, 66560};
    *work++ = {107577344, 7225344, 66560};
    *work++ = {103563264, 4014080, 65792};
    *work++ = {232013824, 1605632, 147712};
    *work++ = {107577344, 7225344, 66560};
    *work++ = {103563264, 4014080, 65792};
    *work++ = {232013824, 1605632, 147712};
    *work++ = {107577344, 7225344, 66560};
    *work++ = {207126528, 4816896, 131584};
    *work++ = {231612416, 2007040, 590336};
    *work++ = {103563264, 2007040, 264192};
    *work++ = {207929344, 6422528, 526336};
    *work++ = {103161856, 2007040, 262656};
    *work++ = {231612416, 802816, 590336};
    *work++ = {105168896, 3612672, 264192};
    *work++ = {103161856, 2007040, 262656};
    *work++ = {231612416, 802816, 590336};
    *work++ = {105168896, 3612672, 264192};
    *work++ = {103161856, 2007040, 262656};
    *work++ = {231612416, 802816, 590336};
    *work++ = {105168896, 3612672, 264192};
    *work++ = {206323712, 2408448, 525312};
    *work++ = {231411712, 1003520, 2360320};
    *work++ = {103161856, 1003520, 1052672};
    *work++ = {206725120, 3211264, 2101248};
    *work++ = {102961152, 1003520, 1049600};
    *work++ = {231411712, 401408, 2360320};
    *work++ = {103964672, 1806336, 1052672};
    *work++ = {102961152, 1003520, 1049600};
    *work++ = {231411712, 401408, 2360320};
    *work++ = {103964672, 1806336, 1052672};
    *work++ = {102961152, 1003520, 1049600};
    *work++ = {231411712, 401408, 2360320};
    *work++ = {103964672, 1806336, 1052672};
    *work++ = {102961152, 1003520, 1049600};
    *work++ = {231411712, 401408, 2360320};
    *work++ = {103964672, 1806336, 1052672};
    *work++ = {102961152, 1003520, 1049600};
    *work++ = {231411712, 401408, 2360320};
    *work++ = {103964672, 1806336, 1052672};
    *work++ = {205922304, 1204224, 2099200};
    *work++ = {231311360, 501760, 9439232};
    *work++ = {102961152, 501760, 4202496};
    *work++ = {206123008, 1605632, 8396800};
    *work++ = {102860800, 501760, 4196352};
    *work++ = {231311360, 200704, 9439232};
    *work++ = {103362560, 903168, 4202496};
    *work++ = {102860800, 501760, 4196352};
    *work++ = {231311360, 200704, 9439232};
    *work++ = {103362560, 903168, 4202496};
    *work++ = {219136, 409600, 0};
    *work++ = {4098000, 12192, 8196000};
  }
  const int64_t num_fold_steps = 160;
  int fold(const Context& cx, int64_t step) {
    switch (step) {
      case 0: k0(cx, reinterpret_cast<float*>(cx.constants[1]), reinterpret_cast<float*>(cx.constants[4]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 1: k1(cx, reinterpret_cast<float*>(cx.constants[2]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[3]), reinterpret_cast<float*>(cx.constants[267])); break;
      case 2: k2(cx, reinterpret_cast<float*>(cx.constants[0]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[320]), 147, 49, 7, 3, 64, 7, 7, 2, 2, 3, 3, 2); break;
      case 3: k0(cx, reinterpret_cast<float*>(cx.constants[6]), reinterpret_cast<float*>(cx.constants[9]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 4: k1(cx, reinterpret_cast<float*>(cx.constants[7]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[8]), reinterpret_cast<float*>(cx.constants[268])); break;
      case 5: k5(cx, reinterpret_cast<float*>(cx.constants[5]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[321]), 64, 64, 64); break;
      case 6: k0(cx, reinterpret_cast<float*>(cx.constants[11]), reinterpret_cast<float*>(cx.constants[14]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 7: k1(cx, reinterpret_cast<float*>(cx.constants[12]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[13]), reinterpret_cast<float*>(cx.constants[269])); break;
      case 8: k7(cx, reinterpret_cast<float*>(cx.constants[10]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[322]), 576, 9, 3, 64, 64, 3, 3); break;
      case 9: k9(cx, reinterpret_cast<float*>(cx.constants[16]), reinterpret_cast<float*>(cx.constants[19]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 10: k10(cx, reinterpret_cast<float*>(cx.constants[17]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[18]), reinterpret_cast<float*>(cx.constants[270])); break;
      case 11: k5(cx, reinterpret_cast<float*>(cx.constants[15]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[323]), 64, 64, 256); break;
      case 12: k9(cx, reinterpret_cast<float*>(cx.constants[21]), reinterpret_cast<float*>(cx.constants[24]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 13: k10(cx, reinterpret_cast<float*>(cx.constants[22]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[23]), reinterpret_cast<float*>(cx.constants[271])); break;
      case 14: k5(cx, reinterpret_cast<float*>(cx.constants[20]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[324]), 64, 64, 256); break;
      case 15: k0(cx, reinterpret_cast<float*>(cx.constants[26]), reinterpret_cast<float*>(cx.constants[29]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 16: k1(cx, reinterpret_cast<float*>(cx.constants[27]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[28]), reinterpret_cast<float*>(cx.constants[272])); break;
      case 17: k5(cx, reinterpret_cast<float*>(cx.constants[25]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[325]), 256, 256, 64); break;
      case 18: k0(cx, reinterpret_cast<float*>(cx.constants[31]), reinterpret_cast<float*>(cx.constants[34]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 19: k1(cx, reinterpret_cast<float*>(cx.constants[32]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[33]), reinterpret_cast<float*>(cx.constants[273])); break;
      case 20: k7(cx, reinterpret_cast<float*>(cx.constants[30]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[326]), 576, 9, 3, 64, 64, 3, 3); break;
      case 21: k9(cx, reinterpret_cast<float*>(cx.constants[36]), reinterpret_cast<float*>(cx.constants[39]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 22: k10(cx, reinterpret_cast<float*>(cx.constants[37]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[38]), reinterpret_cast<float*>(cx.constants[274])); break;
      case 23: k5(cx, reinterpret_cast<float*>(cx.constants[35]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[327]), 64, 64, 256); break;
      case 24: k0(cx, reinterpret_cast<float*>(cx.constants[41]), reinterpret_cast<float*>(cx.constants[44]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 25: k1(cx, reinterpret_cast<float*>(cx.constants[42]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[43]), reinterpret_cast<float*>(cx.constants[275])); break;
      case 26: k5(cx, reinterpret_cast<float*>(cx.constants[40]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[328]), 256, 256, 64); break;
      case 27: k0(cx, reinterpret_cast<float*>(cx.constants[46]), reinterpret_cast<float*>(cx.constants[49]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 28: k1(cx, reinterpret_cast<float*>(cx.constants[47]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[48]), reinterpret_cast<float*>(cx.constants[276])); break;
      case 29: k7(cx, reinterpret_cast<float*>(cx.constants[45]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[329]), 576, 9, 3, 64, 64, 3, 3); break;
      case 30: k9(cx, reinterpret_cast<float*>(cx.constants[51]), reinterpret_cast<float*>(cx.constants[54]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 31: k10(cx, reinterpret_cast<float*>(cx.constants[52]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[53]), reinterpret_cast<float*>(cx.constants[277])); break;
      case 32: k5(cx, reinterpret_cast<float*>(cx.constants[50]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[330]), 64, 64, 256); break;
      case 33: k14(cx, reinterpret_cast<float*>(cx.constants[56]), reinterpret_cast<float*>(cx.constants[59]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 34: k15(cx, reinterpret_cast<float*>(cx.constants[57]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[58]), reinterpret_cast<float*>(cx.constants[278])); break;
      case 35: k5(cx, reinterpret_cast<float*>(cx.constants[55]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[331]), 256, 256, 128); break;
      case 36: k14(cx, reinterpret_cast<float*>(cx.constants[61]), reinterpret_cast<float*>(cx.constants[64]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 37: k15(cx, reinterpret_cast<float*>(cx.constants[62]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[63]), reinterpret_cast<float*>(cx.constants[279])); break;
      case 38: k16(cx, reinterpret_cast<float*>(cx.constants[60]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[332]), 1152, 9, 3, 128, 128, 3, 3, 2, 2); break;
      case 39: k18(cx, reinterpret_cast<float*>(cx.constants[66]), reinterpret_cast<float*>(cx.constants[69]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 40: k19(cx, reinterpret_cast<float*>(cx.constants[67]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[68]), reinterpret_cast<float*>(cx.constants[280])); break;
      case 41: k5(cx, reinterpret_cast<float*>(cx.constants[65]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[333]), 128, 128, 512); break;
      case 42: k18(cx, reinterpret_cast<float*>(cx.constants[71]), reinterpret_cast<float*>(cx.constants[74]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 43: k19(cx, reinterpret_cast<float*>(cx.constants[72]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[73]), reinterpret_cast<float*>(cx.constants[281])); break;
      case 44: k20(cx, reinterpret_cast<float*>(cx.constants[70]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[334]), 256, 256, 512, 2, 2); break;
      case 45: k14(cx, reinterpret_cast<float*>(cx.constants[76]), reinterpret_cast<float*>(cx.constants[79]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 46: k15(cx, reinterpret_cast<float*>(cx.constants[77]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[78]), reinterpret_cast<float*>(cx.constants[282])); break;
      case 47: k5(cx, reinterpret_cast<float*>(cx.constants[75]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[335]), 512, 512, 128); break;
      case 48: k14(cx, reinterpret_cast<float*>(cx.constants[81]), reinterpret_cast<float*>(cx.constants[84]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 49: k15(cx, reinterpret_cast<float*>(cx.constants[82]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[83]), reinterpret_cast<float*>(cx.constants[283])); break;
      case 50: k7(cx, reinterpret_cast<float*>(cx.constants[80]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[336]), 1152, 9, 3, 128, 128, 3, 3); break;
      case 51: k18(cx, reinterpret_cast<float*>(cx.constants[86]), reinterpret_cast<float*>(cx.constants[89]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 52: k19(cx, reinterpret_cast<float*>(cx.constants[87]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[88]), reinterpret_cast<float*>(cx.constants[284])); break;
      case 53: k5(cx, reinterpret_cast<float*>(cx.constants[85]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[337]), 128, 128, 512); break;
      case 54: k14(cx, reinterpret_cast<float*>(cx.constants[91]), reinterpret_cast<float*>(cx.constants[94]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 55: k15(cx, reinterpret_cast<float*>(cx.constants[92]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[93]), reinterpret_cast<float*>(cx.constants[285])); break;
      case 56: k5(cx, reinterpret_cast<float*>(cx.constants[90]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[338]), 512, 512, 128); break;
      case 57: k14(cx, reinterpret_cast<float*>(cx.constants[96]), reinterpret_cast<float*>(cx.constants[99]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 58: k15(cx, reinterpret_cast<float*>(cx.constants[97]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[98]), reinterpret_cast<float*>(cx.constants[286])); break;
      case 59: k7(cx, reinterpret_cast<float*>(cx.constants[95]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[339]), 1152, 9, 3, 128, 128, 3, 3); break;
      case 60: k18(cx, reinterpret_cast<float*>(cx.constants[101]), reinterpret_cast<float*>(cx.constants[104]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 61: k19(cx, reinterpret_cast<float*>(cx.constants[102]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[103]), reinterpret_cast<float*>(cx.constants[287])); break;
      case 62: k5(cx, reinterpret_cast<float*>(cx.constants[100]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[340]), 128, 128, 512); break;
      case 63: k14(cx, reinterpret_cast<float*>(cx.constants[106]), reinterpret_cast<float*>(cx.constants[109]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 64: k15(cx, reinterpret_cast<float*>(cx.constants[107]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[108]), reinterpret_cast<float*>(cx.constants[288])); break;
      case 65: k5(cx, reinterpret_cast<float*>(cx.constants[105]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[341]), 512, 512, 128); break;
      case 66: k14(cx, reinterpret_cast<float*>(cx.constants[111]), reinterpret_cast<float*>(cx.constants[114]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 67: k15(cx, reinterpret_cast<float*>(cx.constants[112]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[113]), reinterpret_cast<float*>(cx.constants[289])); break;
      case 68: k7(cx, reinterpret_cast<float*>(cx.constants[110]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[342]), 1152, 9, 3, 128, 128, 3, 3); break;
      case 69: k18(cx, reinterpret_cast<float*>(cx.constants[116]), reinterpret_cast<float*>(cx.constants[119]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 70: k19(cx, reinterpret_cast<float*>(cx.constants[117]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[118]), reinterpret_cast<float*>(cx.constants[290])); break;
      case 71: k5(cx, reinterpret_cast<float*>(cx.constants[115]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[343]), 128, 128, 512); break;
      case 72: k9(cx, reinterpret_cast<float*>(cx.constants[121]), reinterpret_cast<float*>(cx.constants[124]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 73: k10(cx, reinterpret_cast<float*>(cx.constants[122]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[123]), reinterpret_cast<float*>(cx.constants[291])); break;
      case 74: k5(cx, reinterpret_cast<float*>(cx.constants[120]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[344]), 512, 512, 256); break;
      case 75: k9(cx, reinterpret_cast<float*>(cx.constants[126]), reinterpret_cast<float*>(cx.constants[129]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 76: k10(cx, reinterpret_cast<float*>(cx.constants[127]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[128]), reinterpret_cast<float*>(cx.constants[292])); break;
      case 77: k16(cx, reinterpret_cast<float*>(cx.constants[125]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[345]), 2304, 9, 3, 256, 256, 3, 3, 2, 2); break;
      case 78: k22(cx, reinterpret_cast<float*>(cx.constants[131]), reinterpret_cast<float*>(cx.constants[134]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 79: k23(cx, reinterpret_cast<float*>(cx.constants[132]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[133]), reinterpret_cast<float*>(cx.constants[293])); break;
      case 80: k5(cx, reinterpret_cast<float*>(cx.constants[130]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[346]), 256, 256, 1024); break;
      case 81: k22(cx, reinterpret_cast<float*>(cx.constants[136]), reinterpret_cast<float*>(cx.constants[139]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 82: k23(cx, reinterpret_cast<float*>(cx.constants[137]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[138]), reinterpret_cast<float*>(cx.constants[294])); break;
      case 83: k20(cx, reinterpret_cast<float*>(cx.constants[135]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[347]), 512, 512, 1024, 2, 2); break;
      case 84: k9(cx, reinterpret_cast<float*>(cx.constants[141]), reinterpret_cast<float*>(cx.constants[144]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 85: k10(cx, reinterpret_cast<float*>(cx.constants[142]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[143]), reinterpret_cast<float*>(cx.constants[295])); break;
      case 86: k5(cx, reinterpret_cast<float*>(cx.constants[140]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[348]), 1024, 1024, 256); break;
      case 87: k9(cx, reinterpret_cast<float*>(cx.constants[146]), reinterpret_cast<float*>(cx.constants[149]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 88: k10(cx, reinterpret_cast<float*>(cx.constants[147]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[148]), reinterpret_cast<float*>(cx.constants[296])); break;
      case 89: k7(cx, reinterpret_cast<float*>(cx.constants[145]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[349]), 2304, 9, 3, 256, 256, 3, 3); break;
      case 90: k22(cx, reinterpret_cast<float*>(cx.constants[151]), reinterpret_cast<float*>(cx.constants[154]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 91: k23(cx, reinterpret_cast<float*>(cx.constants[152]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[153]), reinterpret_cast<float*>(cx.constants[297])); break;
      case 92: k5(cx, reinterpret_cast<float*>(cx.constants[150]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[350]), 256, 256, 1024); break;
      case 93: k9(cx, reinterpret_cast<float*>(cx.constants[156]), reinterpret_cast<float*>(cx.constants[159]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 94: k10(cx, reinterpret_cast<float*>(cx.constants[157]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[158]), reinterpret_cast<float*>(cx.constants[298])); break;
      case 95: k5(cx, reinterpret_cast<float*>(cx.constants[155]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[351]), 1024, 1024, 256); break;
      case 96: k9(cx, reinterpret_cast<float*>(cx.constants[161]), reinterpret_cast<float*>(cx.constants[164]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 97: k10(cx, reinterpret_cast<float*>(cx.constants[162]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[163]), reinterpret_cast<float*>(cx.constants[299])); break;
      case 98: k7(cx, reinterpret_cast<float*>(cx.constants[160]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[352]), 2304, 9, 3, 256, 256, 3, 3); break;
      case 99: k22(cx, reinterpret_cast<float*>(cx.constants[166]), reinterpret_cast<float*>(cx.constants[169]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 100: k23(cx, reinterpret_cast<float*>(cx.constants[167]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[168]), reinterpret_cast<float*>(cx.constants[300])); break;
      case 101: k5(cx, reinterpret_cast<float*>(cx.constants[165]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[353]), 256, 256, 1024); break;
      case 102: k9(cx, reinterpret_cast<float*>(cx.constants[171]), reinterpret_cast<float*>(cx.constants[174]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 103: k10(cx, reinterpret_cast<float*>(cx.constants[172]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[173]), reinterpret_cast<float*>(cx.constants[301])); break;
      case 104: k5(cx, reinterpret_cast<float*>(cx.constants[170]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[354]), 1024, 1024, 256); break;
      case 105: k9(cx, reinterpret_cast<float*>(cx.constants[176]), reinterpret_cast<float*>(cx.constants[179]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 106: k10(cx, reinterpret_cast<float*>(cx.constants[177]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[178]), reinterpret_cast<float*>(cx.constants[302])); break;
      case 107: k7(cx, reinterpret_cast<float*>(cx.constants[175]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[355]), 2304, 9, 3, 256, 256, 3, 3); break;
      case 108: k22(cx, reinterpret_cast<float*>(cx.constants[181]), reinterpret_cast<float*>(cx.constants[184]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 109: k23(cx, reinterpret_cast<float*>(cx.constants[182]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[183]), reinterpret_cast<float*>(cx.constants[303])); break;
      case 110: k5(cx, reinterpret_cast<float*>(cx.constants[180]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[356]), 256, 256, 1024); break;
      case 111: k9(cx, reinterpret_cast<float*>(cx.constants[186]), reinterpret_cast<float*>(cx.constants[189]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 112: k10(cx, reinterpret_cast<float*>(cx.constants[187]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[188]), reinterpret_cast<float*>(cx.constants[304])); break;
      case 113: k5(cx, reinterpret_cast<float*>(cx.constants[185]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[357]), 1024, 1024, 256); break;
      case 114: k9(cx, reinterpret_cast<float*>(cx.constants[191]), reinterpret_cast<float*>(cx.constants[194]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 115: k10(cx, reinterpret_cast<float*>(cx.constants[192]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[193]), reinterpret_cast<float*>(cx.constants[305])); break;
      case 116: k7(cx, reinterpret_cast<float*>(cx.constants[190]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[358]), 2304, 9, 3, 256, 256, 3, 3); break;
      case 117: k22(cx, reinterpret_cast<float*>(cx.constants[196]), reinterpret_cast<float*>(cx.constants[199]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 118: k23(cx, reinterpret_cast<float*>(cx.constants[197]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[198]), reinterpret_cast<float*>(cx.constants[306])); break;
      case 119: k5(cx, reinterpret_cast<float*>(cx.constants[195]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[359]), 256, 256, 1024); break;
      case 120: k9(cx, reinterpret_cast<float*>(cx.constants[201]), reinterpret_cast<float*>(cx.constants[204]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 121: k10(cx, reinterpret_cast<float*>(cx.constants[202]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[203]), reinterpret_cast<float*>(cx.constants[307])); break;
      case 122: k5(cx, reinterpret_cast<float*>(cx.constants[200]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[360]), 1024, 1024, 256); break;
      case 123: k9(cx, reinterpret_cast<float*>(cx.constants[206]), reinterpret_cast<float*>(cx.constants[209]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 124: k10(cx, reinterpret_cast<float*>(cx.constants[207]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[208]), reinterpret_cast<float*>(cx.constants[308])); break;
      case 125: k7(cx, reinterpret_cast<float*>(cx.constants[205]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[361]), 2304, 9, 3, 256, 256, 3, 3); break;
      case 126: k22(cx, reinterpret_cast<float*>(cx.constants[211]), reinterpret_cast<float*>(cx.constants[214]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 127: k23(cx, reinterpret_cast<float*>(cx.constants[212]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[213]), reinterpret_cast<float*>(cx.constants[309])); break;
      case 128: k5(cx, reinterpret_cast<float*>(cx.constants[210]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[362]), 256, 256, 1024); break;
      case 129: k18(cx, reinterpret_cast<float*>(cx.constants[216]), reinterpret_cast<float*>(cx.constants[219]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 130: k19(cx, reinterpret_cast<float*>(cx.constants[217]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[218]), reinterpret_cast<float*>(cx.constants[310])); break;
      case 131: k5(cx, reinterpret_cast<float*>(cx.constants[215]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[363]), 1024, 1024, 512); break;
      case 132: k18(cx, reinterpret_cast<float*>(cx.constants[221]), reinterpret_cast<float*>(cx.constants[224]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 133: k19(cx, reinterpret_cast<float*>(cx.constants[222]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[223]), reinterpret_cast<float*>(cx.constants[311])); break;
      case 134: k16(cx, reinterpret_cast<float*>(cx.constants[220]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[364]), 4608, 9, 3, 512, 512, 3, 3, 2, 2); break;
      case 135: k24(cx, reinterpret_cast<float*>(cx.constants[226]), reinterpret_cast<float*>(cx.constants[229]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 136: k25(cx, reinterpret_cast<float*>(cx.constants[227]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[228]), reinterpret_cast<float*>(cx.constants[312])); break;
      case 137: k5(cx, reinterpret_cast<float*>(cx.constants[225]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[365]), 512, 512, 2048); break;
      case 138: k24(cx, reinterpret_cast<float*>(cx.constants[231]), reinterpret_cast<float*>(cx.constants[234]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 139: k25(cx, reinterpret_cast<float*>(cx.constants[232]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[233]), reinterpret_cast<float*>(cx.constants[313])); break;
      case 140: k20(cx, reinterpret_cast<float*>(cx.constants[230]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[366]), 1024, 1024, 2048, 2, 2); break;
      case 141: k18(cx, reinterpret_cast<float*>(cx.constants[236]), reinterpret_cast<float*>(cx.constants[239]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 142: k19(cx, reinterpret_cast<float*>(cx.constants[237]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[238]), reinterpret_cast<float*>(cx.constants[314])); break;
      case 143: k5(cx, reinterpret_cast<float*>(cx.constants[235]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[367]), 2048, 2048, 512); break;
      case 144: k18(cx, reinterpret_cast<float*>(cx.constants[241]), reinterpret_cast<float*>(cx.constants[244]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 145: k19(cx, reinterpret_cast<float*>(cx.constants[242]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[243]), reinterpret_cast<float*>(cx.constants[315])); break;
      case 146: k7(cx, reinterpret_cast<float*>(cx.constants[240]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[368]), 4608, 9, 3, 512, 512, 3, 3); break;
      case 147: k24(cx, reinterpret_cast<float*>(cx.constants[246]), reinterpret_cast<float*>(cx.constants[249]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 148: k25(cx, reinterpret_cast<float*>(cx.constants[247]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[248]), reinterpret_cast<float*>(cx.constants[316])); break;
      case 149: k5(cx, reinterpret_cast<float*>(cx.constants[245]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[369]), 512, 512, 2048); break;
      case 150: k18(cx, reinterpret_cast<float*>(cx.constants[251]), reinterpret_cast<float*>(cx.constants[254]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 151: k19(cx, reinterpret_cast<float*>(cx.constants[252]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[253]), reinterpret_cast<float*>(cx.constants[317])); break;
      case 152: k5(cx, reinterpret_cast<float*>(cx.constants[250]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[370]), 2048, 2048, 512); break;
      case 153: k18(cx, reinterpret_cast<float*>(cx.constants[256]), reinterpret_cast<float*>(cx.constants[259]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 154: k19(cx, reinterpret_cast<float*>(cx.constants[257]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[258]), reinterpret_cast<float*>(cx.constants[318])); break;
      case 155: k7(cx, reinterpret_cast<float*>(cx.constants[255]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[371]), 4608, 9, 3, 512, 512, 3, 3); break;
      case 156: k24(cx, reinterpret_cast<float*>(cx.constants[261]), reinterpret_cast<float*>(cx.constants[264]), reinterpret_cast<float*>(cx.arena + 0)); break;
      case 157: k25(cx, reinterpret_cast<float*>(cx.constants[262]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[263]), reinterpret_cast<float*>(cx.constants[319])); break;
      case 158: k5(cx, reinterpret_cast<float*>(cx.constants[260]), reinterpret_cast<float*>(cx.arena + 0), reinterpret_cast<float*>(cx.constants[372]), 512, 512, 2048); break;
      case 159: k27(cx, reinterpret_cast<float*>(cx.constants[266]), reinterpret_cast<float*>(cx.constants[373]), 2048, 2048, 1000); break;
    }
    return 0;
  }
}
#include "model_impl.h"
