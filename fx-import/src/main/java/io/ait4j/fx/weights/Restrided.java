package io.ait4j.fx.weights;

import io.ait4j.fx.Dim;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.RowMajorCopy;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A checkpoint's tensor in the strides that a graph was typed with. */
final class Restrided {
  private static final long ALIGNMENT = 64;

  private Restrided() {}

  /**
   * The memory of {@code tensor} if it has the strides of {@code meta}, else a copy that has; empty
   * if dtype or shape differ, or the strides leave gaps or overlap.
   */
  static Optional<MemorySegment> as(TensorMeta meta, NativeTensor tensor, Arena arena) {
    if (tensor.dtype() != meta.dtype() || !Arrays.equals(tensor.sizes(), meta.sizes())) {
      return Optional.empty();
    }
    long[] strides = meta.strides().stream().mapToLong(Dim::value).toArray();
    if (equal(tensor.sizes(), strides, tensor.strides())) {
      return Optional.of(tensor.data());
    }
    List<Integer> order = meta.strideOrder();
    NativeTensor permuted = permuted(tensor, order);
    long[] wanted = NativeTensor.contiguousStrides(permuted.sizes());
    if (!equal(permuted.sizes(), pick(strides, order), wanted)) {
      return Optional.empty();
    }
    MemorySegment copy = arena.allocate(permuted.numel() * permuted.dtype().bytes(), ALIGNMENT);
    RowMajorCopy.copy(permuted, copy);
    return Optional.of(copy.asReadOnly());
  }

  /** Equal where they matter: not of dimensions of size 1, and of no dimension if one is empty. */
  private static boolean equal(long[] sizes, long[] a, long[] b) {
    boolean equal = true;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) {
        return true;
      }
      equal &= sizes[i] == 1 || a[i] == b[i];
    }
    return equal;
  }

  private static NativeTensor permuted(NativeTensor tensor, List<Integer> order) {
    return new NativeTensor(
        tensor.dtype(), pick(tensor.sizes(), order), pick(tensor.strides(), order), tensor.data());
  }

  private static long[] pick(long[] values, List<Integer> order) {
    return order.stream().mapToLong(i -> values[i]).toArray();
  }
}
