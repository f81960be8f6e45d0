// The geometry of scaled dot-product attention as it goes from the host to a kernel.
#pragma once
#include <cstdint>

namespace ait {

struct AttentionProblem {
  int64_t batch, heads, key_heads, queries, keys, width, value_width;
  int64_t q_step[4], k_step[4], v_step[4]; // batch, head, row, column; in elements
  float scale;
  int causal;         // query i sees keys up to i only
  int hidden_is_zero; // a query that sees no key yields zeros, else NaN
};

} // namespace ait
