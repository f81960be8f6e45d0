package io.ait4j.lower;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A mapped archive of {@link StoredZipWriter}'s. Reads only that form (ZIP64, stored), and checks
 * that every range lies in the file.
 */
record StoredZip(Map<String, MemorySegment> entries) {
  static final int LOCAL_SIGNATURE = 0x04034b50;
  static final int DIRECTORY_SIGNATURE = 0x02014b50;
  static final int END_SIGNATURE = 0x06054b50;
  static final int END64_SIGNATURE = 0x06064b50;
  static final int LOCATOR_SIGNATURE = 0x07064b50;
  static final short ZIP64_ID = 1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What is wrong with the archive, for a message that names the file. */
  static final class Corrupt extends Exception {
    private static final long serialVersionUID = 1L;

    Corrupt(String message) {
      super(message);
    }
  }

  /** Maps {@code file}; the entries live as long as {@code arena}. */
  static StoredZip map(Path file, Arena arena) throws IOException, Corrupt {
    MemorySegment all;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
    try {
      return read(all);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new Corrupt("a range in it lies outside the file");
    }
  }

  private static StoredZip read(MemorySegment all) throws Corrupt {
    long end = all.byteSize() - 22;
    if (end < 20 + 56 || all.get(INT, end) != END_SIGNATURE) {
      throw new Corrupt("it does not end as a ZIP archive does, so it is cut off or no .aitm");
    }
    if (all.get(INT, end - 20) != LOCATOR_SIGNATURE) {
      throw new Corrupt("it is a ZIP archive, but not ZIP64");
    }
    long end64 = all.get(LONG, end - 20 + 8);
    if (all.get(INT, end64) != END64_SIGNATURE) {
      throw new Corrupt("its ZIP64 directory record is missing");
    }
    long count = all.get(LONG, end64 + 32);
    long at = all.get(LONG, end64 + 48);
    Map<String, MemorySegment> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      at = readEntry(all, at, entries);
    }
    return new StoredZip(Collections.unmodifiableMap(entries));
  }

  private static long readEntry(MemorySegment all, long at, Map<String, MemorySegment> entries)
      throws Corrupt {
    if (all.get(INT, at) != DIRECTORY_SIGNATURE) {
      throw new Corrupt("its directory is damaged");
    }
    int nameLength = Short.toUnsignedInt(all.get(SHORT, at + 28));
    int extraLength = Short.toUnsignedInt(all.get(SHORT, at + 30));
    int commentLength = Short.toUnsignedInt(all.get(SHORT, at + 32));
    byte[] nameBytes = all.asSlice(at + 46, nameLength).toArray(ValueLayout.JAVA_BYTE);
    String name = new String(nameBytes, StandardCharsets.UTF_8);
    long extra = at + 46 + nameLength;
    if (all.get(SHORT, at + 10) != 0 || extraLength < 28 || all.get(SHORT, extra) != ZIP64_ID) {
      throw new Corrupt("entry '" + name + "' is not stored as ait4j stores it");
    }
    long size = all.get(LONG, extra + 4);
    long headerAt = all.get(LONG, extra + 20);
    if (all.get(INT, headerAt) != LOCAL_SIGNATURE) {
      throw new Corrupt("entry '" + name + "' has no header");
    }
    long dataAt =
        headerAt
            + 30
            + Short.toUnsignedInt(all.get(SHORT, headerAt + 26))
            + Short.toUnsignedInt(all.get(SHORT, headerAt + 28));
    if (dataAt % StoredZipWriter.PAGE != 0) {
      throw new Corrupt("entry '" + name + "' is not aligned to a page");
    }
    if (entries.put(name, all.asSlice(dataAt, size)) != null) {
      throw new Corrupt("entry '" + name + "' is there twice");
    }
    return at + 46 + nameLength + extraLength + commentLength;
  }
}
