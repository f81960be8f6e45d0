package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Tensors whose elements are a protobuf list: which list goes with which type. */
final class TypedData {
  private TypedData() {}

  /** Elements in the list that goes with the type. */
  static long length(TensorMessage message, DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> message.getFloatDataCount();
      case FLOAT64 -> message.getDoubleDataCount();
      case COMPLEX64 -> pairs(message.getFloatDataCount());
      case COMPLEX128 -> pairs(message.getDoubleDataCount());
      case INT64 -> message.getInt64DataCount();
      case INT32, INT16, INT8, UINT8, BOOL, FLOAT16, BFLOAT16 -> message.getInt32DataCount();
    };
  }

  /** A lone real part is no number, and no tensor has -1 of them. */
  private static int pairs(int count) {
    return count % 2 == 0 ? count / 2 : -1;
  }

  /** Writes the list's elements as the type's bytes. */
  static void write(TensorMessage message, DType dtype, MemorySegment to) {
    switch (dtype) {
      case FLOAT32, COMPLEX64 -> {
        for (int i = 0; i < message.getFloatDataCount(); i++) {
          to.setAtIndex(ValueLayout.JAVA_FLOAT, i, message.getFloatData(i));
        }
      }
      case FLOAT64, COMPLEX128 -> {
        for (int i = 0; i < message.getDoubleDataCount(); i++) {
          to.setAtIndex(ValueLayout.JAVA_DOUBLE, i, message.getDoubleData(i));
        }
      }
      case INT64 -> {
        for (int i = 0; i < message.getInt64DataCount(); i++) {
          to.setAtIndex(ValueLayout.JAVA_LONG, i, message.getInt64Data(i));
        }
      }
      case INT32, INT16, INT8, UINT8, BOOL, FLOAT16, BFLOAT16 -> {
        for (int i = 0; i < message.getInt32DataCount(); i++) {
          int value = message.getInt32Data(i);
          switch (dtype.bytes()) {
            case 4 -> to.setAtIndex(ValueLayout.JAVA_INT, i, value);
            case 2 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) value);
            default -> to.set(ValueLayout.JAVA_BYTE, i, (byte) value);
          }
        }
      }
    }
  }
}
