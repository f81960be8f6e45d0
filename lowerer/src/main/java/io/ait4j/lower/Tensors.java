package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.LongFunction;

/** Makes tensors of a given type, and copies. */
final class Tensors {
  private Tensors() {}

  /** Whether no two elements share an address. Sorted by stride, each must step over the last. */
  static boolean isInjective(long[] sizes, long[] strides) {
    return isRowMajor(sizes, strides) || isInjectiveInSomeOrder(sizes, strides);
  }

  /** Whether each stride steps over all that the dimensions after it reach, as most do. */
  private static boolean isRowMajor(long[] sizes, long[] strides) {
    long reach = 0;
    for (int dim = sizes.length - 1; dim >= 0; dim--) {
      if (sizes[dim] > 1) {
        if (strides[dim] <= reach) {
          return false;
        }
        reach += (sizes[dim] - 1) * strides[dim];
      }
    }
    return true;
  }

  private static boolean isInjectiveInSomeOrder(long[] sizes, long[] strides) {
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> strides[i]));
    long reach = 0;
    for (int dim : order) {
      if (sizes[dim] == 0) {
        return true;
      }
      if (sizes[dim] > 1) {
        if (strides[dim] <= reach) {
          return false;
        }
        reach += (sizes[dim] - 1) * strides[dim];
      }
    }
    return true;
  }

  /** The strides, row-major ones if those would let elements share memory. */
  static long[] injective(long[] sizes, long[] strides) {
    return isInjective(sizes, strides) ? strides : NativeTensor.contiguousStrides(sizes);
  }

  /** A fresh tensor of the host's, with {@link #injective} strides. */
  static NativeTensor allocate(
      DType dtype, long[] sizes, long[] wanted, LongFunction<MemorySegment> memory) {
    long[] strides = injective(sizes, wanted);
    long bytes = Math.multiplyExact(NativeTensor.reach(sizes, strides), dtype.bytes());
    return new NativeTensor(dtype, sizes, strides, memory.apply(bytes));
  }

  /** A copy of the same strides, if those are injective, in fresh memory. */
  static NativeTensor copy(NativeTensor from, LongFunction<MemorySegment> memory) {
    NativeTensor to = allocate(from.dtype(), from.sizes(), from.strides(), memory);
    assign(from, to);
    return to;
  }

  /** Copies the elements of {@code from} into {@code to}, which has the same sizes. */
  static void assign(NativeTensor from, NativeTensor to) {
    if (Arrays.equals(from.strides(), to.strides()) && isDense(from)) {
      MemorySegment.copy(from.data(), 0, to.data(), 0, from.numel() * from.dtype().bytes());
    } else if (from.numel() > 0) {
      copyElements(from, to, 0, 0, 0);
    }
  }

  private static boolean isDense(NativeTensor tensor) {
    return NativeTensor.reach(tensor.sizes(), tensor.strides()) == tensor.numel();
  }

  private static void copyElements(
      NativeTensor from, NativeTensor to, int dim, long fromAt, long toAt) {
    if (dim == from.sizes().length) {
      int bytes = from.dtype().bytes();
      MemorySegment.copy(from.data(), fromAt * bytes, to.data(), toAt * bytes, bytes);
      return;
    }
    for (long i = 0; i < from.sizes()[dim]; i++) {
      copyElements(
          from, to, dim + 1, fromAt + i * from.strides()[dim], toAt + i * to.strides()[dim]);
    }
  }
}
