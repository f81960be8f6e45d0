package io.ait4j.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  @TempDir private Path folder;

  private FileCache cache(long mostBytes) {
    return new FileCache(folder.resolve("cache"), "data", mostBytes);
  }

  private Path file(int bytes) throws IOException {
    return Files.write(folder.resolve("made"), new byte[bytes]);
  }

  private void used(String key, Duration ago) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve("cache").resolve(key).resolve("sha256"),
        FileTime.from(Instant.now().minus(ago)));
  }

  @Test
  void findsWhatWasInsertedAndNothingElse() throws IOException {
    assertThat(cache(1000).find("a")).isEmpty();
    assertThat(cache(1000).insert("a", file(10))).isPresent();
    assertThat(cache(1000).find("a").orElseThrow()).hasSize(10);
    assertThat(cache(1000).find("b")).isEmpty();
  }

  @Test
  void aDamagedEntryIsNoneAndIsReplaced() throws IOException {
    Path there = cache(1000).insert("a", file(10)).orElseThrow();
    Files.write(there, new byte[9]);
    assertThat(cache(1000).find("a")).isEmpty();
    Files.delete(there);
    assertThat(cache(1000).find("a")).isEmpty();
    cache(1000).insert("a", file(10));
    assertThat(cache(1000).find("a").orElseThrow()).hasSize(10);
  }

  @Test
  void evictsWhatWasNotUsedForLongestButNothingInUse() throws IOException {
    FileCache cache = cache(100);
    for (String key : new String[] {"old", "older", "new"}) {
      cache.insert(key, file(30));
    }
    used("old", Duration.ofHours(1));
    used("older", Duration.ofHours(2));
    cache.insert("last", file(30));
    assertThat(cache.find("older")).isEmpty();
    assertThat(cache.find("old")).isPresent(); // and so it is in use
    cache.insert("large", file(90));
    assertThat(cache.find("old")).isPresent();
    assertThat(cache.find("large")).isPresent();
  }

  @Test
  void withoutAFolderKeepsNothing() throws IOException {
    FileCache none = new FileCache(null, "data", 100);
    assertThat(none.insert("a", file(10))).isEmpty();
    assertThat(none.find("a")).isEmpty();
  }
}
