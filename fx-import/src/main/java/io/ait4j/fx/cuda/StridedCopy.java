package io.ait4j.fx.cuda;

import io.ait4j.fx.NativeTensor;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Copies between two layouts within a device's memory by the driver's own copies, without a kernel:
 * for what a module rarely does.
 */
final class StridedCopy {
  private static final long MAX_PITCH = Integer.MAX_VALUE;

  private final Driver driver;
  private final long stream;

  /** The writer's longest stride first. */
  private final long[] sizes;

  /** In bytes. */
  private final long[] fromStrides;

  private final long[] toStrides;
  private final long element;

  private StridedCopy(NativeTensor from, NativeTensor to, CudaStream stream) {
    this.driver = stream.device().driver();
    this.stream = stream.handle();
    this.element = from.dtype().bytes();
    Integer[] order = new Integer[from.sizes().length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> -to.strides()[i]));
    sizes = pick(order, from.sizes(), 1);
    fromStrides = pick(order, from.strides(), element);
    toStrides = pick(order, to.strides(), element);
  }

  private static long[] pick(Integer[] order, long[] values, long factor) {
    return Arrays.stream(order).mapToLong(i -> values[i] * factor).toArray();
  }

  /**
   * @param to of the same sizes, no two of its elements share memory
   */
  static void copy(NativeTensor from, NativeTensor to, CudaStream stream) {
    if (from.numel() > 0) {
      stream.device().makeCurrent();
      new StridedCopy(from, to, stream).copy(from.address(), to.address());
    }
  }

  private void copy(long from, long to) {
    long[] now = sizes.clone();
    for (int d = 0; d < now.length; d++) {
      if (fromStrides[d] == 0) {
        now[d] = 1;
      }
    }
    walk(now, fromStrides, from, toStrides, to, 0);
    // What is read several times doubles where it was written, short steps before long ones.
    for (int d = now.length - 1; d >= 0; d--) {
      while (now[d] < sizes[d]) {
        long[] more = now.clone();
        more[d] = Math.min(now[d], sizes[d] - now[d]);
        walk(more, toStrides, to, toStrides, to + now[d] * toStrides[d], 0);
        now[d] += more[d];
      }
    }
  }

  private void walk(long[] size, long[] fromStep, long from, long[] toStep, long to, int dim) {
    // Dimensions from here on that lie alike and without gaps are one run of bytes.
    long run = element;
    int inner = size.length;
    while (inner > dim && (size[inner - 1] == 1 || isNext(fromStep, toStep, inner - 1, run))) {
      inner--;
      run *= size[inner];
    }
    if (inner == dim) {
      driver.copyWithin(from, to, run, stream);
    } else if (inner == dim + 1 && areRows(fromStep[dim], toStep[dim], run)) {
      driver.copyRows(from, fromStep[dim], to, toStep[dim], run, size[dim], stream);
    } else {
      for (long i = 0; i < size[dim]; i++) {
        walk(size, fromStep, from + i * fromStep[dim], toStep, to + i * toStep[dim], dim + 1);
      }
    }
  }

  private static boolean isNext(long[] fromStep, long[] toStep, int dim, long run) {
    return fromStep[dim] == run && toStep[dim] == run;
  }

  private static boolean areRows(long fromStep, long toStep, long width) {
    return fromStep >= width && toStep >= width && Math.max(fromStep, toStep) <= MAX_PITCH;
  }
}
