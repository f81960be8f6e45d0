package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedFilesTest {
  @TempDir private Path folder;

  private Path file(String name, Instant written) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "model");
    return Files.setLastModifiedTime(file, FileTime.from(written));
  }

  private CheckedFiles checked() {
    return new CheckedFiles(folder.resolve("checked"));
  }

  private void check(Path file) throws IOException {
    checked().add(file, "content", CheckedFiles.State.of(file));
  }

  @Test
  void copiesOfOneModelAreRememberedSideBySide() throws IOException {
    Path blue = file("blue", Instant.EPOCH);
    Path green = file("green", Instant.EPOCH);
    check(blue);
    check(green);
    assertThat(checked().has(blue, "content")).isTrue();
    assertThat(checked().has(green, "content")).isTrue();
    assertThat(checked().has(green, "other")).isFalse();
    try (var kept = Files.list(folder.resolve("checked"))) {
      assertThat(kept).hasSize(2);
    }
  }

  @Test
  void whatMayChangeUnseenIsNotRemembered() throws IOException {
    Path fresh = file("fresh", Instant.now().plusSeconds(60));
    check(fresh);
    assertThat(checked().has(fresh, "content")).isFalse();
  }
}
