package io.ait4j.web.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  @TempDir Path folder;

  @Test
  void deletesWhatIsMadeToStay() throws Exception {
    Path kept = Files.writeString(folder.resolve("kept"), "x");
    Path work = Files.createDirectories(folder.resolve("work/a/b"));
    Files.createSymbolicLink(work.resolve("link"), folder);
    Files.createSymbolicLink(folder.resolve("work/dangling"), Path.of("nowhere"));
    Files.writeString(work.resolve("file"), "x");
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(work.getParent(), PosixFilePermissions.fromString("---------"));
    // Deeper than a path can say.
    Path deep = Files.createDirectory(folder.resolve("work/deep"));
    String nest =
        "for i in $(seq 60); do mkdir %1$s && cd -P %1$s; done; : > end".formatted("d".repeat(200));
    assertThat(new ProcessBuilder("sh", "-c", nest).directory(deep.toFile()).start().waitFor())
        .isZero();

    WorkFolder.delete(folder.resolve("work"));
    assertThat(folder).isDirectoryContaining(kept::equals);
    assertThat(folder.toFile().list()).containsExactly("kept");
    WorkFolder.delete(folder.resolve("work"));
  }
}
