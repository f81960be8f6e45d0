package io.ait4j.fx.reader;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What is often given for a model and is none, told by its first bytes. */
enum Lookalike {
  POINTER("it is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'") {
    @Override
    boolean matches(FileContent content) {
      return content.startsWith("version https://git-lfs");
    }
  },
  PAGE("it is a web page, so a download went wrong; fetch it again") {
    @Override
    boolean matches(FileContent content) {
      String text = new String(content.head(), StandardCharsets.ISO_8859_1).stripLeading();
      return text.startsWith("<")
          && text.toLowerCase(Locale.ROOT).matches("(?s)<(!doctype|html|\\?xml).*");
    }
  },
  SAFETENSORS(
      "it is a safetensors file, which has weights without a model; give the model they belong to,"
          + " and this file as --weights") {
    @Override
    boolean matches(FileContent content) {
      return content.has(8, "{") && content.head().length > 9 && content.has(6, "\0\0");
    }
  },
  PICKLE(
      "it is a pickle (torch.save before PyTorch 1.6, or a whole Python object); load it in Python"
          + " and save the model with torch.export.save or torch.jit.save") {
    @Override
    boolean matches(FileContent content) {
      return (content.head()[0] & 0xff) == 0x80
          && content.head().length > 1
          && content.head()[1] <= 5;
    }
  },
  GGUF("it is a GGUF file, which has weights without a graph; export the model from PyTorch") {
    @Override
    boolean matches(FileContent content) {
      return content.startsWith("GGUF");
    }
  },
  HDF5("it is an HDF5 file (Keras), and not a PyTorch model") {
    @Override
    boolean matches(FileContent content) {
      return content.startsWith("\u0089HDF\r\n");
    }
  },
  TFLITE("it is a TensorFlow Lite model; export the PyTorch model instead") {
    @Override
    boolean matches(FileContent content) {
      return content.has(4, "TFL3");
    }
  },
  LIBRARY("it is a compiled library; give the model that it was compiled from") {
    @Override
    boolean matches(FileContent content) {
      return content.startsWith("\u007fELF");
    }
  },
  COMPRESSED("it is compressed (gzip, xz, zstd or bzip2); unpack it first") {
    @Override
    boolean matches(FileContent content) {
      return content.startsWith("\u001f\u008b")
          || content.startsWith("\u00fd7zXZ")
          || content.startsWith("\u0028\u00b5\u002f\u00fd")
          || content.startsWith("BZh");
    }
  },
  TAR("it is a tar archive; unpack it first") {
    @Override
    boolean matches(FileContent content) {
      return content.has(257, "ustar");
    }
  };

  private final String advice;

  Lookalike(String advice) {
    this.advice = advice;
  }

  abstract boolean matches(FileContent content);

  /** What the file is, and what to do. */
  String advice() {
    return advice;
  }
}
