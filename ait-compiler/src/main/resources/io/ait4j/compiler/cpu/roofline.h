// What a machine can do at most, measured: multiply-adds in registers, and bytes from each level of memory.
#pragma once
#include <cstring>
#include "parallel.h"
#include "scratch.h"

AIT_NAMESPACE_BEGIN

// Best seconds of a call within some 60 ms.
template <class F> double best_seconds(const F& f) {
  f();
  int64_t best = INT64_MAX;
  for (int64_t total = 0, i = 0; i < 3 || (total < 60000000 && i < 1000); i++) {
    const int64_t begin = nanos();
    f();
    const int64_t took = nanos() - begin;
    total += took;
    if (took < best) best = took;
  }
  return double(best < 1 ? 1 : best) * 1e-9;
}

constexpr int FMA_CHAINS = 12; // covers the latency of any core

AIT_NOINLINE inline float fma_chains(int64_t steps) {
  vf sum[FMA_CHAINS], x = broadcast(0.5f), y = broadcast(1);
  for (int i = 0; i < FMA_CHAINS; i++) sum[i] = broadcast(float(i)); // or the compiler would keep one chain for all
#if defined(__x86_64__)
  asm volatile("" : "+v"(x), "+v"(y)); // values unknown to the compiler
#else
  asm volatile("" : "+w"(x), "+w"(y));
#endif
  for (int64_t i = 0; i < steps; i++) {
#pragma GCC unroll 12
    for (auto& s : sum) s = s * x + y;
  }
  float all = 0;
  for (auto& s : sum) all += s[0];
  return all;
}

inline double measure_flops(const Executor& ex) {
  const int64_t steps = 4000, chunks = 32;
  volatile float sink = 0;
  const double seconds = best_seconds([&] {
    parallel_for(ex, chunks, 1, [&](int64_t begin, int64_t end) { sink = fma_chains(steps * (end - begin)); });
  });
  return 2.0 * FMA_CHAINS * W * steps * chunks / seconds;
}

// Reads half of `data` and writes the other half, or only reads all of it.
inline double measure_bandwidth(const Executor& ex, float* data, int64_t floats, bool writes) {
  const int64_t blocks = 16, block = (writes ? floats / 2 : floats) / blocks / (8 * W) * (8 * W);
  const int64_t repeats = 1 + (1 << 18) / floats; // what is small would vanish beside reading the clock
  float* to = data + block * blocks;
  volatile float sink = 0;
  const double seconds = best_seconds([&] {
    parallel_for(ex, blocks, 2, [&](int64_t begin, int64_t end) {
      vf sum[8] = {};
      const int64_t length = (end - begin) * block;
      for (int64_t done = 0, i = begin * block; done < length * repeats; done += 8 * W) {
        for (int v = 0; v < 8; v++) {
          const vf x = load(data + i + v * W);
          if (writes) store(to + i + v * W, x);
          else sum[v] += x;
        }
        if ((i += 8 * W) == end * block) i = begin * block;
      }
      for (int v = 1; v < 8; v++) sum[0] += sum[v];
      sink = sum[0][0];
    });
  });
  return 4.0 * block * blocks * repeats * (writes ? 2 : 1) / seconds;
}

AIT_NAMESPACE_END
