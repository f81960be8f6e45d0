package io.ait4j.fx.dlpack;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;

/** {@code DLTensor}, 48 bytes: where its fields are, and what they mean to us. */
final class TensorStruct {
  private static final long DATA = 0;
  private static final long DEVICE = 8;
  private static final long DEVICE_INDEX = 12;
  private static final long RANK = 16;
  private static final long CODE = 20;
  private static final long BITS = 21;
  private static final long LANES = 22;
  private static final long SHAPE = 24;
  private static final long STRIDES = 32;
  private static final long BYTE_OFFSET = 40;
  private static final int MOST_DIMENSIONS = 64;

  /** Memory of the host that GPUs reach too. */
  private static final int PAGE_LOCKED = 3;

  private TensorStruct() {}

  static NativeTensor read(MemorySegment struct, boolean readOnly) {
    int rank = struct.get(JAVA_INT, RANK);
    if (rank < 0 || rank > MOST_DIMENSIONS) {
      throw unusable("has %d dimensions".formatted(rank));
    }
    long[] sizes = longs(struct.get(ADDRESS, SHAPE), rank);
    if (sizes == null) {
      throw unusable("has no shape");
    }
    long[] given = longs(struct.get(ADDRESS, STRIDES), rank); // null from older producers
    ElementType type =
        new ElementType(
            Byte.toUnsignedInt(struct.get(JAVA_BYTE, CODE)),
            Byte.toUnsignedInt(struct.get(JAVA_BYTE, BITS)),
            Short.toUnsignedInt(struct.get(JAVA_SHORT, LANES)));
    try {
      long[] strides = given == null ? NativeTensor.contiguousStrides(sizes) : given;
      requireNotNegative(sizes, "size");
      requireNotNegative(strides, "stride");
      Device device = device(struct);
      long bytes =
          Math.multiplyExact(NativeTensor.reach(sizes, strides), (long) type.dtype().bytes());
      long offset = struct.get(JAVA_LONG, BYTE_OFFSET);
      requireNotNegative(new long[] {offset}, "byte offset");
      long address = Math.addExact(struct.get(JAVA_LONG, DATA), offset);
      if (bytes > 0 && struct.get(JAVA_LONG, DATA) == 0) {
        throw unusable("has no memory");
      }
      MemorySegment data = MemorySegment.ofAddress(address).reinterpret(device.isCpu() ? bytes : 0);
      NativeTensor tensor =
          new NativeTensor(
              type.dtype(), sizes, strides, readOnly ? data.asReadOnly() : data, device);
      if (!device.isCpu() && !tensor.isAligned()) {
        throw unusable("begins in the middle of an element, where a GPU cannot read; copy it");
      }
      return tensor;
    } catch (ArithmeticException e) {
      throw unusable("is larger than any memory");
    }
  }

  private static Device device(MemorySegment struct) {
    int kind = struct.get(JAVA_INT, DEVICE);
    int index = struct.get(JAVA_INT, DEVICE_INDEX);
    if (kind == Device.Kind.CPU.code() || kind == PAGE_LOCKED) {
      return Device.CPU;
    }
    if (kind == Device.Kind.CUDA.code() && index >= 0) {
      return Device.cuda(index);
    }
    throw unusable(
        "is on device %d of type %d, which is neither the host nor an NVIDIA GPU"
            .formatted(index, kind));
  }

  /** What {@link #write} needs for sizes and strides. */
  static long shapeBytes(NativeTensor tensor) {
    return 16L * tensor.sizes().length;
  }

  /**
   * @param shape memory of {@link #shapeBytes}, with the structure
   */
  static void write(NativeTensor tensor, MemorySegment struct, MemorySegment shape) {
    int rank = tensor.sizes().length;
    ElementType type = ElementType.of(tensor.dtype());
    struct.set(JAVA_LONG, DATA, tensor.address());
    struct.set(JAVA_INT, DEVICE, tensor.device().kind().code());
    struct.set(JAVA_INT, DEVICE_INDEX, tensor.device().index());
    struct.set(JAVA_INT, RANK, rank);
    struct.set(JAVA_BYTE, CODE, (byte) type.code());
    struct.set(JAVA_BYTE, BITS, (byte) type.bits());
    struct.set(JAVA_SHORT, LANES, (short) type.lanes());
    MemorySegment.copy(tensor.sizes(), 0, shape, JAVA_LONG, 0, rank);
    MemorySegment.copy(tensor.strides(), 0, shape, JAVA_LONG, 8L * rank, rank);
    struct.set(ADDRESS, SHAPE, shape);
    struct.set(ADDRESS, STRIDES, shape.asSlice(8L * rank));
  }

  private static long[] longs(MemorySegment at, int count) {
    if (count == 0) {
      return new long[0];
    }
    return at.address() == 0 ? null : at.reinterpret(8L * count).toArray(JAVA_LONG);
  }

  private static void requireNotNegative(long[] numbers, String what) {
    for (long number : numbers) {
      if (number < 0) {
        throw unusable("has the %s %d; copy it".formatted(what, number));
      }
    }
  }

  static ModelException unusable(String why) {
    return new ModelException(ModelException.Kind.USAGE, "the DLPack tensor " + why);
  }
}
