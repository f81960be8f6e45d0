package io.ait4j.web.store;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.io.input.BoundedInputStream;

/** Files in a folder, on a disk that all servers see. */
public final class FolderStore implements FileStore {
  private static final String PARTS = "parts";

  private final Path root;

  private FolderStore(Path root) {
    this.root = root;
  }

  /**
   * Opens a folder, and makes it if it is not there.
   *
   * @throws ModelException (IO) if it cannot be written
   */
  public static FolderStore open(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root.resolve(PARTS));
      discardOld(root.resolve(PARTS));
    } catch (IOException e) {
      throw failed("cannot use the folder " + root + " as a store", e);
    }
    return new FolderStore(root);
  }

  /** What servers that died were writing. */
  private static void discardOld(Path parts) throws IOException {
    Instant old = Instant.now().minus(LONGEST_PUT);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parts)) {
      for (Path part : all) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(old)) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  @Override
  public void put(String key, Path file) {
    Path target = path(key);
    Path part = root.resolve(PARTS).resolve(UUID.randomUUID().toString());
    try {
      Files.createDirectories(target.getParent());
      Files.copy(file, part);
      force(part, StandardOpenOption.WRITE);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      force(target.getParent(), StandardOpenOption.READ);
    } catch (IOException e) {
      discard(part);
      throw failed("cannot store " + key, e);
    }
  }

  /** A power cut leaves the file, or what the folder says, as it is now. */
  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException ignored) {
      // The failure that brought us here says more.
    }
  }

  @Override
  public Optional<Long> size(String key) {
    try {
      return Optional.of(Files.size(path(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("cannot look for " + key, e);
    }
  }

  @Override
  public InputStream read(String key, long offset, long length) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path(key), StandardOpenOption.READ);
      StoreKey.requireRange(key, offset, length, channel.size());
      channel.position(offset);
      return BoundedInputStream.builder()
          .setInputStream(Channels.newInputStream(channel))
          .setMaxCount(length)
          .get();
    } catch (IOException | ModelException e) {
      close(channel);
      throw e instanceof ModelException known ? known : failed("cannot read " + key, e);
    }
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // Nothing was written.
      }
    }
  }

  @Override
  public Path local(String key, Path folder) {
    Path file = path(key);
    if (!Files.isRegularFile(file)) {
      throw failed("cannot read " + key, new NoSuchFileException(key));
    }
    return file;
  }

  @Override
  public void delete(String key) {
    try {
      Files.deleteIfExists(path(key));
    } catch (IOException e) {
      throw failed("cannot delete " + key, e);
    }
  }

  @Override
  public void close() {}

  private Path path(String key) {
    return root.resolve(StoreKey.require(key));
  }

  private static ModelException failed(String what, Exception why) {
    String reason = why instanceof NoSuchFileException ? "it is not there" : why.toString();
    return new ModelException(ModelException.Kind.IO, what + ": " + reason, why);
  }
}
