package io.ait4j.web.convert;

import io.ait4j.fx.ModelException;
import io.ait4j.web.process.WorkFolder;
import io.ait4j.web.store.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders where compiled libraries are kept. Whoever breaks into a worker process can put
 * anything into the one that it writes to, and what lies there is loaded as code: so each owner has
 * one, and a hostile model spoils the conversions of none but its owner. Together they are bounded,
 * and one that nobody used for long goes; never while a worker has it, which could put a link to
 * elsewhere in the place of what is to go. Thread-safe.
 */
public final class OwnerCaches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerCaches.class);
  private static final Duration TIDYING = Duration.ofMinutes(10);

  /** Beside an owner's folder, where no worker writes: its time is that of the last use. */
  private static final String USED = ".used";

  private final Path root;
  private final long mostBytes;
  private final Optional<Duration> keep;
  private final Map<Path, Integer> lent = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ait4j-caches").factory());

  /**
   * @param mostBytes that all of them may take together, but for those in use
   * @param keep how long an owner's is kept unused; empty: for ever
   */
  public OwnerCaches(Path root, long mostBytes, Optional<Duration> keep) {
    this.root = root.toAbsolutePath();
    this.mostBytes = mostBytes;
    this.keep = keep;
  }

  /** Tidies now and then from now on. */
  public OwnerCaches tidied() {
    long period = TIDYING.toMillis();
    clock.scheduleWithFixedDelay(this::tidy, 0, period, TimeUnit.MILLISECONDS);
    return this;
  }

  /** An owner's folder while a worker has it. */
  final class Lent implements AutoCloseable {
    private final Path folder;

    private Lent(Path folder) {
      this.folder = folder;
    }

    Path folder() {
      return folder;
    }

    @Override
    public void close() {
      synchronized (OwnerCaches.this) {
        lent.merge(folder, -1, (count, less) -> count + less == 0 ? null : count + less);
      }
    }
  }

  /**
   * The folder of one owner, who gets nothing of a name into its path.
   *
   * @throws ModelException (IO) if it cannot be made
   */
  synchronized Lent lend(String owner) {
    byte[] hash = ContentHash.begin().digest(owner.getBytes(StandardCharsets.UTF_8));
    Path folder = root.resolve(HexFormat.of().formatHex(hash, 0, 16));
    try {
      Files.createDirectories(root);
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(mark(folder), "used");
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "the cache folder cannot be made: " + e.getMessage(), e);
    }
    lent.merge(folder, 1, Integer::sum);
    return new Lent(folder);
  }

  private static Path mark(Path folder) {
    return folder.resolveSibling(folder.getFileName() + USED);
  }

  /** What of a cache goes at once. */
  private record Entry(Path path, FileTime ownerUsed, CacheEntry content) {}

  /** Deletes what was not used for long, and what is too much. */
  synchronized void tidy() {
    try {
      List<Entry> idle = new ArrayList<>();
      long bytes = 0;
      for (Path folder : folders(root)) {
        FileTime used = used(folder);
        if (!lent.containsKey(folder) && isOld(used)) {
          WorkFolder.delete(folder);
          Files.deleteIfExists(mark(folder));
          continue;
        }
        List<Entry> entries = entries(folder, used);
        bytes += entries.stream().mapToLong(entry -> entry.content.bytes()).sum();
        if (!lent.containsKey(folder)) {
          idle.addAll(entries);
        }
      }
      evict(idle, bytes);
    } catch (IOException | RuntimeException e) { // the clock would stop
      LOG.warn("the caches in {} cannot be tidied now", root, e);
    }
  }

  /** An owner's; one whose worker made its cache unreadable loses it. */
  private List<Entry> entries(Path folder, FileTime used) throws IOException {
    try {
      List<Entry> entries = new ArrayList<>();
      for (Path entry : CacheEntry.in(folder)) {
        entries.add(new Entry(entry, used, CacheEntry.of(entry)));
      }
      return entries;
    } catch (IOException | DirectoryIteratorException e) {
      if (!lent.containsKey(folder)) { // else a worker may be at it now
        LOG.warn("the cache {} cannot be read, and goes", folder, e);
        WorkFolder.delete(folder);
      }
      return List.of();
    }
  }

  /** Those of owners go first who did nothing for longest. */
  private void evict(List<Entry> entries, long all) throws IOException {
    entries.sort(
        Comparator.comparing(Entry::ownerUsed).thenComparing(entry -> entry.content().used()));
    long bytes = all;
    for (Entry entry : entries) {
      if (bytes <= mostBytes) {
        return;
      }
      WorkFolder.delete(entry.path);
      bytes -= entry.content.bytes();
    }
  }

  private static List<Path> folders(Path root) throws IOException {
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
        for (Path one : all) {
          if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
            folders.add(one);
          }
        }
      }
    }
    return folders;
  }

  private static FileTime used(Path folder) throws IOException {
    Path mark = mark(folder);
    return Files.exists(mark)
        ? Files.getLastModifiedTime(mark)
        : FileTime.from(Instant.EPOCH); // nobody's
  }

  private boolean isOld(FileTime used) {
    return keep.isPresent() && used.toInstant().isBefore(Instant.now().minus(keep.get()));
  }

  /** Stops tidying. */
  @Override
  public void close() {
    clock.shutdownNow();
  }
}
