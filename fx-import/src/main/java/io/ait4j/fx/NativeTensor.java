package io.ait4j.fx;

import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in native memory, as the parts of a stitched module pass it to one another without
 * copying.
 *
 * @param dtype element type
 * @param sizes of each dimension
 * @param strides in elements, not negative
 * @param data begins at element 0 and holds every element the strides reach; its arena, or whoever
 *     handed it out, says how long it lives; for a GPU's memory a mere address, of no bytes
 * @param device where the memory is
 */
public record NativeTensor(
    DType dtype, long[] sizes, long[] strides, MemorySegment data, Device device) {

  public NativeTensor {
    if (sizes.length != strides.length) {
      throw new IllegalArgumentException(
          "rank " + sizes.length + " with " + strides.length + " strides");
    }
    long bytes = reach(sizes, strides) * dtype.bytes();
    if (!device.isCpu()) {
      data = data.asSlice(0, 0);
    } else if (data.byteSize() < bytes) {
      throw new IllegalArgumentException(
          "tensor reaches " + bytes + " bytes of " + data.byteSize());
    }
  }

  /** A tensor in the host's memory. */
  public NativeTensor(DType dtype, long[] sizes, long[] strides, MemorySegment data) {
    this(dtype, sizes, strides, data, Device.CPU);
  }

  /**
   * The host's memory.
   *
   * @throws ModelException (USAGE) if the tensor is in a GPU's, which this process cannot read
   */
  @Override
  public MemorySegment data() {
    if (!device.isCpu()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "tensor "
              + this
              + " is not in the host's memory and cannot be read; copy it there first");
    }
    return data;
  }

  /**
   * A tensor in row-major order over what a buffer holds from its position to its limit: the same
   * memory, read-only if the buffer is. That of a heap buffer or array is on the Java heap; who
   * runs a model on it copies it.
   *
   * @param dtype of the buffer's elements; a {@link ByteBuffer} may hold any
   * @param buffer in the machine's byte order
   * @throws ModelException (USAGE) if the buffer holds more or less than the tensor, elements of
   *     another size, or the other byte order
   */
  public static NativeTensor of(DType dtype, long[] sizes, Buffer buffer) {
    MemorySegment data = MemorySegment.ofBuffer(buffer);
    int bytes = BufferElements.bytes(buffer);
    long wanted = Math.multiplyExact(reach(sizes, contiguousStrides(sizes)), (long) dtype.bytes());
    if (!(buffer instanceof ByteBuffer) && bytes != dtype.bytes() || data.byteSize() != wanted) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "%s%s takes %d bytes in elements of %d, and the buffer has %d in elements of %d"
              .formatted(
                  dtype.torchName(),
                  Arrays.toString(sizes),
                  wanted,
                  dtype.bytes(),
                  data.byteSize(),
                  bytes));
    }
    if (dtype.bytes() > 1 && BufferElements.order(buffer) != ByteOrder.nativeOrder()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the buffer's byte order is %s and the machine's is %s; call order(ByteOrder.nativeOrder())"
                  .formatted(BufferElements.order(buffer), ByteOrder.nativeOrder())
              + " before it is filled");
    }
    return contiguous(dtype, sizes, data);
  }

  /** Whether the memory is an array's, which native code cannot read. */
  public boolean isOnHeap() {
    return device.isCpu() && !data.isNative();
  }

  /** Where element 0 lies, on whichever device. */
  public long address() {
    return data.address();
  }

  /** Whether whoever handed out the memory forbids to write to it, on whichever device. */
  public boolean isReadOnly() {
    return data.isReadOnly();
  }

  /** Whether its elements lie as GPUs insist on: at multiples of their size. */
  public boolean isAligned() {
    return address() % dtype.bytes() == 0 || numel() == 0;
  }

  /** Whether whoever handed out the memory has not closed it yet. */
  public boolean isAlive() {
    return data.scope().isAlive();
  }

  /** Bytes from the first element to the last one that the strides reach. */
  public long reachBytes() {
    return reach(sizes, strides) * dtype.bytes();
  }

  /** A tensor in row-major order. */
  public static NativeTensor contiguous(DType dtype, long[] sizes, MemorySegment data) {
    return new NativeTensor(dtype, sizes, contiguousStrides(sizes), data);
  }

  /**
   * The view of a storage that a file describes.
   *
   * @param offset of element 0 in the storage, in elements
   * @throws IllegalArgumentException if the storage does not hold all of it, or its numbers are too
   *     large; the message goes on from the tensor's name and "cannot be read:"
   */
  public static NativeTensor view(
      MemorySegment storage, DType dtype, long[] sizes, long[] strides, long offset) {
    try {
      long reach = Math.multiplyExact(reach(sizes, strides), (long) dtype.bytes());
      long begin = Math.multiplyExact(offset, (long) dtype.bytes());
      // Strides of 0 make elements share memory; there must not be more of them than numbers.
      contiguousStrides(sizes);
      if (reach == 0) {
        return new NativeTensor(dtype, sizes, strides, MemorySegment.NULL);
      }
      if (begin < 0 || begin > storage.byteSize() || reach > storage.byteSize() - begin) {
        throw new IllegalArgumentException(
            "it needs bytes %d to %d of its storage, which has %d"
                .formatted(begin, Math.addExact(begin, reach), storage.byteSize()));
      }
      return new NativeTensor(dtype, sizes, strides, storage.asSlice(begin, reach));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("it is larger than any storage", e);
    }
  }

  /** Row-major strides as PyTorch computes them: a dimension of size 0 counts as 1. */
  public static long[] contiguousStrides(long... sizes) {
    long[] strides = new long[sizes.length];
    long step = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = step;
      step = Math.multiplyExact(step, Math.max(1, sizes[i]));
    }
    return strides;
  }

  /**
   * Number of elements from the first to the last one that the strides reach, 0 if any size is 0.
   */
  public static long reach(long[] sizes, long[] strides) {
    long last = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) {
        return 0;
      }
      last = Math.addExact(last, Math.multiplyExact(sizes[i] - 1, strides[i]));
    }
    return last + 1;
  }

  public long numel() {
    long n = 1;
    for (long size : sizes) {
      n = Math.multiplyExact(n, size);
    }
    return n;
  }

  public boolean isContiguous() {
    long step = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      if (sizes[i] != 1 && strides[i] != step) {
        return numel() == 0;
      }
      step *= Math.max(1, sizes[i]);
    }
    return true;
  }

  public TensorMeta meta() {
    return new TensorMeta(dtype, Dim.ofAll(sizes), Dim.ofAll(strides));
  }

  @Override
  public String toString() {
    return dtype.torchName()
        + Arrays.toString(sizes)
        + (isContiguous() ? "" : " strides " + Arrays.toString(strides))
        + (device.isCpu() ? "" : " on " + device);
  }

  /** Sizes as an unmodifiable list, for messages and comparisons. */
  public List<Long> shape() {
    return Arrays.stream(sizes).boxed().toList();
  }
}
