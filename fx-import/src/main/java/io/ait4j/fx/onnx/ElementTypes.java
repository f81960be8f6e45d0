package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;

/** ONNX' numbers for element types. */
final class ElementTypes {
  private ElementTypes() {}

  /** Throws {@link ModelException} (IMPORT) naming the type and {@code what} if we have none. */
  static DType dtype(int number, String what) {
    return switch (number) {
      case 1 -> DType.FLOAT32;
      case 2 -> DType.UINT8;
      case 3 -> DType.INT8;
      case 5 -> DType.INT16;
      case 6 -> DType.INT32;
      case 7 -> DType.INT64;
      case 9 -> DType.BOOL;
      case 10 -> DType.FLOAT16;
      case 11 -> DType.FLOAT64;
      case 14 -> DType.COMPLEX64;
      case 15 -> DType.COMPLEX128;
      case 16 -> DType.BFLOAT16;
      default ->
          throw new ModelException(
              ModelException.Kind.IMPORT,
              "%s has element type %s, which is not supported; cast it in the model"
                  .formatted(what, name(number)));
    };
  }

  private static String name(int number) {
    return switch (number) {
      case 0 -> "undefined";
      case 4 -> "uint16";
      case 8 -> "string";
      case 12 -> "uint32";
      case 13 -> "uint64";
      case 17 -> "float8e4m3fn";
      case 18 -> "float8e4m3fnuz";
      case 19 -> "float8e5m2";
      case 20 -> "float8e5m2fnuz";
      case 21 -> "uint4";
      case 22 -> "int4";
      case 23 -> "float4e2m1";
      default -> "number " + number;
    };
  }
}
