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
    return in(Path.of(System.getProperty("java.io.tmpdir")), work);
  }

  /** The same in a folder of the caller's choice, for what is large. */
  static <T> T in(Path parent, Work<T> work) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory(parent, ".ait4j-build");
      return work.in(folder);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot write to the temporary folder "
              + parent
              + " ("
              + e
              + "); free space there, or choose another (for what is compiled by java.io.tmpdir)",
          e);
    } finally {
      if (folder != null) {
        FileCache.deleteQuietly(folder);
      }
    }
  }
}
