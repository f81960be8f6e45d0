// Hopper's own instructions, one function each (PTX ISA 9.0, chapters 9.7.9, 9.7.13 and 9.7.15).
#pragma once
#include "device.cuh"

namespace ait {

// The driver's CUtensorMap: where a tensor lies and in which boxes it is copied. Made by the host.
struct alignas(64) TensorMap {
  unsigned long long words[16];
};

AIT_INLINE uint32_t shared_address(const void* p) { return static_cast<uint32_t>(__cvta_generic_to_shared(p)); }

// ---- barriers in shared memory

AIT_INLINE void barrier_init(uint64_t* b, uint32_t count) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(b)), "r"(count));
}

AIT_INLINE void barrier_init_fence() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }

AIT_INLINE void barrier_expect(uint64_t* b, uint32_t bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(b)), "r"(bytes) : "memory");
}

AIT_INLINE void barrier_arrive(uint64_t* b) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(shared_address(b)) : "memory");
}

// Waits until the phase of parity `parity` has completed.
AIT_INLINE void barrier_wait(uint64_t* b, uint32_t parity) {
  asm volatile(
      "{\n.reg .pred p;\n"
      "again:\nmbarrier.try_wait.parity.shared::cta.b64 p, [%0], %1;\n"
      "@p bra done;\nbra again;\ndone:\n}" ::"r"(shared_address(b)),
      "r"(parity)
      : "memory");
}

// ---- the bulk tensor copy engine

AIT_INLINE void tensor_prefetch(const TensorMap* map) {
  asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");
}

AIT_INLINE void tensor_load(void* to, const TensorMap* map, uint64_t* barrier, int x, int y, int z) {
  asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];" ::"r"(
                   shared_address(to)),
               "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z)
               : "memory");
}

AIT_INLINE void tensor_load(void* to, const TensorMap* map, uint64_t* barrier, int x, int y, int z, int w) {
  asm volatile("cp.async.bulk.tensor.4d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], [%2];" ::"r"(
                   shared_address(to)),
               "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z), "r"(w)
               : "memory");
}

AIT_INLINE void tensor_load(void* to, const TensorMap* map, uint64_t* barrier, int x, int y, int z, int w, int v) {
  asm volatile(
      "cp.async.bulk.tensor.5d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6, %7}], [%2];" ::"r"(
          shared_address(to)),
      "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z), "r"(w), "r"(v)
      : "memory");
}

// Pixels of an image in the order in which a window slides over it, moved by (dx, dy): channels from c of as many as the map says.
AIT_INLINE void tensor_load_pixels(void* to, const TensorMap* map, uint64_t* barrier, int c, int x, int y, int n, int dx, int dy) {
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.im2col.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], [%2], {%7, %8};" ::"r"(
          shared_address(to)),
      "l"(map), "r"(shared_address(barrier)), "r"(c), "r"(x), "r"(y), "r"(n), "h"(static_cast<uint16_t>(dx)), "h"(static_cast<uint16_t>(dy))
      : "memory");
}

// ---- clusters

AIT_INLINE uint32_t cluster_rank() {
  uint32_t r;
  asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(r));
  return r;
}

AIT_INLINE void cluster_arrive() { asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory"); }
AIT_INLINE void cluster_wait() { asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory"); }

// The address of `address` of this block in block `rank` of the cluster.
AIT_INLINE uint32_t cluster_map(uint32_t address, uint32_t rank) {
  uint32_t r;
  asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(r) : "r"(address), "r"(rank));
  return r;
}

AIT_INLINE float4 cluster_load(uint32_t address) {
  float4 v;
  asm volatile("ld.shared::cluster.v4.f32 {%0, %1, %2, %3}, [%4];" : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w) : "r"(address));
  return v;
}

// ---- registers

template <int N>
AIT_INLINE void registers_grow() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(N));
}

template <int N>
AIT_INLINE void registers_shrink() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(N));
}

// ---- products of a warpgroup

AIT_INLINE void product_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
AIT_INLINE void product_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int N>
AIT_INLINE void product_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(N) : "memory");
}

// How a tile lies in shared memory: rows of 128 bytes, swizzled. `leading` and `stride` are bytes.
AIT_INLINE uint64_t tile_descriptor(const void* tile, int leading, int stride) {
  uint64_t d = (shared_address(tile) & 0x3FFFF) >> 4;
  d |= static_cast<uint64_t>(leading >> 4) << 16;
  d |= static_cast<uint64_t>(stride >> 4) << 32;
  return d | (uint64_t{1} << 62);
}

#define AIT_F4(d, i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define AIT_F16(d, i) AIT_F4(d, i), AIT_F4(d, i + 4), AIT_F4(d, i + 8), AIT_F4(d, i + 12)
#define AIT_F32(d, i) AIT_F16(d, i), AIT_F16(d, i + 16)
#define AIT_F64(d, i) AIT_F32(d, i), AIT_F32(d, i + 32)
#define AIT_F128(d, i) AIT_F64(d, i), AIT_F64(d, i + 64)
#define AIT_F48(d, i) AIT_F32(d, i), AIT_F16(d, i + 32)
#define AIT_F56(d, i) AIT_F48(d, i), AIT_F4(d, i + 48), AIT_F4(d, i + 52)
#define AIT_F96(d, i) AIT_F64(d, i), AIT_F32(d, i + 64)
#define AIT_F80(d, i) AIT_F64(d, i), AIT_F16(d, i + 64)
#define AIT_R16 "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15"
#define AIT_R32 AIT_R16 ",%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define AIT_R48 AIT_R32 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47"
#define AIT_R56 AIT_R48 ",%48,%49,%50,%51,%52,%53,%54,%55"
#define AIT_R64 AIT_R48 ",%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define AIT_R96                                                                                                \
  AIT_R64 ",%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79,%80,%81,%82,%83,%84,%85,%86,%87," \
            "%88,%89,%90,%91,%92,%93,%94,%95"
#define AIT_R80 AIT_R64 ",%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79"
#define AIT_R128                                                                                                            \
  AIT_R96 ",%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111,%112,%113,%114,%115,%116,%117,%118," \
            "%119,%120,%121,%122,%123,%124,%125,%126,%127"

#define AIT_WGMMA(N, TYPE, REGS, OUTS, A, B, P, TA, TB)                                                              \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" P ", 0;\n"                                                          \
               "wgmma.mma_async.sync.aligned.m64n" N "k16.f32." TYPE "." TYPE " {" REGS "}, %" A ", %" B                \
               ", p, 1, 1, %" TA ", %" TB ";\n}"                                                                       \
               : OUTS(d, 0)                                                                                                \
               : "l"(a), "l"(b), "r"(accumulate), "n"(TransposeA), "n"(TransposeB))

// Numbers of TF32 have no transposed form.
#define AIT_WGMMA_TF32(N, REGS, OUTS, A, B, P)                                                                      \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" P ", 0;\n"                                                          \
               "wgmma.mma_async.sync.aligned.m64n" N "k8.f32.tf32.tf32 {" REGS "}, %" A ", %" B ", p, 1, 1;\n}"           \
               : OUTS(d, 0)                                                                                                \
               : "l"(a), "l"(b), "r"(accumulate))

// d += a x b for 64 x N results of a warpgroup and 32 bytes along k: 16 half numbers, or 8 floats that are rounded to TF32 already;
// d = a x b unless `accumulate`.
template <typename T, int N, int TransposeA, int TransposeB>
AIT_INLINE void product(float (&d)[N / 2], uint64_t a, uint64_t b, int accumulate) {
  constexpr bool is_half = __is_same(T, float16), is_float = __is_same(T, float);
  static_assert(!is_float || (TransposeA == 0 && TransposeB == 0));
#define AIT_EACH(n, count, REGS, OUTS, A, B, P, TA, TB)                                     \
  if constexpr (N == count && is_half) AIT_WGMMA(n, "f16", REGS, OUTS, A, B, P, TA, TB);    \
  if constexpr (N == count && !is_half && !is_float) AIT_WGMMA(n, "bf16", REGS, OUTS, A, B, P, TA, TB); \
  if constexpr (N == count && is_float) AIT_WGMMA_TF32(n, REGS, OUTS, A, B, P)
  AIT_EACH("32", 32, AIT_R16, AIT_F16, "16", "17", "18", "19", "20");
  AIT_EACH("64", 64, AIT_R32, AIT_F32, "32", "33", "34", "35", "36");
  AIT_EACH("96", 96, AIT_R48, AIT_F48, "48", "49", "50", "51", "52");
  AIT_EACH("112", 112, AIT_R56, AIT_F56, "56", "57", "58", "59", "60");
  AIT_EACH("128", 128, AIT_R64, AIT_F64, "64", "65", "66", "67", "68");
  AIT_EACH("160", 160, AIT_R80, AIT_F80, "80", "81", "82", "83", "84");
  AIT_EACH("192", 192, AIT_R96, AIT_F96, "96", "97", "98", "99", "100");
  AIT_EACH("256", 256, AIT_R128, AIT_F128, "128", "129", "130", "131", "132");
#undef AIT_EACH
}

#define AIT_WGMMA_R(N, TYPE, REGS, OUTS, A0, A1, A2, A3, B, P, TB)                                                  \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" P ", 0;\n"                                                          \
               "wgmma.mma_async.sync.aligned.m64n" N "k16.f32." TYPE "." TYPE " {" REGS "}, {%" A0 ",%" A1 ",%" A2 ",%" A3 \
               "}, %" B ", p, 1, 1, %" TB ";\n}"                                                                      \
               : OUTS(d, 0)                                                                                            \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(accumulate), "n"(TransposeB))

// The same with a in registers: of 16 x 16 of each warp the lane's pairs in rows l/4, l/4 + 8 at columns l%4*2, l%4*2 + 8.
template <typename T, int N, int TransposeB>
AIT_INLINE void product(float (&d)[N / 2], const uint32_t (&a)[4], uint64_t b, int accumulate) {
  constexpr bool is_half = __is_same(T, float16);
#define AIT_BOTH(n, count, REGS, OUTS, A0, A1, A2, A3, B, P, TB)                                  \
  if constexpr (N == count && is_half) AIT_WGMMA_R(n, "f16", REGS, OUTS, A0, A1, A2, A3, B, P, TB);    \
  if constexpr (N == count && !is_half) AIT_WGMMA_R(n, "bf16", REGS, OUTS, A0, A1, A2, A3, B, P, TB)
  AIT_BOTH("32", 32, AIT_R16, AIT_F16, "16", "17", "18", "19", "20", "21", "22");
  AIT_BOTH("64", 64, AIT_R32, AIT_F32, "32", "33", "34", "35", "36", "37", "38");
  AIT_BOTH("96", 96, AIT_R48, AIT_F48, "48", "49", "50", "51", "52", "53", "54");
  AIT_BOTH("112", 112, AIT_R56, AIT_F56, "56", "57", "58", "59", "60", "61", "62");
  AIT_BOTH("128", 128, AIT_R64, AIT_F64, "64", "65", "66", "67", "68", "69", "70");
  AIT_BOTH("192", 192, AIT_R96, AIT_F96, "96", "97", "98", "99", "100", "101", "102");
  AIT_BOTH("256", 256, AIT_R128, AIT_F128, "128", "129", "130", "131", "132", "133", "134");
#undef AIT_BOTH
}

}  // namespace ait
