package io.ait4j.web.http;

import io.ait4j.web.store.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes what comes with one request to disk, within limits; of files it knows the hash. */
final class Receiver {
  private static final int BUFFER_BYTES = 1 << 17;
  private static final long LOOK_EVERY_BYTES = 64L << 20;

  private final Path folder;
  private final long maxBytes;
  private final long minFreeBytes;
  private long received;
  private int files;

  /**
   * @param folder an empty one of this request's own
   */
  Receiver(Path folder, long maxBytes, long minFreeBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.minFreeBytes = minFreeBytes;
  }

  /** Refuses a body that says that it will not fit. */
  static void expect(long contentLength, HttpSettings settings) throws IOException {
    if (contentLength > settings.maxUploadBytes()) {
      throw tooLarge(settings.maxUploadBytes());
    }
    room(settings.scratch(), Math.max(0, contentLength), settings.minFreeBytes());
  }

  ReceivedFile receive(InputStream in, String name) throws IOException {
    Path file = folder.resolve(Integer.toString(files++));
    MessageDigest digest = ContentHash.begin();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
      long bytes = copy(in, out);
      return new ReceivedFile(file, name, bytes, HexFormat.of().formatHex(digest.digest()));
    }
  }

  /** Writes what comes, which goes to the folder's disk, and gives how many bytes it was. */
  long copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    for (int n; (n = in.read(buffer)) >= 0; ) {
      if (received / LOOK_EVERY_BYTES != (received + n) / LOOK_EVERY_BYTES) {
        room(folder, n, minFreeBytes);
      }
      received += n;
      bytes += n;
      if (received > maxBytes) {
        throw tooLarge(maxBytes);
      }
      out.write(buffer, 0, n);
    }
    return bytes;
  }

  /** Refuses what would leave less of the folder's disk than is kept free. */
  static void room(Path folder, long more, long minFree) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free - more < minFree) {
      throw new Problem(
          Problems.INSUFFICIENT_STORAGE,
          "the server has %d MB of disk left and keeps %d MB free: try later, or tell the operator"
              .formatted(free >> 20, minFree >> 20));
    }
  }

  static Problem tooLarge(long max) {
    return new Problem(Problems.TOO_LARGE, "a request holds at most %d bytes".formatted(max));
  }
}
