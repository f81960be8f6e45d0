package io.ait4j.web;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** A server's own folder: it empties parts of it, so there is one server for a folder. */
final class DataFolder implements AutoCloseable {
  private final FileChannel channel;
  private final String place;

  private DataFolder(FileChannel channel, String place) {
    this.channel = channel;
    this.place = place;
  }

  /**
   * Takes the folder until it is closed, or until this process ends.
   *
   * @throws ModelException (USAGE) if another server has it, (IO) if it cannot be made
   */
  static DataFolder take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isTaken(channel)) {
        channel.close();
        throw new ModelException(
            ModelException.Kind.USAGE,
            "another server uses the folder %s: stop it, or give this one another --data"
                .formatted(folder));
      }
      try {
        return new DataFolder(channel, place(folder));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot use the folder %s: %s".formatted(folder, e), e);
    }
  }

  /** This folder among those of all machines: of two servers at one place only one lives. */
  String place() {
    return place;
  }

  /** Containers of one machine may have the same names for different folders. */
  private static String place(Path folder) throws IOException {
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return "%s:%s %s".formatted(Machine.name(), folder.toRealPath(), key);
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock == null;
    } catch (OverlappingFileLockException e) { // a server of this process
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
