package io.ait4j.web.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Counts the bytes of the files under a folder, while they come and go. */
final class FolderSize extends SimpleFileVisitor<Path> {
  /** What an entry takes at least, be it empty. */
  private static final long LEAST = 4096;

  private static final int MOST_ENTRIES = 100_000;

  private final long most;
  private long bytes;
  private int entries;

  private FolderSize(long most) {
    this.most = most;
  }

  /**
   * Bytes of what lies under {@code folder}.
   *
   * @param most beyond which nobody wants to know how many; so many entries that counting them
   *     takes long are as good as that
   */
  static long of(Path folder, long most) {
    FolderSize size = new FolderSize(most);
    try {
      Files.walkFileTree(folder, size);
    } catch (IOException e) {
      return size.bytes;
    }
    return size.bytes;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    return count(attributes.size());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    return count(0);
  }

  private FileVisitResult count(long size) {
    bytes += Math.max(LEAST, size);
    if (++entries > MOST_ENTRIES) {
      bytes = Math.max(bytes, most + 1);
    }
    return bytes > most ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException gone) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
    return FileVisitResult.CONTINUE;
  }
}
