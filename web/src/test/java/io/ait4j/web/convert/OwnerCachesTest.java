package io.ait4j.web.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerCachesTest {
  private static final Duration DAY = Duration.ofDays(1);

  /** An entry counts as two: a folder and a small file. */
  private static final long BLOCK = 4096;

  @TempDir private Path root;

  /** An entry of an owner's cache, used so many hours ago. */
  private static Path entry(OwnerCaches.Lent cache, String key, int hours) throws IOException {
    Path entry = Files.createDirectories(cache.folder().resolve("build").resolve(key));
    Files.write(entry.resolve("model.so"), new byte[1000]);
    Files.setLastModifiedTime(entry.resolve("model.so"), ago(hours));
    return entry;
  }

  private static FileTime ago(int hours) {
    return FileTime.from(Instant.now().minus(Duration.ofHours(hours)));
  }

  private static void used(Path cache, int hours) throws IOException {
    Files.setLastModifiedTime(cache.resolveSibling(cache.getFileName() + ".used"), ago(hours));
  }

  @Test
  void theOwnersWhoDidNothingForLongestMakeRoom() throws IOException {
    try (OwnerCaches caches = new OwnerCaches(root, 7 * BLOCK, Optional.empty());
        OwnerCaches.Lent working = caches.lend("working")) {
      Path kept = entry(working, "a", 90);
      Path idle;
      Path older;
      Path newer;
      Path ofIdle;
      try (OwnerCaches.Lent recent = caches.lend("recent");
          OwnerCaches.Lent gone = caches.lend("idle")) {
        older = entry(recent, "older", 50);
        newer = entry(recent, "newer", 40);
        idle = gone.folder();
        ofIdle = entry(gone, "a", 1);
        entry(gone, "b", 2);
        used(recent.folder(), 3);
        used(idle, 20);
        caches.tidy();
        assertThat(older).as("in use").exists();
      }
      caches.tidy();
      assertThat(idle.resolve("build").resolve("b")).doesNotExist();
      assertThat(ofIdle).doesNotExist();
      assertThat(older).exists();
      try (OwnerCaches smaller = new OwnerCaches(root, 3 * BLOCK, Optional.empty());
          OwnerCaches.Lent again = smaller.lend("working")) {
        smaller.tidy();
        assertThat(again.folder()).isEqualTo(working.folder());
        assertThat(kept).exists();
        assertThat(older).doesNotExist();
        assertThat(newer).doesNotExist();
      }
    }
  }

  @Test
  void theCacheOfWhoConvertsNothingGoes() throws IOException {
    try (OwnerCaches caches = new OwnerCaches(root, Long.MAX_VALUE, Optional.of(DAY))) {
      Path stays = lent(caches, "stays", 23);
      Path goes = lent(caches, "goes", 25);
      caches.tidy();
      assertThat(stays).exists();
      assertThat(goes).doesNotExist();
      try (OwnerCaches.Lent again = caches.lend("stays")) {
        used(again.folder(), 25);
        caches.tidy();
        assertThat(stays).as("in use").exists();
      }
      caches.tidy();
      assertThat(root).isEmptyDirectory();
    }
  }

  private static Path lent(OwnerCaches caches, String owner, int hours) throws IOException {
    try (OwnerCaches.Lent cache = caches.lend(owner)) {
      entry(cache, "a", 1);
      used(cache.folder(), hours);
      return cache.folder();
    }
  }
}
