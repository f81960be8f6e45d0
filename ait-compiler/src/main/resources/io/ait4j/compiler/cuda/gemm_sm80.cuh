// Matrix products by mma.sync, of half numbers or of floats that are rounded to TF32: on GPUs without wgmma, and of operands that the
// copy engine cannot read.
#pragma once
#include "fragment.cuh"
#include "gemm_tile.h"
#include "operand.cuh"

namespace ait {

// A stage of an operand in shared memory is lines of 128 bytes, 16-byte pieces of each permuted by its place: a line for each row,
// or, of operands whose rows lie side by side, as many rows as fit at one k, the k first.
AIT_INLINE uint32_t line_address(uint32_t tile, int line, int piece) { return tile + line * 128 + ((piece ^ (line & 7)) << 4); }

// How many bytes of neighbours may be copied at once; 0 if none.
template <class T, bool AlongK, bool Vectors>
AIT_INLINE int together(const StridedOperand<T, AlongK, Vectors>& a) {
  const int64_t bits = (a.batch | (AlongK ? a.row : a.k)) * int64_t(sizeof(T)) | reinterpret_cast<intptr_t>(a.base);
  return !Vectors ? 0 : (bits & 15) == 0 ? 16 : (bits & 7) == 0 ? 8 : (bits & 3) == 0 ? 4 : 0;
}

template <int Bytes>
AIT_INLINE void copy_async(uint32_t to, const void* from, int valid) {
  if constexpr (Bytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid) : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(to), "l"(from), "n"(Bytes), "r"(valid) : "memory");
  }
}

// 16 bytes of neighbours to shared memory, `Bytes` at once, zeros in place of those from `valid` on.
template <int Bytes, class T>
AIT_INLINE void copy_parts(uint32_t to, const T* from, int valid, int64_t unit = 1) {
  constexpr int Each = Bytes / sizeof(T);
#pragma unroll
  for (int i = 0; i < 16 / int(sizeof(T)); i += Each) {
    copy_async<Bytes>(to + i * int(sizeof(T)), valid > i ? from + i * unit : from, min(max(valid - i, 0), Each) * int(sizeof(T)));
  }
}

// The same of neighbours that are `unit` apart if nothing may be copied at once.
template <class T>
AIT_INLINE void copy_piece(uint32_t to, const T* from, int valid, int at_once, int64_t unit) {
  if (at_once == 16) {
    copy_parts<16>(to, from, valid);
  } else if (at_once == 8) {
    copy_parts<8>(to, from, valid);
  } else if (at_once == 4) {
    copy_parts<4>(to, from, valid);
  } else if constexpr (sizeof(T) == 4) {
    copy_parts<4>(to, from, valid, unit);
  } else {
    uint32_t words[4];
#pragma unroll
    for (int i = 0; i < 8; i += 2) {
      const uint32_t low = i < valid ? from[i * unit].bits : 0, high = i + 1 < valid ? from[(i + 1) * unit].bits : 0;
      words[i / 2] = low | high << 16;
    }
    asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(to), "r"(words[0]), "r"(words[1]), "r"(words[2]), "r"(words[3])
                 : "memory");
  }
}

// A stage of `Rows` rows from r0 on and 128 bytes of k from k0 on.
template <int Rows, int Threads, class T, bool AlongK, bool Vectors>
AIT_INLINE void copy_stage(uint32_t tile, const StridedOperand<T, AlongK, Vectors>& a, int at_once, int b, int r0, int k0, int rows,
                           int depth) {
  constexpr int Piece = 16 / sizeof(T), Line = 128 / sizeof(T);
  const T* base = a.base + b * a.batch;
#pragma unroll
  for (int i = 0; i < Rows * 8 / Threads; ++i) {
    const int piece = (threadIdx.x + i * Threads) % 8, line = (threadIdx.x + i * Threads) / 8;
    const int r = r0 + (AlongK ? line : line / Line * Line + piece * Piece), k = k0 + (AlongK ? piece * Piece : line % Line);
    const int valid = AlongK ? (r < rows ? min(max(depth - k, 0), Piece) : 0) : (k < depth ? min(max(rows - r, 0), Piece) : 0);
    copy_piece(line_address(tile, line, piece), valid > 0 ? base + r * a.row + k * a.k : base, valid, at_once, AlongK ? a.k : a.row);
  }
}

template <bool Transposed>
AIT_INLINE void load_matrices(uint32_t (&v)[4], uint32_t address) {
  if constexpr (Transposed) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3])
                 : "r"(address)
                 : "memory");
  } else {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3])
                 : "r"(address)
                 : "memory");
  }
}

// Of 16 rows from r on and 16 of k from k on: the 8 x 8 quarters (row 0, k 0), (row 8, k 0), (row 0, k 8), (row 8, k 8), of which
// each lane has two neighbours along k.
template <bool AlongK>
AIT_INLINE void load_16x16(uint32_t (&v)[4], uint32_t tile, int r, int k) {
  const int lane = threadIdx.x % 32;
  if constexpr (AlongK) {
    load_matrices<false>(v, line_address(tile, r + lane % 16, k / 8 + lane / 16));
  } else {
    load_matrices<true>(v, line_address(tile, r / 64 * 64 + k + lane / 16 * 8 + lane % 8, r % 64 / 8 + lane / 8 % 2));
  }
}

// The nearest number of TF32: the tensor cores ignore a float's last 13 bits.
AIT_INLINE uint32_t tf32_bits(uint32_t bits) {
  uint32_t rounded;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(__uint_as_float(bits)));
  return rounded;
}

// Of 16 rows from r on and step s of 32 bytes along k: quarters as of load_16x16, where 8 of k are 4 of floats.
template <class T, bool AlongK>
AIT_INLINE void load_step(uint32_t (&v)[4], uint32_t tile, int r, int s) {
  const int lane = threadIdx.x % 32;
  if constexpr (sizeof(T) == 2) {
    load_16x16<AlongK>(v, tile, r, s * 16);
  } else {
    if constexpr (AlongK) {
      load_matrices<false>(v, line_address(tile, r + lane % 16, s * 2 + lane / 16));
    } else {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int row = r + i % 2 * 8 + lane / 4, k = s * 8 + i / 2 * 4 + lane % 4;
        asm volatile("ld.shared.b32 %0, [%1];"
                     : "=r"(v[i])
                     : "r"(line_address(tile, row / 32 * 32 + k, row % 32 / 4) + row % 4 * 4)
                     : "memory");
      }
    }
#pragma unroll
    for (int i = 0; i < 4; ++i) v[i] = tf32_bits(v[i]);
  }
}

// d += a x b of 16 rows, 8 columns and 32 bytes of k.
template <class T>
AIT_INLINE void multiply_add(float* d, const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  if constexpr (__is_same(T, float16)) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  } else if constexpr (__is_same(T, float)) {
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  } else {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  }
}

// d += the products of a warp's rows from wm on and columns from wn on over a stage.
template <class Tile, class T, bool AAlongK, bool BAlongK>
AIT_INLINE void multiply_stage(float (&d)[Tile::WarpRows / 16][Tile::WarpColumns / 2], uint32_t a_tile, int wm, int wn) {
  constexpr int RowBlocks = Tile::WarpRows / 16, ColumnBlocks = Tile::WarpColumns / 8;
  static_assert(ColumnBlocks % 2 == 0);
  const uint32_t b_tile = a_tile + Tile::ABytes;
#pragma unroll
  for (int s = 0; s < 4; ++s) {
    uint32_t x[RowBlocks][4], y[ColumnBlocks / 2][4];
#pragma unroll
    for (int i = 0; i < RowBlocks; ++i) load_step<T, AAlongK>(x[i], a_tile, wm + i * 16, s);
#pragma unroll
    for (int j = 0; j < ColumnBlocks / 2; ++j) load_step<T, BAlongK>(y[j], b_tile, wn + j * 16, s);
#pragma unroll
    for (int i = 0; i < RowBlocks; ++i) {
#pragma unroll
      for (int j = 0; j < ColumnBlocks; ++j) multiply_add<T>(d[i] + j * 4, x[i], y[j / 2][j % 2], y[j / 2][j % 2 + 2]);
    }
  }
}

// The body of a kernel of Tile::Threads threads and Tile::SharedBytes; a block for each tile.
template <class Tile, class T, bool AAlongK, bool AVectors, bool BAlongK, bool BVectors, class Epilogue>
AIT_INLINE void gemm_mma(const StridedOperand<T, AAlongK, AVectors>& a, const StridedOperand<T, BAlongK, BVectors>& b,
                         const GemmProblem& p, const Epilogue& epilogue) {
  extern __shared__ __align__(128) uint8_t raw[];
  const uint32_t ring = static_cast<uint32_t>(__cvta_generic_to_shared(raw));
  const int rows = (p.m + Tile::Rows - 1) / Tile::Rows, columns = (p.n + Tile::Columns - 1) / Tile::Columns;
  const int z = blockIdx.x / (rows * columns), place = blockIdx.x % (rows * columns);
  const int m = place % rows * Tile::Rows, n = place / rows * Tile::Columns;
  const int a_once = together(a), b_once = together(b);
  const int steps = (p.k + Tile::Depth - 1) / Tile::Depth;
  auto copy = [&](int s) {
    if (s < steps) {
      const uint32_t to = ring + s % Tile::Stages * Tile::StageBytes;
      copy_stage<Tile::Rows, Tile::Threads>(to, a, a_once, z, m, s * Tile::Depth, p.m, p.k);
      copy_stage<Tile::Columns, Tile::Threads>(to + Tile::ABytes, b, b_once, z, n, s * Tile::Depth, p.n, p.k);
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
  };

  let_next_begin();
  wait_for_previous();
  for (int s = 0; s < Tile::Stages - 1; ++s) copy(s);
  constexpr int RowBlocks = Tile::WarpRows / 16, ColumnBlocks = Tile::WarpColumns / 8;
  const int warp = threadIdx.x / 32, wm = warp / Tile::Across * Tile::WarpRows, wn = warp % Tile::Across * Tile::WarpColumns;
  float d[RowBlocks][ColumnBlocks * 4] = {};
  for (int s = 0; s < steps; ++s) {
    asm volatile("cp.async.wait_group %0;" ::"n"(Tile::Stages - 2) : "memory");
    __syncthreads();
    copy(s + Tile::Stages - 1);
    multiply_stage<Tile, T, AAlongK, BAlongK>(d, ring + s % Tile::Stages * Tile::StageBytes, wm, wn);
  }
#pragma unroll
  for (int i = 0; i < RowBlocks; ++i) {
    finish_fragment<ColumnBlocks, false>(epilogue, d[i], z, m + wm + i * 16, n + wn, p.m, p.n);
  }
}

}  // namespace ait
