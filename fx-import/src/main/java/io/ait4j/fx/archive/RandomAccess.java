package io.ait4j.fx.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Reads of a file, or of a range of it, by place and past its mapping: what is only looked at does
 * not become resident.
 *
 * @param start of the range in the file
 * @param size of the range
 */
record RandomAccess(FileChannel channel, long start, long size) {
  /** Little-endian. */
  ByteBuffer read(long at, int length) throws IOException, Corrupt {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    read(at, bytes);
    return bytes;
  }

  /** Fills what remains of {@code bytes} and flips it. */
  void read(long at, ByteBuffer bytes) throws IOException, Corrupt {
    if (at < 0 || at > size - bytes.remaining()) {
      throw new Corrupt("a range in it lies outside the file, so it is cut off or damaged");
    }
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, start + at);
      if (count < 0) {
        throw new Corrupt("it became shorter while it was read");
      }
      at += count;
    }
    bytes.flip();
  }
}
