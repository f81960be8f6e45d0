package io.ait4j.web.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** A folder that a worker wrote to, of which nothing is to stay. */
public final class WorkFolder {
  private WorkFolder() {}

  /**
   * Deletes it with all that is in it, links themselves and not where they lead. Folders may be
   * nested deeper than a path can say, and may forbid what is theirs to forbid: each one in a
   * folder moves up to the top before the folder goes.
   *
   * @throws IOException if something cannot be deleted
   */
  public static void delete(Path folder) throws IOException {
    if (!isFolder(folder)) {
      Files.deleteIfExists(folder);
      return;
    }
    Deque<Path> folders = new ArrayDeque<>();
    unlock(folder);
    empty(folder, folder, folders);
    while (!folders.isEmpty()) {
      Path next = folders.pop();
      empty(next, folder, folders);
      Files.delete(next);
    }
    Files.delete(folder);
  }

  /** Deletes the files of a folder; its folders move to {@code top}, unless it is that. */
  private static void empty(Path folder, Path top, Deque<Path> folders) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!isFolder(entry)) {
          Files.delete(entry);
        } else {
          unlock(entry); // to move a folder, too, it must be writable
          folders.push(
              folder.equals(top)
                  ? entry
                  : Files.move(entry, top.resolve(UUID.randomUUID().toString())));
        }
      }
    } catch (NoSuchFileException e) {
      // Something else deletes it, too.
    }
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static void unlock(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }
}
