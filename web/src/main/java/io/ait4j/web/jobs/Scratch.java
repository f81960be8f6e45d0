package io.ait4j.web.jobs;

import io.ait4j.fx.ModelException;
import io.ait4j.web.process.WorkFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for what is temporary on this server. It holds a lock that ends with the process, so
 * that the next server to start knows which folders nobody uses any more, and deletes them.
 */
final class Scratch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final String LOCK = ".lock";

  private final Path folder;
  private final FileChannel lock;

  private Scratch(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes a folder below {@code root}, and deletes those of servers that died.
   *
   * @throws ModelException (IO) if it cannot
   */
  static Scratch open(Path root) {
    try {
      Files.createDirectories(root);
      // Whoever starts at the same time must not find a folder before it is locked.
      try (FileChannel door = lockFile(root);
          FileLock held = door.lock()) {
        clean(root);
        Path folder = Files.createDirectory(root.resolve("server-" + UUID.randomUUID()));
        FileChannel lock = lockFile(folder);
        lock.lock();
        return new Scratch(folder, lock);
      } catch (OverlappingFileLockException e) {
        throw new IOException("two servers of one process start at once", e);
      }
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot use the folder " + root + " for what is temporary: " + e,
          e);
    }
  }

  private static FileChannel lockFile(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void clean(Path root) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, "server-*")) {
      for (Path folder : folders) {
        try {
          if (isAbandoned(folder)) {
            LOG.info("deleting {}, which a server left behind", folder);
            WorkFolder.delete(folder);
          }
        } catch (IOException e) {
          LOG.warn("{} stays, which a server left behind: {}", folder, e.toString());
        }
      }
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    try (FileChannel channel = lockFile(folder);
        FileLock held = channel.tryLock()) {
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false; // another server of this very process
    }
  }

  /** Makes an empty folder for one attempt; {@link #discard} it. */
  Path folder(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot make a folder for what is temporary: " + e, e);
    }
  }

  /** Deletes a folder; what cannot be deleted goes when the next server starts. */
  static void discard(Path folder) {
    try {
      WorkFolder.delete(folder);
    } catch (IOException e) {
      LOG.warn("cannot delete {} yet", folder, e);
    }
  }

  @Override
  public void close() {
    discard(folder);
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("cannot unlock {}", folder, e);
    }
  }
}
