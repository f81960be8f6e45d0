package io.ait4j.fx;

/** The numbers by which TorchScript code and checkpoints spell layouts and memory formats. */
final class AtenCodes {
  private AtenCodes() {}

  static String layout(int code) {
    return switch (code) {
      case 0 -> "strided";
      case 1 -> "sparse_coo";
      case 2 -> "sparse_csr";
      case 3 -> "mkldnn";
      case 4 -> "sparse_csc";
      case 5 -> "sparse_bsr";
      case 6 -> "sparse_bsc";
      case 7 -> "jagged";
      default ->
          throw new ModelException(
              ModelException.Kind.IMPORT,
              "layout number " + code + " is not one PyTorch 2.10 knows");
    };
  }

  static String memoryFormat(int code) {
    return switch (code) {
      case 0 -> "contiguous_format";
      case 1 -> "preserve_format";
      case 2 -> "channels_last";
      case 3 -> "channels_last_3d";
      default ->
          throw new ModelException(
              ModelException.Kind.IMPORT,
              "memory format number " + code + " is not one PyTorch 2.10 knows");
    };
  }
}
