// How a product is cut into tasks, and one such task.
#pragma once
#include "gemm.h"

AIT_NAMESPACE_BEGIN

constexpr int64_t GEMM_KC = 512;               // A tile and B panel slices stay in L1/L2
constexpr int64_t GEMM_MC = GEMM_MR * 8;       // rows per block
constexpr int64_t GEMM_C_FLOATS = 48 * 1024;   // partial sums kept when K is cut

// A pure function of the shape.
struct GemmPlan {
  int64_t m_blocks, n_blocks, k_blocks, panels;

  GemmPlan(int64_t batch, int64_t M, int64_t N, int64_t K, bool costly_a) {
    panels = ceil_div(N, GEMM_NR);
    int64_t tiles = ceil_div(M, GEMM_MR);
    k_blocks = K > GEMM_KC ? ceil_div(K, GEMM_KC) : 1;
    m_blocks = ceil_div(M, GEMM_MC);
    // Tasks of some 2 MFLOP or 128 KiB of B are worth a hand-over; 64 of them balance any plausible machine, 24 do
    // when more would mean copying A again and again.
    double flops = 2.0 * batch * M * N * K, bytes = 4.0 * batch * N * K;
    double by_cost = flops / 2e6 > bytes / 131072 ? flops / 2e6 : bytes / 131072;
    const double most_tasks = costly_a ? 24 : 64;
    int64_t target = by_cost < 1 ? 1 : by_cost > most_tasks ? int64_t(most_tasks) : int64_t(by_cost);
    if (batch * m_blocks < target && costly_a) { // shorter m blocks before recomputing A for several n blocks
      m_blocks = ceil_div(target, batch);
      int64_t most = ceil_div(tiles, 2);
      if (m_blocks > most) m_blocks = most;
      if (m_blocks < ceil_div(M, GEMM_MC)) m_blocks = ceil_div(M, GEMM_MC);
    }
    n_blocks = ceil_div(target, batch * m_blocks);
    if (n_blocks > panels) n_blocks = panels;
    if (k_blocks > 1) { // partial sums must fit
      int64_t rows = ceil_div(tiles, m_blocks) * GEMM_MR;
      int64_t least = ceil_div(panels * GEMM_NR * rows, GEMM_C_FLOATS);
      if (n_blocks < least) n_blocks = least < panels ? least : panels;
    }
    if (n_blocks < 1) n_blocks = 1;
  }
};

// One task: rows [m0, m1) x panels [p0, p1) of batch b against a packed matrix; n_base is added to the epilogue's n.
bool gemm_block(const AnySource& a, const AnyPacked& packed, const AnyEpilogue& epi, const GemmPlan& plan, int64_t b, int64_t m0, int64_t m1,
                int64_t p0, int64_t p1, int64_t N, int64_t K, int64_t n_base = 0);

AIT_NAMESPACE_END
