package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes: what they load, and what becomes of them where something is missing. */
class WithoutLibtorchTest {
  @TempDir static Path folder;
  private static Path compiled;
  private static Path stitched;
  private static Path inputs;

  @BeforeAll
  static void convert() {
    TinyGraph graph = new TinyGraph().op("y", "relu", "x").op("z", "tanh", "y");
    compiled = folder.resolve("compiled.aitm");
    stitched = folder.resolve("stitched.aitm");
    try (Arena arena = Arena.ofShared()) {
      LowerSettings settings = LowerSettings.DEFAULT;
      AitLowerer.lower(graph.returns("z"), settings, arena, step -> {}).write(compiled);
      AitLowerer.lower(
              graph.returns("z"), settings.withExcludedOps(Set.of("aten::tanh")), arena, step -> {})
          .write(stitched);
    }
    inputs = folder.resolve("in.safetensors");
    Safetensors.write(inputs, Map.of("x", TinyGraph.ramp(-5)), Map.of());
  }

  private static Object[] run(Path model, Path out) {
    return new Object[] {"run", model, "--inputs", inputs, "--outputs", out};
  }

  private static float[] result(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      NativeTensor output = Safetensors.read(file, arena).tensors().get("output0");
      return TinyGraph.read(output);
    }
  }

  @Test
  void aModuleWithoutFallbackLoadsNoLibtorch() {
    Path out = folder.resolve("out1.safetensors");
    ChildJvm.Outcome child = new ChildJvm().run(MappedLibraries.class, run(compiled, out));
    assertThat(child.exit()).as(child.output()).isZero();
    assertThat(child.output()).contains(".so").doesNotContain("libtorch", "libc10", "libjnitorch");
    assertThat(result(out)[0]).isZero();
    assertThat(result(out)[6]).isEqualTo((float) Math.tanh(1), within(1e-6f));
  }

  @Test
  void theProbeSeesLibtorchWhereItIsLoaded() {
    Path out = folder.resolve("out2.safetensors");
    ChildJvm.Outcome child = new ChildJvm().run(MappedLibraries.class, run(stitched, out));
    assertThat(child.exit()).as(child.output()).isZero();
    assertThat(child.output()).contains("libtorch");
    assertThat(result(out)[6]).isEqualTo((float) Math.tanh(1), within(1e-6f));
  }

  @Test
  void aModuleWithoutFallbackNeedsNoLibtorchOnTheClassPath() {
    Path out = folder.resolve("out3.safetensors");
    ChildJvm.Outcome child =
        new ChildJvm().without("bytedeco").run(MappedLibraries.class, run(compiled, out));
    assertThat(child.exit()).as(child.output()).isZero();
    assertThat(result(out)[11]).isEqualTo((float) Math.tanh(6), within(1e-6f));
  }

  @Test
  void anExportedModelIsConvertedWithoutLibtorch() {
    Path model = Path.of("..", "examples", "models", "resnet20");
    Path out = folder.resolve("exported.aitm");
    ChildJvm.Outcome child =
        new ChildJvm()
            .without("bytedeco")
            .run(
                Main.class,
                "convert",
                model.resolve("model.pt2"),
                "--sample-inputs",
                model.resolve("io.safetensors"),
                "--verify",
                "-o",
                out);
    assertThat(child.output()).contains("agrees with PyTorch");
    assertThat(child.exit()).isZero();
  }

  @Test
  void readingTorchScriptSaysThatItNeedsLibtorch() {
    Path model = Path.of("..", "examples", "models", "resnet20");
    Path out = folder.resolve("script.aitm");
    ChildJvm.Outcome child =
        new ChildJvm()
            .without("bytedeco")
            .run(
                Main.class,
                "convert",
                model.resolve("model.pt"),
                "--sample-inputs",
                model.resolve("io.safetensors"),
                "-o",
                out);
    assertThat(child.output()).contains("TorchScript needs libtorch", "org.bytedeco:pytorch");
    assertThat(child.output().lines()).hasSize(1);
    assertThat(child.exit()).isEqualTo(3);
    assertThat(out).doesNotExist();
  }

  @Test
  void aModuleWithFallbackSaysThatItNeedsLibtorch() {
    Path out = folder.resolve("out4.safetensors");
    ChildJvm.Outcome child = new ChildJvm().without("bytedeco").run(Main.class, run(stitched, out));
    assertThat(child.output()).contains("libtorch", "org.bytedeco:pytorch");
    assertThat(child.output().lines()).hasSize(1);
    assertThat(child.exit()).isEqualTo(5);
    assertThat(out).doesNotExist();
  }

  @Test
  void noCompilerIsOneClearMessage() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("nothing"));
    Path model = Path.of("..", "examples", "models", "fnet");
    Path out = folder.resolve("fnet.aitm");
    Object[] convert = {
      "convert",
      model.resolve("model.pt"),
      "--sample-inputs",
      model.resolve("io.safetensors"),
      "-o",
      out,
      "--cache-dir",
      folder.resolve("fresh")
    };
    ChildJvm.Outcome child =
        new ChildJvm()
            .environment(Map.of("PATH", empty.toString(), "CXX", ""))
            .run(Main.class, convert);
    assertThat(child.output()).contains("no C++ compiler").contains("install");
    assertThat(child.output().lines()).hasSize(1);
    assertThat(child.exit()).isEqualTo(4);
    assertThat(out).doesNotExist();
  }

  @Test
  void aFullDiskLeavesNothingBehind() throws Exception {
    Path there = Files.createDirectory(folder.resolve("full"));
    Path model = Path.of("..", "examples", "models", "resnet20");
    ChildJvm.Outcome child =
        new ChildJvm()
            .fileLimit(600)
            .run(
                Main.class,
                "convert",
                model.resolve("model.pt"),
                "--sample-inputs",
                model.resolve("io.safetensors"),
                "-o",
                there.resolve("out.aitm"),
                "--min-partition-size=100000",
                "--exclude-op=aten::linear");
    assertThat(child.output()).contains("out.aitm cannot be written");
    assertThat(child.exit()).isEqualTo(6);
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void aFullCacheFolderLeavesNothingBehind() throws Exception {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Path out = folder.resolve("out5.safetensors");
    Object[] args = {"run", compiled, "--inputs", inputs, "--outputs", out, "--cache-dir", cache};
    ChildJvm.Outcome child = new ChildJvm().fileLimit(16).run(Main.class, args);
    assertThat(child.output()).contains("cannot unpack a library", cache.toString(), "--cache-dir");
    assertThat(child.output().lines()).hasSize(1);
    assertThat(child.exit()).isEqualTo(6);
    assertThat(cache.resolve("lib")).isEmptyDirectory();
    assertThat(out).doesNotExist();
  }
}
