package io.ait4j.fx.archive;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The records that end an archive and say where its directory is.
 *
 * @param directoryAt place of the directory in the file
 * @param directorySize its bytes
 * @param count its entries
 */
record ZipEnd(long directoryAt, long directorySize, long count) {
  private static final int SIGNATURE = 0x06054b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int ZIP64_SIGNATURE = 0x06064b50;
  private static final int BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int ZIP64_BYTES = 56;
  private static final int LONGEST_COMMENT = 0xffff;

  static ZipEnd find(RandomAccess file) throws IOException, Corrupt {
    int tail = (int) Math.min(file.size(), LOCATOR_BYTES + BYTES + LONGEST_COMMENT);
    long tailAt = file.size() - tail;
    ByteBuffer bytes = file.read(tailAt, tail);
    for (int at = tail - BYTES; at >= 0; at--) {
      // A comment that holds a signature of its own does not also end with the file.
      if (bytes.getInt(at) == SIGNATURE
          && at + BYTES + Short.toUnsignedInt(bytes.getShort(at + 20)) == tail) {
        return at(file, bytes, at, tailAt + at);
      }
    }
    throw new Corrupt("it does not end with a ZIP directory, so it is truncated or no ZIP archive");
  }

  private static ZipEnd at(RandomAccess file, ByteBuffer tail, int at, long place)
      throws IOException, Corrupt {
    ZipEnd plain =
        new ZipEnd(
            Integer.toUnsignedLong(tail.getInt(at + 16)),
            Integer.toUnsignedLong(tail.getInt(at + 12)),
            Short.toUnsignedLong(tail.getShort(at + 10)));
    if (at >= LOCATOR_BYTES && tail.getInt(at - LOCATOR_BYTES) == LOCATOR_SIGNATURE) {
      long end64 = tail.getLong(at - LOCATOR_BYTES + 8);
      return zip64(file, end64, place - LOCATOR_BYTES).agreeing(plain);
    }
    if (tail.getShort(at + 4) != 0 || tail.getShort(at + 6) != 0) {
      throw new Corrupt("it is one part of an archive of several files; join them");
    }
    return plain.within(place);
  }

  private static ZipEnd zip64(RandomAccess file, long at, long limit) throws IOException, Corrupt {
    if (at < 0 || at > limit - ZIP64_BYTES) {
      throw new Corrupt("its ZIP64 directory record is missing");
    }
    ByteBuffer bytes = file.read(at, ZIP64_BYTES);
    if (bytes.getInt(0) != ZIP64_SIGNATURE) {
      throw new Corrupt("its ZIP64 directory record is missing");
    }
    if (bytes.getInt(16) != 0 || bytes.getInt(20) != 0) {
      throw new Corrupt("it is one part of an archive of several files; join them");
    }
    return new ZipEnd(bytes.getLong(48), bytes.getLong(40), bytes.getLong(32)).within(at);
  }

  /** Two ends that contradict each other would make two readers see two archives. */
  private ZipEnd agreeing(ZipEnd plain) throws Corrupt {
    if ((plain.directoryAt != 0xffffffffL && plain.directoryAt != directoryAt)
        || (plain.directorySize != 0xffffffffL && plain.directorySize != directorySize)
        || (plain.count != 0xffff && plain.count != count)) {
      throw new Corrupt("its two directory records contradict each other");
    }
    return this;
  }

  private ZipEnd within(long limit) throws Corrupt {
    if (directoryAt < 0
        || directorySize < 0
        || directoryAt > limit
        || directorySize > limit - directoryAt) {
      throw new Corrupt("its ZIP directory lies outside the file, so it is cut off or damaged");
    }
    if (count < 0 || count > directorySize / ZipDirectory.ENTRY_BYTES) {
      throw new Corrupt("its ZIP directory is too small for the entries it announces");
    }
    return this;
  }
}
