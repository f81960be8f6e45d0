package io.ait4j.compiler.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Libraries by the hash of all that went into them, in a folder that processes share. An entry is a
 * folder that appears whole, by a rename. A cache that cannot be used costs time, never a build.
 */
final class BuildCache {
  private static final Logger LOG = LoggerFactory.getLogger(BuildCache.class);
  private static final String LIBRARY = "model.so";
  private static final String HASH = "model.so.sha256";

  private final Path folder;
  private final AtomicBoolean warned = new AtomicBoolean();

  BuildCache(Path cacheDir) {
    folder = cacheDir.resolve("build");
  }

  /** The library of this key, if it is there and undamaged. */
  Optional<Path> find(String key) {
    Path library = folder.resolve(key).resolve(LIBRARY);
    try {
      String expected = Files.readString(library.resolveSibling(HASH));
      if (expected.equals(Sha256.of(library))) {
        return Optional.of(library);
      }
      LOG.warn("The cached library {} is damaged and is built again", library);
    } catch (NoSuchFileException e) {
      if (Files.isDirectory(folder.resolve(key))) {
        LOG.warn("The cached library {} is damaged and is built again", library);
      }
    } catch (IOException e) {
      warn(e);
    }
    return Optional.empty();
  }

  /** Adds a library; its place in the cache, or empty if the cache cannot take it. */
  Optional<Path> insert(String key, Path built) {
    Path entry = folder.resolve(key);
    Path draft = null;
    try {
      Files.createDirectories(folder);
      draft = Files.createTempDirectory(folder, ".draft");
      Files.copy(built, draft.resolve(LIBRARY));
      Files.writeString(draft.resolve(HASH), Sha256.of(draft.resolve(LIBRARY)));
      if (Files.exists(entry) && find(key).isEmpty()) {
        delete(entry);
      }
      try {
        Files.move(draft, entry, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) { // another process was first
        return find(key);
      }
      return Optional.of(entry.resolve(LIBRARY));
    } catch (IOException | UncheckedIOException e) {
      warn(e);
      return Optional.empty();
    } finally {
      if (draft != null) {
        deleteQuietly(draft);
      }
    }
  }

  private void warn(Exception reason) {
    if (!warned.getAndSet(true)) {
      LOG.warn(
          "The build cache {} cannot be used ({}); going on without it", folder, reason.toString());
    }
  }

  static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("Cannot delete {}", folder, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
