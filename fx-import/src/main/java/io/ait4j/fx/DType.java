package io.ait4j.fx;

import java.util.Optional;

/**
 * Element type of a tensor.
 *
 * <p>{@link #code()} is the number used on the compiled library's C interface: 1 to 6 are
 * AITemplate's own ({@code AITemplateDtype} in its {@code model_interface.h}), the others continue
 * the list.
 */
public enum DType {
  FLOAT16(1, 2, 5, "float16", "F16"),
  FLOAT32(2, 4, 6, "float32", "F32"),
  INT32(3, 4, 3, "int32", "I32"),
  INT64(4, 8, 4, "int64", "I64"),
  BOOL(5, 1, 11, "bool", "BOOL"),
  BFLOAT16(6, 2, 15, "bfloat16", "BF16"),
  INT8(7, 1, 1, "int8", "I8"),
  UINT8(8, 1, 0, "uint8", "U8"),
  INT16(9, 2, 2, "int16", "I16"),
  FLOAT64(10, 8, 7, "float64", "F64"),
  COMPLEX64(11, 8, 9, "complex64", null),
  COMPLEX128(12, 16, 10, "complex128", null);

  private final int code;
  private final int bytes;
  private final int atenCode;
  private final String torchName;
  private final String safetensorsName;

  DType(int code, int bytes, int atenCode, String torchName, String safetensorsName) {
    this.code = code;
    this.bytes = bytes;
    this.atenCode = atenCode;
    this.torchName = torchName;
    this.safetensorsName = safetensorsName;
  }

  /** Number of this type on the library's C interface. */
  public int code() {
    return code;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * ATen's {@code c10::ScalarType} number, as it appears in TorchScript {@code dtype} arguments.
   */
  public int atenCode() {
    return atenCode;
  }

  /** PyTorch's name without the {@code torch.} prefix, for example {@code float32}. */
  public String torchName() {
    return torchName;
  }

  /** Name in a safetensors header; empty where that format has none. */
  public Optional<String> safetensorsName() {
    return Optional.ofNullable(safetensorsName);
  }

  public boolean isFloating() {
    return this == FLOAT16 || this == FLOAT32 || this == BFLOAT16 || this == FLOAT64;
  }

  public boolean isComplex() {
    return this == COMPLEX64 || this == COMPLEX128;
  }

  /** True for the signed and unsigned integers; bool is not one of them. */
  public boolean isInteger() {
    return this == INT8 || this == UINT8 || this == INT16 || this == INT32 || this == INT64;
  }

  /** The type with this number on the C interface; empty if there is none. */
  public static Optional<DType> ofCode(int code) {
    for (DType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * The type with this {@code c10::ScalarType} number; empty for types this project does not know.
   */
  public static Optional<DType> ofAten(int atenCode) {
    for (DType type : values()) {
      if (type.atenCode == atenCode) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type PyTorch calls {@code name}, without {@code torch.}; empty if unknown. */
  public static Optional<DType> ofTorchName(String name) {
    for (DType type : values()) {
      if (type.torchName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type a safetensors header calls {@code name}; empty if unknown. */
  public static Optional<DType> ofSafetensorsName(String name) {
    for (DType type : values()) {
      if (name.equals(type.safetensorsName)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
