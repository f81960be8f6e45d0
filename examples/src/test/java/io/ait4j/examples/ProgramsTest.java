package io.ait4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.SampleFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
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

  @Test
  void runModelNeedsNothingOfPyTorch() throws Exception {
    Path model = Path.of("models", "bert");
    Path aitm = work.resolve("bert.aitm");
    try (SampleFile sample = SampleFile.open(model.resolve("io.safetensors"))) {
      ModelConversion.convert(
          model.resolve("model.pt2"),
          ImportSettings.of(sample.inputSpecs()),
          LowerSettings.DEFAULT,
          aitm,
          step -> {});
    }
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .filter(entry -> !entry.contains("bytedeco"))
            .collect(Collectors.joining(":"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                RunModel.class.getName(),
                aitm.toString(),
                model.resolve("io.safetensors").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(output).isZero();
    assertThat(classPath).doesNotContain("pytorch");
    assertThat(output).startsWith("output0 float32[2, ").contains(" from ");
  }

  @Test
  void callOverheadPrintsWhatCallsCost() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CallOverhead.run(3, 500, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(3);
  }
}
