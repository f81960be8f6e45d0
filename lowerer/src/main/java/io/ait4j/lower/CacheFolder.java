package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder that code is unpacked to before it is loaded; only its owner may write there. */
record CacheFolder(Path root) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /**
   * A file that holds exactly {@code code}, which is whole; written unless it is there.
   *
   * @throws ModelException (IO) if the folder cannot be written or others may write to it
   */
  Path unpack(AitmFile.Entry code) {
    Path folder = root.resolve("lib");
    Path file = folder.resolve(code.expected().hex() + ".so");
    try {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      requirePrivate(folder);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !holds(file, code.expected())) {
        WholeFile.write(
            file, part -> Files.write(part, code.data().toArray(ValueLayout.JAVA_BYTE)));
      }
      return file;
    } catch (IOException e) {
      throw cannot(folder + ": " + WholeFile.reason(e), e);
    } catch (ModelException e) {
      throw cannot(e.getMessage(), e);
    }
  }

  private static boolean holds(Path file, Fingerprint code) throws IOException {
    return Files.size(file) == code.bytes()
        && Fingerprint.of(MemorySegment.ofArray(Files.readAllBytes(file))).equals(code);
  }

  private static ModelException cannot(String why, Exception cause) {
    return new ModelException(
        ModelException.Kind.IO,
        "cannot unpack a library: "
            + why
            + "; make room there, or choose another folder with --cache-dir",
        cause);
  }

  private static void requirePrivate(Path folder) throws IOException {
    PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class);
    if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException("others may write to it");
    }
  }
}
