package io.ait4j.web.convert;

import io.ait4j.web.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the C++ compiler has made for tests, for others that are not about it: they convert as ever,
 * from reading the model to linking it.
 */
public final class CompiledBefore {
  /** What is not whole yet, here and in the caches themselves. */
  private static final String DRAFT = ".draft";

  private static final Path KEPT = Path.of("target/cache").toAbsolutePath();

  /** The parts of a cache that are kept. */
  private static final List<String> PARTS = List.of("header", "object");

  private CompiledBefore() {}

  /**
   * Adds it to an owner's cache.
   *
   * @param data the folder of the owner's server
   */
  public static void giveTo(String owner, Path data) throws IOException {
    copy(KEPT, cache(owner, data));
  }

  /** Keeps what was compiled for an owner. */
  public static void takeFrom(String owner, Path data) throws IOException {
    copy(cache(owner, data), KEPT);
  }

  private static Path cache(String owner, Path data) {
    try (OwnerCaches caches =
            new OwnerCaches(data.resolve("cache"), Long.MAX_VALUE, Optional.empty());
        OwnerCaches.Lent cache = caches.lend(owner)) {
      return cache.folder();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (String part : PARTS) {
      if (Files.exists(from.resolve(part))) {
        Files.createDirectories(to.resolve(part));
        for (Path entry : list(from.resolve(part))) {
          if (!Files.exists(to.resolve(part).resolve(entry.getFileName()))) {
            copyEntry(entry, to.resolve(part));
          }
        }
      }
    }
  }

  /** Entries appear whole, as others may look for them. */
  private static void copyEntry(Path entry, Path to) throws IOException {
    Path draft = Files.createTempDirectory(to, DRAFT);
    try {
      for (Path file : list(entry)) {
        Files.copy(file, draft.resolve(file.getFileName()));
      }
      Files.move(draft, to.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) { // somebody was first, or took the entry away
      WorkFolder.delete(draft);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> !entry.getFileName().toString().startsWith(DRAFT)).toList();
    }
  }
}
