package io.ait4j.compiler.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files by the hash of all that went into them, in a folder that processes share. An entry is a
 * folder that appears whole, by a rename, with the hash of its file; one that does not fit it is
 * none. When they take more than their share of the disk, those go that were not used for longest.
 * A cache that cannot be used costs time, never a result.
 */
public final class FileCache {
  private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);
  private static final String HASH = "sha256";
  private static final String DRAFT = ".draft";

  /** Who found an entry opens it this soon; it stays that long. */
  private static final Duration IN_USE = Duration.ofMinutes(10);

  private final Path folder;
  private final String name;
  private final long mostBytes;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param folder made when needed; null to keep nothing
   * @param name of each entry's file
   * @param mostBytes that the entries may take together, but for those in use
   */
  public FileCache(Path folder, String name, long mostBytes) {
    this.folder = folder;
    this.name = name;
    this.mostBytes = mostBytes;
  }

  /**
   * The file of this key, if it is there and undamaged. It may be evicted, but not within ten
   * minutes.
   */
  public Optional<Path> find(String key) {
    if (folder == null) {
      return Optional.empty();
    }
    Path file = folder.resolve(key).resolve(name);
    Path hash = file.resolveSibling(HASH);
    try {
      String expected = Files.readString(hash);
      touch(hash); // before it is read: an eviction under way leaves it
      if (expected.equals(Sha256.of(file))) {
        return Optional.of(file);
      }
      LOG.warn("{} in the cache is damaged and is made again", file);
    } catch (NoSuchFileException e) {
      if (Files.isDirectory(folder.resolve(key))) {
        LOG.warn("{} in the cache is damaged and is made again", file);
      }
    } catch (IOException e) {
      warn(e);
    }
    return Optional.empty();
  }

  /** One that cannot be touched, in a folder to read only, is evicted by nobody either. */
  private static void touch(Path hash) {
    try {
      Files.setLastModifiedTime(hash, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOG.debug("Cannot mark {} as used", hash, e);
    }
  }

  /** Adds a copy of a file; its place in the cache, or empty if the cache cannot take it. */
  public Optional<Path> insert(String key, Path made) {
    if (folder == null) {
      return Optional.empty();
    }
    Path entry = folder.resolve(key);
    Path draft = null;
    try {
      Files.createDirectories(folder);
      makeRoom(Files.size(made));
      draft = Files.createTempDirectory(folder, DRAFT);
      Files.copy(made, draft.resolve(name));
      Files.writeString(draft.resolve(HASH), Sha256.of(draft.resolve(name)));
      if (Files.exists(entry) && find(key).isEmpty()) {
        remove(entry);
      }
      try {
        Files.move(draft, entry, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) { // another process was first
        return find(key);
      }
      return Optional.of(entry.resolve(name));
    } catch (IOException | UncheckedIOException e) {
      warn(e);
      return Optional.empty();
    } finally {
      if (draft != null) {
        deleteQuietly(draft);
      }
    }
  }

  /** Removes the entry of this key, which its reader cannot use although it is undamaged. */
  public void discard(String key) {
    if (folder == null) {
      return;
    }
    try {
      remove(folder.resolve(key));
    } catch (IOException e) {
      warn(e);
    }
  }

  private record Entry(Path folder, long bytes, Instant used) {}

  private void makeRoom(long wanted) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> folders = Files.list(folder)) {
      for (Path entry : folders.toList()) {
        entries.add(entry(entry));
      }
    }
    long bytes = wanted + entries.stream().mapToLong(Entry::bytes).sum();
    if (bytes <= mostBytes) {
      return;
    }
    entries.sort(Comparator.comparing(Entry::used));
    Instant recent = Instant.now().minus(IN_USE);
    for (Entry entry : entries) {
      if (bytes > mostBytes && entry.used.isBefore(recent)) {
        remove(entry.folder);
        bytes -= entry.bytes;
      }
    }
  }

  /** Others may be making or removing it at this time. */
  private Entry entry(Path entry) {
    try {
      Path file = entry.resolve(name);
      Path hash = entry.resolve(HASH);
      return new Entry(
          entry,
          Files.exists(file) ? Files.size(file) : 0,
          Files.getLastModifiedTime(Files.exists(hash) ? hash : entry).toInstant());
    } catch (IOException e) {
      return new Entry(entry, 0, Instant.now());
    }
  }

  /** By a rename first, so that nobody finds half an entry. */
  private void remove(Path entry) throws IOException {
    Path gone = Files.createTempDirectory(folder, DRAFT);
    try {
      Files.move(entry, gone, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      LOG.debug("{} was removed by another process", entry);
    } finally {
      deleteQuietly(gone);
    }
  }

  private void warn(Exception reason) {
    if (!warned.getAndSet(true)) {
      LOG.warn("The cache {} cannot be used ({}); going on without it", folder, reason.toString());
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
