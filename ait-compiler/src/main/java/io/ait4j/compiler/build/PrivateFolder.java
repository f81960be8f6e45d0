package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary folder of our own for as long as some work takes. */
final class PrivateFolder {
  private PrivateFolder() {}

  interface Work<T> {
    T in(Path folder) throws IOException;
  }

  /** Throws {@link ModelException} (IO) if it cannot be made or written. */
  static <T> T with(Work<T> work) {
    return in(
        Path.of(System.getProperty("java.io.tmpdir")),
        "or set the system property java.io.tmpdir to another folder",
        work);
  }

  /** The same beside a file that is to be written, for what is large. */
  static <T> T beside(Path file, Work<T> work) {
    return in(file.toAbsolutePath().getParent(), "or write to another folder", work);
  }

  private static <T> T in(Path parent, String otherwise, Work<T> work) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory(parent, ".ait4j-build");
      return work.in(folder);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot write temporary files in %s (%s); free space there, %s"
              .formatted(parent, e, otherwise),
          e);
    } finally {
      if (folder != null) {
        FileCache.deleteQuietly(folder);
      }
    }
  }
}
