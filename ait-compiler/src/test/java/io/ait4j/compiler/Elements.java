package io.ait4j.compiler;

import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements of tensors one by one, in row-major order whatever their strides. */
final class Elements {
  private Elements() {}

  /** Where element {@code i} of row-major order lies, in elements. */
  static long offset(NativeTensor tensor, long i) {
    long rest = i;
    long offset = 0;
    for (int d = tensor.sizes().length - 1; d >= 0; d--) {
      offset += rest % tensor.sizes()[d] * tensor.strides()[d];
      rest /= tensor.sizes()[d];
    }
    return offset;
  }

  /** An element of a floating type; of another type it is converted. */
  static double floating(NativeTensor tensor, long i) {
    MemorySegment s = tensor.data();
    long at = offset(tensor, i);
    return switch (tensor.dtype()) {
      case FLOAT32 -> s.getAtIndex(ValueLayout.JAVA_FLOAT, at);
      case FLOAT64 -> s.getAtIndex(ValueLayout.JAVA_DOUBLE, at);
      case FLOAT16 -> Float.float16ToFloat(s.getAtIndex(ValueLayout.JAVA_SHORT, at));
      case BFLOAT16 -> Float.intBitsToFloat(s.getAtIndex(ValueLayout.JAVA_SHORT, at) << 16);
      default -> integer(tensor, i);
    };
  }

  /** An element of an integer type or a truth value. */
  static long integer(NativeTensor tensor, long i) {
    MemorySegment s = tensor.data();
    long at = offset(tensor, i);
    return switch (tensor.dtype()) {
      case INT64 -> s.getAtIndex(ValueLayout.JAVA_LONG, at);
      case INT32 -> s.getAtIndex(ValueLayout.JAVA_INT, at);
      case INT16 -> s.getAtIndex(ValueLayout.JAVA_SHORT, at);
      case INT8 -> s.get(ValueLayout.JAVA_BYTE, at);
      case UINT8, BOOL -> s.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      default -> throw new IllegalStateException("no integer in " + tensor.dtype());
    };
  }

  /** Stores at a place of the tensor's memory, whatever its sizes. */
  static void store(NativeTensor tensor, long at, double floating, long integer) {
    MemorySegment s = tensor.data();
    switch (tensor.dtype()) {
      case FLOAT32 -> s.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) floating);
      case FLOAT64 -> s.setAtIndex(ValueLayout.JAVA_DOUBLE, at, floating);
      case FLOAT16, BFLOAT16 ->
          s.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) Halves.bits(tensor.dtype(), floating));
      case INT64 -> s.setAtIndex(ValueLayout.JAVA_LONG, at, integer);
      case INT32 -> s.setAtIndex(ValueLayout.JAVA_INT, at, (int) integer);
      case INT16 -> s.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) integer);
      case INT8, UINT8 -> s.set(ValueLayout.JAVA_BYTE, at, (byte) integer);
      case BOOL -> s.set(ValueLayout.JAVA_BYTE, at, (byte) (integer != 0 ? 1 : 0));
      default -> throw new IllegalStateException("no element of " + tensor.dtype());
    }
  }
}
