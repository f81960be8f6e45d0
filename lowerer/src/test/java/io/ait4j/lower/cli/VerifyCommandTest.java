package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  private static final Path RESNET = Tool.MODELS.resolve("resnet20");

  @TempDir Path folder;

  /** A copy of the model with other recordings. */
  private void model(String name, Consumer<Map<String, NativeTensor>> change) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("models").resolve(name));
    Files.copy(RESNET.resolve("model.pt"), copy.resolve("model.pt"));
    try (Arena arena = Arena.ofConfined()) {
      Map<String, NativeTensor> tensors =
          new LinkedHashMap<>(Safetensors.read(RESNET.resolve("io.safetensors"), arena).tensors());
      change.accept(tensors);
      Safetensors.write(copy.resolve("io.safetensors"), tensors, Map.of());
    }
  }

  private static NativeTensor changed(NativeTensor tensor, Consumer<MemorySegment> change) {
    MemorySegment data = Arena.ofAuto().allocate(tensor.data().byteSize()).copyFrom(tensor.data());
    change.accept(data);
    return new NativeTensor(tensor.dtype(), tensor.sizes(), tensor.strides(), data);
  }

  /** Leaves everything to libtorch, which is quick. */
  private Tool verify(Object... more) {
    Object[] args = {
      "verify",
      folder.resolve("models"),
      "--min-partition-size=100000",
      "--exclude-op=aten::linear",
      "--json",
      folder.resolve("out.json")
    };
    return Tool.run(
        java.util.stream.Stream.concat(java.util.Arrays.stream(args), java.util.Arrays.stream(more))
            .toArray());
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out.json").toFile());
  }

  @Test
  void aModelThatAgrees() throws IOException {
    model("good", tensors -> {});
    Tool tool = verify("--format=pt");
    assertThat(tool.exit()).as(tool.out()).isZero();
    assertThat(tool.out())
        .contains("good (pt)", "fallback0", "agrees with PyTorch", "1 of 1 models");
    JsonNode good = json().get(0);
    assertThat(good.fieldNames())
        .toIterable()
        .contains(
            "name",
            "format",
            "status",
            "error",
            "rel_l2_error",
            "max_abs_error",
            "nodes_ait",
            "nodes_total",
            "flops_ait_share",
            "kernels",
            "kernels_before_fusion",
            "ait_partitions",
            "fallback_partitions",
            "fallback_ops",
            "border_copies_bytes",
            "convert_seconds",
            "run_ms");
    assertThat(good.get("status").asText()).isEqualTo("ok");
    assertThat(good.get("error").isNull()).isTrue();
    assertThat(good.get("rel_l2_error").asDouble()).isPositive().isLessThan(1e-5);
    assertThat(good.get("nodes_ait").asInt()).isZero();
    assertThat(good.get("fallback_ops").get("aten::convolution").asInt()).isGreaterThan(10);
    assertThat(good.get("run_ms").asDouble()).isPositive();
  }

  @Test
  void modelsThatDoNot() throws IOException {
    model(
        "a_wrong",
        tensors ->
            tensors.computeIfPresent(
                "output0",
                (name, output) ->
                    changed(output, data -> data.setAtIndex(ValueLayout.JAVA_FLOAT, 3, 1e3f))));
    model("b_more", tensors -> tensors.put("output1", tensors.get("output0")));
    model("c_none", tensors -> tensors.remove("output0"));
    model(
        "d_nan",
        tensors ->
            tensors.computeIfPresent(
                "output0", (name, output) -> changed(output, data -> data.fill((byte) -1))));
    model("e_shape", tensors -> tensors.put("input0", tensors.get("output0")));
    Path broken = Files.createDirectories(folder.resolve("models/f_broken"));
    Files.writeString(broken.resolve("model.pt"), "no model");
    Files.copy(RESNET.resolve("io.safetensors"), broken.resolve("io.safetensors"));
    model("g_good", tensors -> {});

    Tool tool = verify("--jobs=2");
    assertThat(tool.exit()).isEqualTo(ExitCode.VERIFICATION_FAILED.code());
    assertThat(tool.out()).contains("1 of 7 models agree");
    JsonNode results = json();
    assertThat(results.findValuesAsText("name"))
        .containsExactly("a_wrong", "b_more", "c_none", "d_nan", "e_shape", "f_broken", "g_good");
    assertThat(results.findValuesAsText("status"))
        .containsExactly(
            "mismatch",
            "mismatch",
            "import_error",
            "mismatch",
            "import_error",
            "import_error",
            "ok");
    assertThat(results.get(0).get("error").asText()).contains("output0");
    assertThat(results.get(0).get("max_abs_error").asDouble()).isGreaterThan(900);
    assertThat(results.get(1).get("error").asText())
        .contains("returns 1 outputs, the recording has 2");
    assertThat(results.get(2).get("error").asText()).contains("output0");
    assertThat(results.get(3).get("error").asText()).contains("NaN");
    assertThat(results.get(5).get("error").asText()).contains("model.pt");
    assertThat(results.get(5).get("rel_l2_error").isNull()).isTrue();
  }

  @Test
  void theToleranceIsTheUsers() throws IOException {
    model("good", tensors -> {});
    assertThat(verify("--tolerance=1e-12").exit()).isEqualTo(ExitCode.VERIFICATION_FAILED.code());
    assertThat(json().get(0).get("error").asText()).contains("is above 1.0e-12");
  }

  /** The first row of each recorded tensor. */
  private void addOneRowRecording(String name) {
    Path copy = folder.resolve("models").resolve(name);
    try (Arena arena = Arena.ofConfined()) {
      Map<String, NativeTensor> rows = new LinkedHashMap<>();
      Safetensors.read(copy.resolve("io.safetensors"), arena)
          .tensors()
          .forEach(
              (tensor, value) -> {
                long[] sizes = value.sizes().clone();
                sizes[0] = 1;
                rows.put(
                    tensor, new NativeTensor(value.dtype(), sizes, value.strides(), value.data()));
              });
      Safetensors.write(copy.resolve("io_one.safetensors"), rows, Map.of());
    }
  }

  @Test
  void everyFormatOfAFolder() throws IOException {
    model("good", tensors -> {});
    Files.copy(RESNET.resolve("model.pt2"), folder.resolve("models/good/model.pt2"));
    Tool tool = verify("--format=both");
    assertThat(tool.exit()).as(tool.out()).isZero();
    assertThat(tool.out()).contains("good (pt)", "good (pt2)", "2 of 2 models");
    assertThat(json().findValuesAsText("format")).containsExactly("pt", "pt2");
    assertThat(json().findValuesAsText("file")).containsExactly("model.pt", "model.pt2");
    assertThat(json().findValuesAsText("case")).containsExactly("io.safetensors", "io.safetensors");
    assertThat(tool.out()).containsPattern("good +pt2 +ok +1 .* 0.0% +0/73 .*convolution ×");
    assertThat(verify("--format=onnx").err()).contains("model.onnx");
  }

  @Test
  void dynamicSizesAreComparedWithLibtorchWhereNothingWasRecorded() throws IOException {
    model("good", tensors -> {});
    addOneRowRecording("good");
    Tool tool = verify("--format=pt-dynamic", "--random=1");
    assertThat(tool.exit()).as(tool.out()).isZero();
    assertThat(json().findValuesAsText("case"))
        .containsExactly(
            "io.safetensors",
            "io_one.safetensors",
            "input0_d0=1",
            "input0_d0=2",
            "input0_d0=2 (drawn 1)");
    assertThat(json().findValuesAsText("reference"))
        .containsExactly("recorded", "recorded", "libtorch", "libtorch", "libtorch");
    assertThat(tool.out()).contains("agrees with libtorch", "1 of 1 models");
  }

  @Test
  void oneWrongRecordingOfADynamicModelIsEnough() throws IOException {
    model(
        "bad",
        tensors ->
            tensors.computeIfPresent(
                "output0",
                (name, output) ->
                    changed(output, data -> data.setAtIndex(ValueLayout.JAVA_FLOAT, 13, 1e3f))));
    addOneRowRecording("bad"); // the changed element is in the second row
    Tool tool = verify("--format=pt-dynamic");
    assertThat(tool.exit()).isEqualTo(ExitCode.VERIFICATION_FAILED.code());
    assertThat(json().findValuesAsText("status")).containsExactly("mismatch", "ok", "ok", "ok");
    assertThat(tool.out()).containsPattern("bad +pt +mismatch").contains("0 of 1 models");
  }
}
