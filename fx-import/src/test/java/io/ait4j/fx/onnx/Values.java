package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements of tensors as doubles, which hold all that the tests use. */
final class Values {
  private Values() {}

  static double get(DType dtype, MemorySegment data, long i) {
    return switch (dtype) {
      case FLOAT32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      case FLOAT64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
      case FLOAT16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
      case INT64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
      case INT32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
      case INT16 -> data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
      case UINT8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
      case INT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, i);
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }

  static void set(DType dtype, MemorySegment data, long i, double value) {
    switch (dtype) {
      case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
      case FLOAT64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
      case FLOAT16 ->
          data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) value));
      case INT64 -> data.setAtIndex(ValueLayout.JAVA_LONG, i, (long) value);
      case INT32 -> data.setAtIndex(ValueLayout.JAVA_INT, i, (int) value);
      case INT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) value);
      case UINT8, INT8, BOOL -> data.set(ValueLayout.JAVA_BYTE, i, (byte) value);
      default -> throw new IllegalArgumentException(dtype.toString());
    }
  }
}
