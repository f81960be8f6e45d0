package io.ait4j.web.infer;

import io.ait4j.fx.DType;
import java.util.Arrays;
import java.util.Optional;

/** Types of elements by their names in the Open Inference Protocol; BF16 is Triton's addition. */
public enum Datatype {
  BOOL(DType.BOOL),
  UINT8(DType.UINT8),
  INT8(DType.INT8),
  INT16(DType.INT16),
  INT32(DType.INT32),
  INT64(DType.INT64),
  FP16(DType.FLOAT16),
  BF16(DType.BFLOAT16),
  FP32(DType.FLOAT32),
  FP64(DType.FLOAT64);

  private final DType dtype;

  Datatype(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }

  /** Bytes of one element. */
  public int bytes() {
    return dtype.bytes();
  }

  /** Whether the protocol says how its elements are written in JSON. */
  public boolean hasJson() {
    return this != FP16 && this != BF16;
  }

  /** The type of that name; empty for those that no model of ours can have, {@code BYTES} too. */
  public static Optional<Datatype> of(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  static Optional<Datatype> of(DType dtype) {
    return Arrays.stream(values()).filter(type -> type.dtype == dtype).findFirst();
  }
}
