// Elements that lie side by side in memory and come or go in accesses of up to 16 bytes.
#pragma once
#include "device.cuh"

AIT_NAMESPACE_BEGIN

template <int BYTES> struct Bytes;
template <> struct Bytes<1> { typedef uint8_t type; };
template <> struct Bytes<2> { typedef uint16_t type; };
template <> struct Bytes<4> { typedef uint32_t type; };
template <> struct Bytes<8> { typedef uint2 type; };
template <> struct Bytes<16> { typedef uint4 type; };

constexpr int vector_bytes(int bytes) { return bytes < 16 ? bytes : 16; }

// N elements, a power of two; their first one's address is a multiple of their size, or of 16.
template <class T, int N> struct alignas(vector_bytes(N * int(sizeof(T)))) Vector {
  static constexpr int WIDTH = vector_bytes(N * int(sizeof(T))), PARTS = N * int(sizeof(T)) / WIDTH;
  typedef typename Bytes<WIDTH>::type Part;
  T at[N];

  AIT_INLINE void load(const T* from) {
    Part parts[PARTS];
#pragma unroll
    for (int i = 0; i < PARTS; i++) parts[i] = reinterpret_cast<const Part*>(from)[i];
    memcpy(at, parts, sizeof at);
  }

  AIT_INLINE void store(T* to) const {
    Part parts[PARTS];
    memcpy(parts, at, sizeof at);
#pragma unroll
    for (int i = 0; i < PARTS; i++) reinterpret_cast<Part*>(to)[i] = parts[i];
  }
};

AIT_NAMESPACE_END
