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
import java.util.List;
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

  /** Of a model that libtorch has a part of. */
  @Test
  void throughputSeesThatConcurrentRunsGiveWhatOneAloneGives() throws Exception {
    Path sample = Path.of("models", "fnet", "io.safetensors");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Throughput.run(fnet(), sample, 0.3, 4, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("runs a second, all to the bit"));
  }

  @Test
  void aLibraryForARangeIsTimedBesideOneForASize() {
    Path sample = Path.of("models", "fnet", "io.safetensors");
    Path aitm = fnet();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DynamicAgainstStatic.run(
        sample, aitm, List.of(aitm), 2, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("ms for the size: [0-9.]+; the kernels alone: [0-9.]+\n")
        .containsPattern("(\\d+) of \\1 kernels")
        .doesNotContain("outputs differ");
  }

  private Path fnet() {
    Path aitm = work.resolve("fnet.aitm");
    ModelConversion.convert(
        Path.of("models", "fnet", "model.pt2"),
        ImportSettings.DEFAULT,
        LowerSettings.DEFAULT,
        aitm,
        step -> {});
    return aitm;
  }
}
