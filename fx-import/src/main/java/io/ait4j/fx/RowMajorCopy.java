package io.ait4j.fx;

import java.lang.foreign.MemorySegment;

/** Copies tensors of any strides. */
public final class RowMajorCopy {
  private final NativeTensor from;
  private final MemorySegment to;
  private final int bytes;
  private long at;

  private RowMajorCopy(NativeTensor from, MemorySegment to) {
    this.from = from;
    this.to = to;
    this.bytes = from.dtype().bytes();
  }

  /** Writes the elements of {@code from} in row-major order to {@code to}, which has room. */
  public static void copy(NativeTensor from, MemorySegment to) {
    long size = from.numel() * from.dtype().bytes();
    if (from.isContiguous()) {
      MemorySegment.copy(from.data(), 0, to, 0, size);
    } else {
      new RowMajorCopy(from, to).walk(0, 0);
    }
  }

  private void walk(int dim, long offset) {
    if (dim == from.sizes().length) {
      MemorySegment.copy(from.data(), offset * bytes, to, at, bytes);
      at += bytes;
      return;
    }
    for (long i = 0; i < from.sizes()[dim]; i++) {
      walk(dim + 1, offset + i * from.strides()[dim]);
    }
  }
}
