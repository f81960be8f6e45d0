package io.ait4j.lower.verify;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The elements of a tensor by their row-major number; a complex element counts as its two parts.
 */
final class Elements {
  private final NativeTensor tensor;
  private final int parts;
  private final boolean contiguous;

  private Elements(NativeTensor tensor) {
    this.tensor = tensor;
    this.parts = tensor.dtype().isComplex() ? 2 : 1;
    this.contiguous = tensor.isContiguous();
  }

  static Elements of(NativeTensor tensor) {
    return new Elements(tensor);
  }

  long count() {
    return tensor.numel() * parts;
  }

  double real(long i) {
    MemorySegment data = tensor.data();
    long at = at(i);
    return switch (tensor.dtype()) {
      case FLOAT64, COMPLEX128 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * Double.BYTES);
      case FLOAT32, COMPLEX64 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
      case FLOAT16 ->
          Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * Short.BYTES));
      case BFLOAT16 ->
          Float.intBitsToFloat(
              data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * Short.BYTES) << Short.SIZE);
      default -> integer(i);
    };
  }

  /** An integer or truth value (0 or 1). */
  long integer(long i) {
    MemorySegment data = tensor.data();
    long at = at(i);
    return switch (tensor.dtype()) {
      case INT64 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, at * Long.BYTES);
      case INT32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, at * Integer.BYTES);
      case INT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * Short.BYTES);
      case INT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, at);
      case UINT8 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, at));
      case DType other -> throw new IllegalStateException(other.torchName() + " is not an integer");
    };
  }

  /** Distance of part {@code i} from the start, in parts. */
  private long at(long i) {
    if (contiguous) {
      return i;
    }
    long element = i / parts;
    long offset = 0;
    for (int d = tensor.sizes().length - 1; d >= 0; d--) {
      offset += element % tensor.sizes()[d] * tensor.strides()[d];
      element /= tensor.sizes()[d];
    }
    return offset * parts + i % parts;
  }
}
