package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Elements of constants, from their bytes and to them. */
final class Elements {
  private Elements() {}

  /** A row-major tensor of constant sizes that is not complex. */
  static KnownTensor read(TensorMeta meta, MemorySegment data) {
    List<Num> elements = new ArrayList<>();
    for (long i = 0; i < meta.numel().value(); i++) {
      elements.add(read(meta.dtype(), data, i));
    }
    return new KnownTensor(
        meta.dtype(), meta.shape().stream().map(d -> (int) d.value()).toList(), elements);
  }

  private static Num read(DType dtype, MemorySegment data, long i) {
    return switch (dtype) {
      case INT64 -> Num.of(data.getAtIndex(ValueLayout.JAVA_LONG, i));
      case INT32 -> Num.of(data.getAtIndex(ValueLayout.JAVA_INT, i));
      case INT16 -> Num.of(data.getAtIndex(ValueLayout.JAVA_SHORT, i));
      case INT8 -> Num.of(data.get(ValueLayout.JAVA_BYTE, i));
      case UINT8 -> Num.of(Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i)));
      case BOOL -> Num.of(data.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1);
      case FLOAT64 -> new Num.Real(data.getAtIndex(ValueLayout.JAVA_DOUBLE, i));
      case FLOAT32 -> new Num.Real(data.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      case FLOAT16 ->
          new Num.Real(Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, i)));
      case BFLOAT16 ->
          new Num.Real(Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16));
      case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(dtype + " elements");
    };
  }

  /** Writes a tensor without symbols. */
  static void write(KnownTensor tensor, MemorySegment to) {
    for (int i = 0; i < tensor.elements().size(); i++) {
      switch (tensor.elements().get(i)) {
        case Num.Whole(Dim d) -> write(tensor.dtype(), d.value(), d.value(), to, i);
        case Num.Real(double real) -> write(tensor.dtype(), (long) real, real, to, i);
      }
    }
  }

  private static void write(DType dtype, long whole, double real, MemorySegment to, long i) {
    switch (dtype) {
      case INT64 -> to.setAtIndex(ValueLayout.JAVA_LONG, i, whole);
      case INT32 -> to.setAtIndex(ValueLayout.JAVA_INT, i, (int) whole);
      case INT16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) whole);
      case INT8, UINT8, BOOL -> to.set(ValueLayout.JAVA_BYTE, i, (byte) whole);
      case FLOAT64 -> to.setAtIndex(ValueLayout.JAVA_DOUBLE, i, real);
      case FLOAT32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) real);
      case FLOAT16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) real));
      case BFLOAT16 ->
          to.setAtIndex(
              ValueLayout.JAVA_SHORT,
              i,
              (short) (Float.floatToRawIntBits((float) rounded(dtype, real)) >>> 16));
      case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(dtype + " elements");
    }
  }

  /** The nearest value that the type has. */
  static double rounded(DType dtype, double value) {
    return switch (dtype) {
      case FLOAT32 -> (float) value;
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BFLOAT16 -> {
        if (Double.isNaN(value)) {
          yield value;
        }
        int bits = Float.floatToRawIntBits((float) value);
        int even = bits + 0x7fff + (bits >>> 16 & 1);
        yield Float.intBitsToFloat(even & 0xffff0000);
      }
      default -> value;
    };
  }
}
