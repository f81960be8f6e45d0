package io.ait4j.web.convert;

import io.ait4j.fx.ModelException;
import io.ait4j.web.store.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/**
 * The folders where compiled libraries are kept. Whoever breaks into a worker process can put
 * anything into the one that it writes to, and what lies there is loaded as code: so each owner has
 * one, and a hostile model spoils the conversions of none but its owner.
 */
record OwnerCaches(Path root) {
  /** The folder of one owner, who gets nothing of a name into its path. */
  Path of(String owner) {
    Path folder = root.resolve(name(owner));
    try {
      Files.createDirectories(root);
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return folder;
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "the cache folder cannot be made: " + e.getMessage(), e);
    }
  }

  private static String name(String owner) {
    byte[] hash = ContentHash.begin().digest(owner.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }
}
