package io.ait4j.fx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Room on a disk that goes with its last user, the process at the latest. */
public final class NamelessFile {
  private NamelessFile() {}

  /** An empty file in {@code folder}, to read and write, that nobody else can find. */
  public static FileChannel in(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, ".ait4j-", ".part");
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(file); // an open file needs no name
    }
  }
}
