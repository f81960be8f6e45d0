package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder that code is unpacked to before it is loaded; only its owner may write there. */
record CacheFolder(Path root) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /**
   * A file that holds exactly {@code code}, written unless one with this hash is there.
   *
   * @throws ModelException (IO) if the folder cannot be written or others may write to it
   */
  Path unpack(MemorySegment code, String sha256) {
    Path folder = root.resolve("lib");
    Path file = folder.resolve(sha256 + ".so");
    try {
      makePrivate(folder);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || !Hash.of(MemorySegment.ofArray(Files.readAllBytes(file))).equals(sha256)) {
        write(file, code);
      }
      return file;
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot unpack a library into %s: %s; make room there or choose another folder with --cache-dir"
              .formatted(folder, IoReason.of(e)),
          e);
    }
  }

  private static void makePrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class);
    if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException("others may write to it");
    }
  }

  private static void write(Path file, MemorySegment code) throws IOException {
    Path part = Files.createTempFile(file.getParent(), ".", ".part");
    try {
      Files.write(part, code.toArray(ValueLayout.JAVA_BYTE));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
