package io.ait4j.fx.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads the content of entries through the file, checking size and CRC. */
final class ZipContent {
  /** Deflate's best: 258 bytes for two bits. */
  private static final long BEST_RATIO = 1032;

  private static final int CHUNK = 1 << 20;

  private final RandomAccess file;

  ZipContent(RandomAccess file) {
    this.file = file;
  }

  byte[] bytes(ZipRecord entry, long limit) throws IOException, Corrupt {
    if (entry.size() > Math.min(limit, Integer.MAX_VALUE - 8)) {
      throw new Corrupt(
          "its entry '%s' has %d bytes where at most %d are expected"
              .formatted(entry.name(), entry.size(), limit));
    }
    checkRatio(entry);
    ByteBuffer content = ByteBuffer.allocate((int) entry.size());
    if (entry.deflated()) {
      inflate(entry, content::put);
    } else {
      file.read(entry.dataAt(), content);
    }
    CRC32 crc = new CRC32();
    crc.update(content.array());
    check(entry, crc);
    return content.array();
  }

  void verify(ZipRecord entry) throws IOException, Corrupt {
    checkRatio(entry);
    CRC32 crc = new CRC32();
    if (entry.deflated()) {
      inflate(entry, crc::update);
    } else {
      ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK, entry.size()));
      for (long at = 0; at < entry.size(); at += CHUNK) {
        chunk.clear().limit((int) Math.min(CHUNK, entry.size() - at));
        file.read(entry.dataAt() + at, chunk);
        crc.update(chunk);
      }
    }
    check(entry, crc);
  }

  private interface Sink {
    void accept(byte[] bytes, int from, int length);
  }

  private void inflate(ZipRecord entry, Sink sink) throws IOException, Corrupt {
    Inflater inflater = new Inflater(true);
    try {
      byte[] out = new byte[Math.clamp(entry.size(), 1, CHUNK)];
      long in = 0;
      long total = 0;
      while (!inflater.finished()) {
        int count = inflater.inflate(out);
        total += count;
        if (total > entry.size()) {
          throw lies(entry);
        }
        sink.accept(out, 0, count);
        if (count == 0 && !inflater.finished()) {
          if (inflater.needsDictionary() || in == entry.packed()) {
            throw lies(entry);
          }
          int length = (int) Math.min(CHUNK, entry.packed() - in);
          inflater.setInput(file.read(entry.dataAt() + in, length));
          in += length;
        }
      }
      if (total != entry.size() || inflater.getBytesRead() != entry.packed()) {
        throw lies(entry);
      }
    } catch (DataFormatException e) {
      throw new Corrupt("its entry '" + entry.name() + "' is damaged: it cannot be inflated");
    } finally {
      inflater.end();
    }
  }

  private static void checkRatio(ZipRecord entry) throws Corrupt {
    if (entry.deflated() && entry.size() / BEST_RATIO > entry.packed()) {
      throw lies(entry);
    }
  }

  private static Corrupt lies(ZipRecord entry) {
    return new Corrupt(
        "its entry '"
            + entry.name()
            + "' is damaged: it does not have the size the directory says");
  }

  private static void check(ZipRecord entry, CRC32 crc) throws Corrupt {
    if (crc.getValue() != entry.crc()) {
      throw new Corrupt(
          "its entry '%s' is damaged: its checksum is %08x instead of %08x"
              .formatted(entry.name(), crc.getValue(), entry.crc()));
    }
  }
}
