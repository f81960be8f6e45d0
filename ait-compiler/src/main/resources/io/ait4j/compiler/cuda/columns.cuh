// Neighbouring elements of a row between memory and registers.
#pragma once
#include "device.cuh"

namespace ait {

template <class T, int C>
struct Columns {
  T at[C];
};

template <int Bytes>
struct Word;
template <>
struct Word<1> {
  typedef unsigned char Type;
};
template <>
struct Word<2> {
  typedef unsigned short Type;
};
template <>
struct Word<4> {
  typedef unsigned int Type;
};
template <>
struct Word<8> {
  typedef uint2 Type;
};
template <>
struct Word<16> {
  typedef uint4 Type;
};

AIT_INLINE bool is_aligned(const void* p, int bytes) { return (reinterpret_cast<uintptr_t>(p) & (bytes - 1)) == 0; }

// C elements by accesses of Together each: memory that a kernel reads so, it does not write.
template <int Together, class T, int C>
AIT_INLINE void load_together(const T* from, Columns<T, C>& to) {
  typedef typename Word<Together * sizeof(T)>::Type W;
#pragma unroll
  for (int i = 0; i < C; i += Together) {
    const W word = __ldg(reinterpret_cast<const W*>(from + i));
    __builtin_memcpy(to.at + i, &word, sizeof word);
  }
}

template <int Together, class T, int C>
AIT_INLINE void store_together(T* to, const Columns<T, C>& from) {
  typedef typename Word<Together * sizeof(T)>::Type W;
#pragma unroll
  for (int i = 0; i < C; i += Together) {
    W word;
    __builtin_memcpy(&word, from.at + i, sizeof word);
    *reinterpret_cast<W*>(to + i) = word;
  }
}

// At most Width elements at once; unless `Aligned` the start of the whole may lie anywhere.
template <int Width, bool Aligned, class T, int C>
AIT_INLINE void load_columns(const T* from, Columns<T, C>& to) {
  constexpr int Together = Width < C ? Width : C;
  if (Aligned || Together == 1 || is_aligned(from, Together * sizeof(T))) {
    load_together<Together>(from, to);
  } else {
    load_together<1>(from, to);
  }
}

template <int Width, bool Aligned, class T, int C>
AIT_INLINE void store_columns(T* to, const Columns<T, C>& from) {
  constexpr int Together = Width < C ? Width : C;
  if (Aligned || Together == 1 || is_aligned(to, Together * sizeof(T))) {
    store_together<Together>(to, from);
  } else {
    store_together<1>(to, from);
  }
}

}  // namespace ait
