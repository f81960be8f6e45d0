package io.ait4j.fx.export;

import io.ait4j.fx.DType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The numbers by which exported programs spell dtypes, layouts and memory formats. */
final class ExportCodes {
  private static final List<String> DTYPES =
      List.of(
          "UNKNOWN",
          "uint8",
          "int8",
          "int16",
          "int32",
          "int64",
          "float16",
          "float32",
          "float64",
          "complex32",
          "complex64",
          "complex128",
          "bool",
          "bfloat16");
  private static final List<String> DTYPE_NAMES =
      List.of(
          "UNKNOWN",
          "BYTE",
          "CHAR",
          "SHORT",
          "INT",
          "LONG",
          "HALF",
          "FLOAT",
          "DOUBLE",
          "COMPLEXHALF",
          "COMPLEXFLOAT",
          "COMPLEXDOUBLE",
          "BOOL",
          "BFLOAT16");
  private static final List<String> LAYOUTS =
      List.of(
          "unknown",
          "sparse_coo",
          "sparse_csr",
          "sparse_csc",
          "sparse_bsr",
          "sparse_bsc",
          "mkldnn",
          "strided");
  private static final List<String> MEMORY_FORMATS =
      List.of(
          "unknown", "contiguous_format", "channels_last", "channels_last_3d", "preserve_format");

  private ExportCodes() {}

  /** PyTorch's name of a dtype. */
  static String dtype(int code) {
    return switch (code) {
      case 28 -> "uint16";
      case 29 -> "float8_e4m3fn";
      case 30 -> "float8_e5m2";
      case 31 -> "float8_e4m3fnuz";
      case 32 -> "float8_e5m2fnuz";
      default -> code >= 0 && code < DTYPES.size() ? DTYPES.get(code) : "number " + code;
    };
  }

  /** PyTorch's name of a dtype that the file names. */
  static String dtype(String name) {
    int at = DTYPE_NAMES.indexOf(name.toUpperCase(Locale.ROOT));
    return at < 0 ? name : DTYPES.get(at);
  }

  static Optional<DType> known(String dtypeName) {
    return DType.ofTorchName(dtypeName);
  }

  static String layout(int code) {
    return code >= 0 && code < LAYOUTS.size() ? LAYOUTS.get(code) : "number " + code;
  }

  static String memoryFormat(int code) {
    return code >= 0 && code < MEMORY_FORMATS.size() ? MEMORY_FORMATS.get(code) : "number " + code;
  }
}
