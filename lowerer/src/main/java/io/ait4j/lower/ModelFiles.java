package io.ait4j.lower;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Whether a file holds all of a model or checkpoint. */
final class ModelFiles {
  /** The key under which an ONNX tensor names another file. */
  private static final byte[] LOCATION = "location".getBytes(StandardCharsets.US_ASCII);

  private static final int BLOCK = 1 << 20;

  private ModelFiles() {}

  /**
   * Whether the file may name others that belong to it: the index of a sharded checkpoint does, and
   * ONNX with external data. A ZIP archive and a safetensors file never do.
   */
  static boolean mayReferToOthers(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer start = ByteBuffer.allocate(9);
      channel.read(start, 0);
      byte[] first = start.array();
      boolean isZip = first[0] == 'P' && first[1] == 'K';
      boolean isSafetensors = first[8] == '{' && first[7] == 0 && first[6] == 0;
      return !isZip && !isSafetensors && (first[0] == '{' || contains(channel, LOCATION));
    }
  }

  private static boolean contains(FileChannel channel, byte[] wanted) throws IOException {
    byte[] bytes = new byte[BLOCK];
    for (long at = 0; at < channel.size(); at += BLOCK - wanted.length) {
      int count = channel.read(ByteBuffer.wrap(bytes), at);
      for (int i = 0; i + wanted.length <= count; i++) {
        int j = 0;
        while (j < wanted.length && bytes[i + j] == wanted[j]) {
          j++;
        }
        if (j == wanted.length) {
          return true;
        }
      }
    }
    return false;
  }
}
