package io.ait4j.lower;

import io.ait4j.fx.Residency;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a ZIP64 archive of stored entries whose data begin on page boundaries, so that a reader
 * can map them. Timestamps are fixed: the same entries give the same bytes.
 */
final class StoredZipWriter implements AutoCloseable {
  static final int PAGE = 4096;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int DIRECTORY_SIGNATURE = 0x02014b50;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final short ZIP64_ID = 1;
  private static final int LOCAL_HEADER = 30;
  private static final int ZIP64_EXTRA = 20;
  private static final int PADDING_EXTRA = 4;

  /** The private-use id that zip alignment tools give to padding. */
  private static final short PADDING_ID = (short) 0xD935;

  private static final int LARGEST_WRITE = 1 << 30;

  private record Entry(byte[] name, long crc, long size, long headerAt) {}

  private final FileChannel channel;
  private final List<Entry> entries = new ArrayList<>();

  StoredZipWriter(Path file) throws IOException {
    channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  void add(String name, byte[] data) throws IOException {
    add(name, MemorySegment.ofArray(data));
  }

  void add(String name, MemorySegment data) throws IOException {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    Entry entry = new Entry(nameBytes, crc(data), data.byteSize(), channel.position());
    long unpadded = entry.headerAt + LOCAL_HEADER + nameBytes.length + ZIP64_EXTRA + PADDING_EXTRA;
    int padding = (int) (Math.ceilDiv(unpadded, (long) PAGE) * PAGE - unpadded);
    ByteBuffer header =
        little(LOCAL_HEADER + nameBytes.length + ZIP64_EXTRA + PADDING_EXTRA + padding);
    header.putInt(LOCAL_SIGNATURE);
    putCommon(header, entry, ZIP64_EXTRA + PADDING_EXTRA + padding);
    header.put(nameBytes);
    header.putShort(ZIP64_ID).putShort((short) (ZIP64_EXTRA - 4));
    header.putLong(entry.size).putLong(entry.size);
    header.putShort(PADDING_ID).putShort((short) padding).put(new byte[padding]);
    write(header.flip());
    for (long at = 0; at < entry.size; at += LARGEST_WRITE) {
      write(data.asSlice(at, Math.min(LARGEST_WRITE, entry.size - at)).asByteBuffer());
    }
    entries.add(entry);
    Residency.release(data);
  }

  /** Writes the directory; the archive is complete after this and only after this. */
  void finish() throws IOException {
    long start = channel.position();
    for (Entry entry : entries) {
      write(directoryEntry(entry).flip());
    }
    long end = channel.position();
    ByteBuffer tail = little(56 + 20 + 22);
    tail.putInt(END64_SIGNATURE).putLong(56 - 12).putShort((short) 45).putShort((short) 45);
    tail.putInt(0).putInt(0).putLong(entries.size()).putLong(entries.size());
    tail.putLong(end - start).putLong(start);
    tail.putInt(LOCATOR_SIGNATURE).putInt(0).putLong(end).putInt(1);
    tail.putInt(END_SIGNATURE).putInt(0).putShort((short) -1).putShort((short) -1);
    tail.putInt(-1).putInt(-1).putShort((short) 0);
    write(tail.flip());
    channel.force(true);
  }

  private static ByteBuffer directoryEntry(Entry entry) {
    ByteBuffer header = little(46 + entry.name.length + 28);
    header.putInt(DIRECTORY_SIGNATURE).putShort((short) 45);
    putCommon(header, entry, 28);
    header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
    header.putInt(-1);
    header.put(entry.name);
    header.putShort(ZIP64_ID).putShort((short) 24);
    return header.putLong(entry.size).putLong(entry.size).putLong(entry.headerAt);
  }

  /** The fields that a local header and a directory entry have in common, in their common order. */
  private static void putCommon(ByteBuffer header, Entry entry, int extraLength) {
    header.putShort((short) 45).putShort((short) 0x0800).putShort((short) 0);
    header.putShort((short) 0).putShort((short) 0x21); // midnight, the first of January 1980
    header.putInt((int) entry.crc).putInt(-1).putInt(-1);
    header.putShort((short) entry.name.length).putShort((short) extraLength);
  }

  private static long crc(MemorySegment data) {
    CRC32 crc = new CRC32();
    for (long at = 0; at < data.byteSize(); at += LARGEST_WRITE) {
      crc.update(data.asSlice(at, Math.min(LARGEST_WRITE, data.byteSize() - at)).asByteBuffer());
    }
    return crc.getValue();
  }

  private static ByteBuffer little(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
