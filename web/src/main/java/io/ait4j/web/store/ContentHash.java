package io.ait4j.web.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, by which the service tells contents from one another. */
public final class ContentHash {
  private ContentHash() {}

  /** One that has seen nothing yet. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** A file's, hexadecimal. */
  public static String of(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        DigestInputStream hashed = new DigestInputStream(bytes, begin())) {
      hashed.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(hashed.getMessageDigest().digest());
    }
  }
}
