package io.ait4j.web.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** Counts the bytes of the files under a folder, while they come and go. */
final class FolderSize extends SimpleFileVisitor<Path> {
  /** What an entry takes at least, be it empty. */
  private static final long LEAST = 4096;

  private static final int MOST_ENTRIES = 100_000;

  private final long most;
  private final FileTime since;
  private long bytes;
  private int entries;

  private FolderSize(long most, FileTime since) {
    this.most = most;
    this.since = since;
  }

  /**
   * Bytes of what lies under {@code folder}.
   *
   * @param most beyond which nobody wants to know how many; so many entries that counting them
   *     takes long are as good as that
   */
  static long of(Path folder, long most) {
    return changed(folder, most, null);
  }

  /**
   * Of these, bytes of files that were made, or in any way changed, after a time. Nobody can change
   * a file and say that it was earlier.
   *
   * @param since of the file system, as {@link #changeTime} gives it; null: ever
   */
  static long changed(Path folder, long most, FileTime since) {
    FolderSize size = new FolderSize(most, since);
    try {
      Files.walkFileTree(folder, size);
    } catch (IOException e) {
      return size.bytes;
    }
    return size.bytes;
  }

  /** When a file was changed last, be it its name or its times. */
  static FileTime changeTime(Path file) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    return count(file, attributes.size());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    return count(folder, 0);
  }

  private FileVisitResult count(Path path, long size) {
    try {
      if (since != null && changeTime(path).compareTo(since) <= 0) {
        return FileVisitResult.CONTINUE;
      }
    } catch (IOException gone) {
      return FileVisitResult.CONTINUE;
    }
    bytes += Math.max(LEAST, size);
    if (++entries > MOST_ENTRIES) {
      bytes = Math.max(bytes, most + 1);
    }
    return bytes > most ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
  }

  /** What nobody may look into, or is too deep to, could hold anything. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    bytes = Math.max(bytes, most + 1);
    return FileVisitResult.TERMINATE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
    return FileVisitResult.CONTINUE;
  }
}
