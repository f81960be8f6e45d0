package io.ait4j.lower;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of memory, as lower-case hexadecimal. */
final class Hash {
  private static final long CHUNK = 1 << 24;

  private Hash() {}

  static String of(MemorySegment data) {
    MessageDigest digest = sha256();
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      digest.update(data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
