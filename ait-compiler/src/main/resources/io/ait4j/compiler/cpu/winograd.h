// 3x3 convolutions of stride 1 by Winograd's algorithm, channels last: tiles of M x M outputs are (M+2)^2 products of
// transformed inputs and weights instead of 9 M^2. Along depth, if there is one, the sums are direct: what the kernel
// sees at each of its depths counts as more channels. Rounding errors grow: see the rule by which
// layers are chosen (ChooseAlgorithms).
#pragma once
#include "conv.h"

AIT_NAMESPACE_BEGIN

// What is transformed along one dimension: B^T d, G g and A^T m, in Lavin and Gray's names; R gives g back of G g.
template <int M> struct Winograd;

template <> struct Winograd<2> {
  static constexpr double G[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  static constexpr double R[3][4] = {{1}, {0, 1, -1}, {0, 0, 0, 1}};
  static AIT_INLINE void input(const vf* d, vf* r) {
    r[0] = d[0] - d[2], r[1] = d[1] + d[2], r[2] = d[2] - d[1], r[3] = d[1] - d[3];
  }
  static AIT_INLINE void output(const vf* m, vf* r) { r[0] = m[0] + m[1] + m[2], r[1] = m[1] - m[2] - m[3]; }
};

// Points 0, +-3/4, +-3/2 and infinity: half the error of the usual 0, +-1, +-2, and as few operations.
template <> struct Winograd<4> {
  static constexpr float P = 0.75f, Q = 1.5f, P2 = P * P, Q2 = Q * Q;
  static constexpr double GP = 1 / (2.0 * P2 * (P2 - Q2)), GQ = 1 / (2.0 * Q2 * (Q2 - P2));
  static constexpr double G[6][3] = {{1 / (double(P2) * Q2), 0, 0}, {GP, GP * P, GP * P2}, {GP, -GP * P, GP * P2},
                                     {GQ, GQ * Q, GQ * Q2}, {GQ, -GQ * Q, GQ * Q2}, {0, 0, 1}};
  static constexpr double R[3][6] = {{double(P2) * Q2}, {0, 1 / (2 * GP * P), -1 / (2 * GP * P)}, {0, 0, 0, 0, 0, 1}};
  static AIT_INLINE void input(const vf* d, vf* r) {
    const vf even = d[4] - Q2 * d[2], odd = P * (d[3] - Q2 * d[1]), even2 = d[4] - P2 * d[2], odd2 = Q * (d[3] - P2 * d[1]);
    r[0] = (P2 * Q2) * d[0] + (d[4] - (P2 + Q2) * d[2]);
    r[1] = even + odd, r[2] = even - odd;
    r[3] = even2 + odd2, r[4] = even2 - odd2;
    r[5] = (P2 * Q2) * d[1] + (d[5] - (P2 + Q2) * d[3]);
  }
  static AIT_INLINE void output(const vf* m, vf* r) {
    const vf sum = m[1] + m[2], difference = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
    r[0] = m[0] + sum + sum2;
    r[1] = P * difference + Q * difference2;
    r[2] = P2 * sum + Q2 * sum2;
    r[3] = (P2 * P) * difference + (Q2 * Q) * difference2 + m[5];
  }
};

// Channels come in whole vectors, output channels in whole units of a panel.
inline bool conv_fits_winograd(const Conv& c) {
  return !c.channels_first && c.G == 1 && c.KH == 3 && c.KW == 3 && c.SH == 1 && c.SW == 1 && c.DH == 1 && c.DW == 1 && c.C % 16 == 0 &&
         c.OC % 8 == 0;
}

template <int M> inline int64_t packed_winograd_size(const Conv& c) { return (M + 2) * (M + 2) * packed_b_size(c.KD * c.C, c.OC); }

// dst[panel][point][kd][ic][column]; elem(oc, ic, kd, kh, kw).
template <int M, class WElem> void pack_winograd(const Executor& ex, const Conv& c, const WElem& elem, float* dst) {
  constexpr int A = M + 2;
  const auto& G = Winograd<M>::G;
  const int64_t K = c.KD * c.C;
  parallel_for(ex, ceil_div(c.OC, GEMM_NR), 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) {
      const int64_t n0 = p * GEMM_NR, columns = c.OC - n0 < GEMM_NR ? c.OC - n0 : GEMM_NR, width = panel_width(columns);
      float* panel = dst + n0 * A * A * K;
      for (int64_t k = 0; k < K; k++)
        for (int64_t j = 0; j < width; j++) {
          double g[3][3] = {}, rows[A][3];
          for (int kh = 0; kh < 3; kh++)
            for (int kw = 0; kw < 3; kw++) g[kh][kw] = j < columns ? double(elem(n0 + j, k % c.C, k / c.C, kh, kw)) : 0;
          for (int i = 0; i < A; i++)
            for (int kw = 0; kw < 3; kw++) rows[i][kw] = G[i][0] * g[0][kw] + G[i][1] * g[1][kw] + G[i][2] * g[2][kw];
          for (int i = 0; i < A; i++)
            for (int l = 0; l < A; l++)
              panel[((i * A + l) * K + k) * width + j] = float(rows[i][0] * G[l][0] + rows[i][1] * G[l][1] + rows[i][2] * G[l][2]);
        }
    }
  });
}

// winograd_impl.h defines it. X is the image's element.
template <int M, class X = float> void winograd(const Executor& ex, const Conv& c, const AnyEpilogue& epi);

AIT_NAMESPACE_END
