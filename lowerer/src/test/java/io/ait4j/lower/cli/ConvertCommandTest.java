package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.Weight;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelReader;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user says of a model's inputs and weights, and what comes of it. */
class ConvertCommandTest {
  private static final Path SCRIPT = Tool.MODELS.resolve("resnet20/model.pt");
  private static final Path EXPORTED = Tool.MODELS.resolve("resnet20/model.pt2");
  private static final Path SAMPLE = Tool.MODELS.resolve("resnet20/io.safetensors");

  @TempDir Path folder;

  /** Leaves everything to libtorch, which is quick. */
  private Tool convert(Path model, Object... more) {
    Object[] args = {
      "convert", model, "-o", out(), "--min-partition-size=100000", "--exclude-op=aten::linear"
    };
    return Tool.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  private Path out() {
    return folder.resolve("out.aitm");
  }

  /** One image more than was recorded: the first once again. */
  private Path threeImages() {
    Path file = folder.resolve("three.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      NativeTensor two = Safetensors.read(SAMPLE, arena).tensors().get("input0");
      long image = two.data().byteSize() / 2;
      var three = arena.allocate(3 * image);
      three.asSlice(0, 2 * image).copyFrom(two.data());
      three.asSlice(2 * image).copyFrom(two.data().asSlice(0, image));
      Safetensors.write(
          file,
          Map.of("input0", NativeTensor.contiguous(two.dtype(), new long[] {3, 3, 32, 32}, three)),
          Map.of());
    }
    return file;
  }

  private void runsOnThreeImages() {
    Path results = folder.resolve("results.safetensors");
    Tool run = Tool.run("run", out(), "--inputs", threeImages(), "--outputs", results);
    assertThat(run.err()).isEmpty();
    try (Arena arena = Arena.ofConfined()) {
      NativeTensor got = Safetensors.read(results, arena).tensors().values().iterator().next();
      NativeTensor recorded = Safetensors.read(SAMPLE, arena).tensors().get("output0");
      assertThat(got.sizes()).containsExactly(3, 10);
      for (int i = 0; i < 30; i++) {
        assertThat(got.data().getAtIndex(ValueLayout.JAVA_FLOAT, i))
            .isCloseTo(recorded.data().getAtIndex(ValueLayout.JAVA_FLOAT, i % 20), within(1e-4f));
      }
    }
  }

  @Test
  void aRangeMakesASizeDynamic() {
    Tool tool = convert(SCRIPT, "--input=x=float32[batch=1..4,3,32,32]");
    assertThat(tool.exit()).as(tool.err()).isZero();
    assertThat(Tool.run("inspect", out()).out()).contains("float32[batch,3,32,32]");
    runsOnThreeImages();
  }

  @Test
  void twoRecordingsMakeDynamicWhatDiffers() {
    Tool tool = convert(SCRIPT, "--sample-inputs", SAMPLE, "--sample-inputs", threeImages());
    assertThat(tool.exit()).as(tool.err()).isZero();
    assertThat(Tool.run("inspect", out()).out()).contains("float32[input0_d0,3,32,32]");
    runsOnThreeImages();
  }

  @Test
  void anExportedModelSaysItsInputsItself() {
    Tool tool = convert(EXPORTED, "--sample-inputs", SAMPLE, "--verify");
    assertThat(tool.exit()).as(tool.err()).isZero();
    assertThat(tool.out()).contains("agrees with PyTorch");
    assertThat(convert(EXPORTED, "--input=float32[5,3,32,32]").exit())
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void weightsComeFromACheckpointByName() {
    Path weights = folder.resolve("weights.safetensors");
    Map<String, NativeTensor> tensors = new LinkedHashMap<>();
    try (ImportedModel model = ModelReader.read(EXPORTED, ImportSettings.DEFAULT)) {
      for (Weight weight : model.graph().weights().values()) {
        tensors.put(
            weight.name(),
            new NativeTensor(
                weight.meta().dtype(),
                weight.meta().sizes(),
                weight.meta().strides(Map.of()),
                weight.data()));
      }
      Safetensors.write(weights, tensors, Map.of());
      String bias =
          tensors.keySet().stream()
              .filter(name -> name.contains("linear.bias"))
              .findFirst()
              .orElseGet(() -> tensors.keySet().stream().reduce((a, b) -> b).orElseThrow());
      tensors.remove(bias);
      Path less = folder.resolve("less.safetensors");
      Safetensors.write(less, tensors, Map.of());
      Tool missing = convert(EXPORTED, "--weights", less);
      assertThat(missing.exit()).isEqualTo(ExitCode.USAGE.code());
      assertThat(missing.err()).contains(bias);
    }
    Tool same = convert(EXPORTED, "--weights", weights, "--sample-inputs", SAMPLE, "--verify");
    assertThat(same.exit()).as(same.err() + same.out()).isZero();
    Tool none = convert(EXPORTED, "--weights", folder.resolve("none.safetensors"));
    assertThat(none.exit()).isEqualTo(ExitCode.IMPORT.code());
    assertThat(none.err()).contains("none.safetensors");
  }

  @Test
  void aModelCanBeInspectedBeforeItIsConverted() {
    Tool exported = Tool.run("inspect", EXPORTED);
    assertThat(exported.exit()).as(exported.err()).isZero();
    assertThat(exported.out()).contains("ait0", "aten::convolution", "100.0% of the flops");
    assertThat(Tool.run("inspect", SCRIPT).err()).contains("--input");
    assertThat(Tool.run("inspect", SCRIPT, "--sample-inputs", SAMPLE).out()).contains("ait0");
    assertThat(Tool.run("inspect", SAMPLE).err()).contains("safetensors", "--weights");
  }

  @Test
  void choicesThatAreNone() {
    assertThat(convert(EXPORTED, "--state=somewhere").err()).contains("session or external");
  }
}
