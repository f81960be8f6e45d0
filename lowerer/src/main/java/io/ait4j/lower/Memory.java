package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;

/** Makes tensors on one device, and writes them from anywhere. */
interface Memory {
  Device device();

  /** A tensor of undefined content that its owner frees. */
  Held own(DType dtype, long[] sizes, long[] strides);

  /** A tensor of undefined content that an arena frees. */
  NativeTensor inArena(DType dtype, long[] sizes, long[] strides, Arena arena);

  /** Copies the elements of {@code from}, on any device, into {@code to}, on this one. */
  void assign(NativeTensor from, NativeTensor to);

  /** {@link #assign} to a fresh tensor: what lies between its elements may be written too. */
  void fill(NativeTensor from, NativeTensor to);

  /** The strides of a copy: the same if those let no elements share memory. */
  default long[] layout(NativeTensor from) {
    return Tensors.injective(from.sizes(), from.strides());
  }

  /** A copy. */
  default Held copy(NativeTensor from) {
    Held copy = own(from.dtype(), from.sizes(), layout(from));
    try {
      fill(from, copy.tensor());
    } catch (RuntimeException e) {
      copy.owner().release();
      throw e;
    }
    return copy;
  }

  /** {@link #copy(NativeTensor)} that an arena frees. */
  default NativeTensor copy(NativeTensor from, Arena arena) {
    NativeTensor copy = inArena(from.dtype(), from.sizes(), layout(from), arena);
    fill(from, copy);
    return copy;
  }
}
