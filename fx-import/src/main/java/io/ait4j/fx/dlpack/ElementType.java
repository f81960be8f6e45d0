package io.ait4j.fx.dlpack;

import io.ait4j.fx.DType;

/**
 * {@code DLDataType}.
 *
 * @param code 0 signed, 1 unsigned, 2 floating, 4 bfloat, 5 complex, 6 boolean
 * @param lanes of vectors; 1 for numbers
 */
record ElementType(int code, int bits, int lanes) {
  static ElementType of(DType dtype) {
    int code =
        switch (dtype) {
          case INT8, INT16, INT32, INT64 -> 0;
          case UINT8 -> 1;
          case FLOAT16, FLOAT32, FLOAT64 -> 2;
          case BFLOAT16 -> 4;
          case COMPLEX64, COMPLEX128 -> 5;
          case BOOL -> 6;
        };
    return new ElementType(code, 8 * dtype.bytes(), 1);
  }

  DType dtype() {
    for (DType dtype : DType.values()) {
      if (of(dtype).equals(this)) {
        return dtype;
      }
    }
    throw TensorStruct.unusable(
        "has elements of %d bits, type code %d and %d lanes, which is no type of ours"
            .formatted(bits, code, lanes));
  }
}
