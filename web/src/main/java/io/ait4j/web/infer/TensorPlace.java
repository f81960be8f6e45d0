package io.ait4j.web.infer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where a tensor lies in an area; its type is that of the input or output that it is.
 *
 * @param offset of its first byte
 */
record TensorPlace(long[] sizes, long offset) {
  static final int MAX_RANK = 64;

  void write(DataOutput out) throws IOException {
    out.writeByte(sizes.length);
    for (long size : sizes) {
      out.writeLong(size);
    }
    out.writeLong(offset);
  }

  static TensorPlace read(DataInput in) throws IOException {
    long[] sizes = new long[Messages.count(in.readByte(), MAX_RANK)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readLong();
    }
    return new TensorPlace(sizes, in.readLong());
  }
}
