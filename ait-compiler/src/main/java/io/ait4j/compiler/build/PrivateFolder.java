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
    Path folder = null;
    try {
      folder = Files.createTempDirectory("ait4j-build");
      return work.in(folder);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot write to the temporary folder "
              + System.getProperty("java.io.tmpdir")
              + " ("
              + e
              + "); free space there or set java.io.tmpdir",
          e);
    } finally {
      if (folder != null) {
        FileCache.deleteQuietly(folder);
      }
    }
  }
}
