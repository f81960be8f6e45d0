package io.ait4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir private Path work;

  @Test
  void convertAndRunComparesWithPyTorch() {
    Path aitm = work.resolve("resnet20.aitm");
    Path model = Path.of("models", "resnet20");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ConvertAndRun.run(
        model.resolve("model.pt"),
        model.resolve("io.safetensors"),
        aitm,
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(aitm).isNotEmptyFile();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("output0 float32[2, 10]\n  agrees with PyTorch");
  }
}
