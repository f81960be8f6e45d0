package io.ait4j.web.convert;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a cache of compiled libraries that is of no use in pieces: a folder in one of its
 * folders, or a file.
 *
 * @param used when one of its files was last written or marked as used
 */
record CacheEntry(long bytes, FileTime used) {
  /** What an empty file takes of a disk. */
  private static final long LEAST = 4096;

  /** The entries of a cache, which a worker wrote to: links are not followed. */
  static List<Path> in(Path cache) throws IOException {
    List<Path> entries = new ArrayList<>();
    for (Path kind : children(cache)) {
      List<Path> inside =
          Files.isDirectory(kind, LinkOption.NOFOLLOW_LINKS) ? children(kind) : List.of();
      entries.addAll(inside.isEmpty() ? List.of(kind) : inside);
    }
    return entries;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      List<Path> children = new ArrayList<>();
      all.forEach(children::add);
      return children;
    }
  }

  static CacheEntry of(Path entry) throws IOException {
    Sum sum = new Sum();
    Files.walkFileTree(entry, sum);
    return new CacheEntry(sum.bytes, FileTime.fromMillis(sum.used));
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private long bytes;
    private long used;

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      bytes += LEAST;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += Math.max(LEAST, attributes.size());
      used = Math.max(used, attributes.lastModifiedTime().toMillis());
      return FileVisitResult.CONTINUE;
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
}
