package io.ait4j.fx.reader;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The beginning of a file.
 *
 * @param head its first bytes, fewer than {@link #HEAD} only if it has no more
 */
record FileContent(Path file, byte[] head) {
  static final int HEAD = 512;

  static FileContent of(Path file) {
    if (!Files.exists(file)) {
      throw bad(file, "there is no such file", null);
    }
    if (Files.isDirectory(file)) {
      throw bad(file, "it is a folder; name the file in it", null);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new FileContent(file, in.readNBytes(HEAD));
    } catch (IOException e) {
      throw bad(file, "it cannot be read: " + e.getMessage(), e);
    }
  }

  ModelFormat format() {
    if (head.length == 0) {
      throw bad(file, "it is empty", null);
    }
    if (startsWith("PK\3\4") || startsWith("PK\5\6")) {
      return ArchiveContent.of(file).format();
    }
    for (Lookalike lookalike : Lookalike.values()) {
      if (lookalike.matches(this)) {
        throw bad(file, lookalike.advice(), null);
      }
    }
    if (OnnxOutline.matches(this)) {
      return ModelFormat.ONNX;
    }
    throw bad(
        file,
        "it is neither TorchScript (torch.jit.save) nor torch.export (.pt2) nor ONNX, or damaged",
        null);
  }

  boolean startsWith(String text) {
    return has(0, text);
  }

  /** Whether {@code text}, each character a byte, is at {@code offset}. */
  boolean has(int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (offset + bytes.length > head.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (head[offset + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  static ModelException bad(Path file, String why, Exception cause) {
    return new ModelException(
        ModelException.Kind.IMPORT, "cannot read the model " + file + ": " + why, cause);
  }
}
