package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.FileCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that find, insert, discard, damage and evict the same few entries at once. */
class SharedCacheTest {
  private static final int KEYS = 5;
  private static final int STEPS = 400;

  /** Room for about half of the entries. */
  private static final long MOST_BYTES = 12_000;

  @TempDir private Path folder;

  /** What is under a key, and nothing else: 1000 to 5000 bytes. */
  private static byte[] content(int key) {
    byte[] bytes = new byte[1000 * (key + 1)];
    Arrays.fill(bytes, (byte) key);
    return bytes;
  }

  private static FileCache cache(Path folder) {
    return new FileCache(folder, "data", MOST_BYTES);
  }

  /** One of the processes; its arguments are the cache's folder and a seed. */
  static final class User {
    private final Path folder;
    private final Random random;

    private User(Path folder, long seed) {
      this.folder = folder;
      random = new Random(seed);
    }

    public static void main(String[] args) throws IOException {
      new User(Path.of(args[0]), Long.parseLong(args[1])).use();
    }

    private void use() throws IOException {
      Path made = Files.createTempFile(folder.getParent(), "made", "");
      for (int step = 0; step < STEPS; step++) {
        int key = random.nextInt(KEYS);
        switch (random.nextInt(8)) {
          case 0 -> cache(folder).discard("k" + key);
          case 1 -> age(folder.resolve("k" + key).resolve("sha256"));
          case 2 -> cut(folder.resolve("k" + key).resolve("data"));
          case 3, 4 -> {
            Files.write(made, content(key));
            check(key, cache(folder).insert("k" + key, made));
          }
          default -> check(key, cache(folder).find("k" + key));
        }
      }
    }

    /** As if nobody had used it for an hour. */
    private static void age(Path file) throws IOException {
      try {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
      } catch (NoSuchFileException e) {
        return; // it is not there just now
      }
    }

    /** As if the disk had lost a part of it. */
    private static void cut(Path file) throws IOException {
      if (Files.exists(file)) {
        Path part = Files.createTempFile(outside(file), "part", "");
        Files.write(part, new byte[7]);
        try {
          Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
          Files.delete(part);
        }
      }
    }

    private static Path outside(Path file) {
      return file.getParent().getParent().getParent();
    }

    /** What is found may be gone or cut again by now, but is never another entry's. */
    private static void check(int key, Optional<Path> found) throws IOException {
      if (found.isPresent()) {
        byte[] bytes;
        try {
          bytes = Files.readAllBytes(found.get());
        } catch (NoSuchFileException e) {
          return;
        }
        if (bytes.length != 7 && !Arrays.equals(bytes, content(key))) {
          throw new IllegalStateException(key + " holds " + bytes.length + " other bytes");
        }
      }
    }
  }

  @Test
  void nobodyFindsWhatIsAnothersOrIsLeftWithout() throws Exception {
    Path shared = Files.createDirectories(folder.resolve("cache"));
    long seed = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<ChildJvm.Outcome>> users =
          LongStream.range(seed, seed + 3)
              .<Callable<ChildJvm.Outcome>>mapToObj(
                  s -> () -> new ChildJvm().run(User.class, shared, s))
              .toList();
      for (Future<ChildJvm.Outcome> user : threads.invokeAll(users)) {
        assertThat(user.get().output()).as("seed " + seed).doesNotContain("cannot be used");
        assertThat(user.get().exit()).as("seed " + seed + ": " + user.get().output()).isZero();
      }
    }
    try (Stream<Path> files = Files.list(shared)) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()))
          .as("seed " + seed)
          .isSubsetOf("k0", "k1", "k2", "k3", "k4");
    }
    for (int key = 0; key < KEYS; key++) {
      Path made = Files.write(folder.resolve("made"), content(key));
      cache(shared).insert("k" + key, made);
      assertThat(cache(shared).find("k" + key).orElseThrow()).hasBinaryContent(content(key));
    }
  }
}
