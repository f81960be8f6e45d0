package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line does with a file that was converted. */
class ArtifactCommandsTest {
  private static final Path MODEL = Tool.MODELS.resolve("resnet20/model.pt2");

  @TempDir Path folder;

  private Tool run(Object... args) {
    Tool tool = Tool.run(args);
    assertThat(tool.exit()).as(tool.err()).isZero();
    return tool;
  }

  @Test
  void aFileIsCheckedExportedAndCompiledAgain() throws IOException {
    Path file = folder.resolve("model.aitm");
    run("convert", MODEL, "-o", file, "--constants", "updatable");
    assertThat(run("check", file).out()).contains(file + " is whole: ");
    assertThat(run("inspect", file).out()).contains("Compiled by ").contains("GLIBC 2.");
    Path library = folder.resolve("model.so");
    assertThat(run("export", file, "--so", library).out())
        .contains("takes x: float32[2,3,32,32]")
        .contains("gives output0: float32[2,10]");
    assertThat(library).isNotEmptyFile();
    Path again = folder.resolve("again.aitm");
    run("recompile", file, "-o", again);
    assertThat(Files.mismatch(file, again)).isEqualTo(-1);
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) / 2);
    }
    Tool cut = Tool.run("check", file);
    assertThat(cut.exit()).isEqualTo(ExitCode.IMPORT.code());
    assertThat(cut.err()).contains(file + " is not a usable .aitm file");
  }
}
