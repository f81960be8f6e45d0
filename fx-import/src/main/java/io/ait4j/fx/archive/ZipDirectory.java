package io.ait4j.fx.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An archive's central directory, which alone says what the archive holds; of a local header only
 * the length counts, since PyTorch leaves its other fields zero.
 */
final class ZipDirectory {
  static final int ENTRY_BYTES = 46;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int HEADER_SIGNATURE = 0x04034b50;
  private static final int HEADER_BYTES = 30;
  private static final int ZIP64_ID = 1;
  private static final long SATURATED = 0xffffffffL;

  /** Bits for encryption, strong encryption and masked headers. */
  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;

  /** Of some 700 000 entries; the largest models have tens of thousands of tensors. */
  private static final int LARGEST = 32 << 20;

  private static final Pattern OUTSIDE =
      Pattern.compile("(?s)/.*|[A-Za-z]:.*|.*\\\\.*|.*\\x00.*|(.*/)?\\.\\.(/.*)?");

  private final RandomAccess file;
  private final ZipEnd end;
  private final Map<String, ZipRecord> entries = new LinkedHashMap<>();

  private ZipDirectory(RandomAccess file, ZipEnd end) {
    this.file = file;
    this.end = end;
  }

  /** The archive's entries by name, in the directory's order; folders are not entries. */
  static Map<String, ZipRecord> read(RandomAccess file) throws IOException, Corrupt {
    ZipDirectory directory = new ZipDirectory(file, ZipEnd.find(file));
    directory.readEntries();
    directory.checkOverlaps();
    return directory.entries;
  }

  private void readEntries() throws IOException, Corrupt {
    if (end.directorySize() > LARGEST) {
      throw new Corrupt("its ZIP directory would have " + end.directorySize() + " bytes");
    }
    ByteBuffer bytes = file.read(end.directoryAt(), (int) end.directorySize());
    for (long i = 0; i < end.count(); i++) {
      if (bytes.remaining() < ENTRY_BYTES || bytes.getInt(bytes.position()) != ENTRY_SIGNATURE) {
        throw new Corrupt("its ZIP directory is damaged");
      }
      readEntry(bytes);
    }
    if (bytes.hasRemaining()) {
      throw new Corrupt("its ZIP directory holds more than the entries it announces");
    }
  }

  /** Reads one entry and advances to the next. */
  private void readEntry(ByteBuffer bytes) throws IOException, Corrupt {
    int at = bytes.position();
    int nameLength = Short.toUnsignedInt(bytes.getShort(at + 28));
    int extraLength = Short.toUnsignedInt(bytes.getShort(at + 30));
    int commentLength = Short.toUnsignedInt(bytes.getShort(at + 32));
    if (bytes.remaining() < ENTRY_BYTES + nameLength + extraLength + commentLength) {
      throw new Corrupt("its ZIP directory is damaged");
    }
    String name = name(bytes.slice(at + ENTRY_BYTES, nameLength));
    if ((bytes.getShort(at + 8) & ENCRYPTED) != 0) {
      throw new Corrupt("its entry '" + name + "' is encrypted");
    }
    int method = Short.toUnsignedInt(bytes.getShort(at + 10));
    if (method != 0 && method != 8) {
      throw new Corrupt(
          "its entry '%s' is compressed by method %d; only stored and deflated ones are read"
              .formatted(name, method));
    }
    ByteBuffer wide =
        zip64(bytes.slice(at + ENTRY_BYTES + nameLength, extraLength).order(bytes.order()));
    long size = wide(bytes.getInt(at + 24), wide, name);
    long packed = wide(bytes.getInt(at + 20), wide, name);
    long headerAt = wide(bytes.getInt(at + 42), wide, name);
    if (method == 0 && size != packed) {
      throw new Corrupt(
          "its entry '%s' is stored, but has two sizes, %d and %d bytes"
              .formatted(name, packed, size));
    }
    long crc = Integer.toUnsignedLong(bytes.getInt(at + 16));
    add(
        name,
        new ZipRecord(name, method == 8, crc, packed, size, headerAt, dataAt(name, headerAt)));
    bytes.position(at + ENTRY_BYTES + nameLength + extraLength + commentLength);
  }

  private void add(String name, ZipRecord entry) throws Corrupt {
    if (entry.packed() > end.directoryAt() - entry.dataAt()) {
      throw new Corrupt(
          "its entry '%s' would reach beyond the end of the data, so it is cut off or damaged"
              .formatted(name));
    }
    if (name.endsWith("/") && entry.size() == 0) {
      return;
    }
    if (entries.put(name, entry) != null) {
      throw new Corrupt("its entry '" + name + "' is there twice");
    }
  }

  private long dataAt(String name, long headerAt) throws IOException, Corrupt {
    if (headerAt > end.directoryAt() - HEADER_BYTES) {
      throw new Corrupt("its entry '" + name + "' lies outside the file");
    }
    ByteBuffer header = file.read(headerAt, HEADER_BYTES);
    if (header.getInt(0) != HEADER_SIGNATURE) {
      throw new Corrupt("its entry '" + name + "' has no header where the directory says");
    }
    long dataAt =
        headerAt
            + HEADER_BYTES
            + Short.toUnsignedInt(header.getShort(26))
            + Short.toUnsignedInt(header.getShort(28));
    if (dataAt > end.directoryAt()) {
      throw new Corrupt("its entry '" + name + "' lies outside the file");
    }
    return dataAt;
  }

  private static String name(ByteBuffer bytes) throws Corrupt {
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new Corrupt("the name of one of its entries is not UTF-8");
    }
    if (name.isEmpty() || OUTSIDE.matcher(name).matches()) {
      throw new Corrupt(
          "its entry '"
              + name.replace('\0', '?')
              + "' has a name that leads out of the archive; it was not written by PyTorch");
    }
    return name;
  }

  /** The entry's 64-bit fields; empty if it has none. */
  private static ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Short.toUnsignedInt(extra.getShort());
      if (length > extra.remaining()) {
        break;
      }
      if (id == ZIP64_ID) {
        return extra.slice(extra.position(), length).order(extra.order());
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  /** A field, or its 64-bit form where it does not fit; those follow in the fields' order. */
  private static long wide(int field, ByteBuffer wide, String name) throws Corrupt {
    long value = Integer.toUnsignedLong(field);
    if (value != SATURATED) {
      return value;
    }
    if (wide.remaining() < Long.BYTES) {
      throw new Corrupt("its entry '" + name + "' lacks its ZIP64 sizes");
    }
    value = wide.getLong();
    if (value < 0) {
      throw new Corrupt("its entry '" + name + "' is larger than any file");
    }
    return value;
  }

  private void checkOverlaps() throws Corrupt {
    List<ZipRecord> byPlace = new ArrayList<>(entries.values());
    byPlace.sort(Comparator.comparingLong(ZipRecord::headerAt));
    for (int i = 1; i < byPlace.size(); i++) {
      ZipRecord before = byPlace.get(i - 1);
      ZipRecord after = byPlace.get(i);
      if (before.end() > after.headerAt()) {
        throw new Corrupt(
            "its entries '%s' and '%s' overlap".formatted(before.name(), after.name()));
      }
    }
  }
}
