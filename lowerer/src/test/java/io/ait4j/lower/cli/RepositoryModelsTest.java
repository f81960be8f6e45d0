package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, and what it promises. */
class RepositoryModelsTest {
  @TempDir Path folder;

  @Test
  void allAgreeAndSplitAsTheyShould() throws IOException {
    Path json = folder.resolve("out.json");
    Tool tool = Tool.run("verify", "--format", "pt", "--json", json, Tool.MODELS);
    assertThat(tool.exit()).as(tool.out() + tool.err()).isZero();
    Map<String, JsonNode> models = new HashMap<>();
    new ObjectMapper()
        .readTree(json.toFile())
        .forEach(model -> models.put(model.get("name").asText(), model));
    assertThat(models).containsOnlyKeys("bert", "fnet", "resnet20");
    models.forEach(
        (name, model) -> {
          assertThat(model.get("border_copies_bytes").asLong()).as(name).isZero();
          boolean stitched = name.equals("fnet");
          assertThat(model.get("ait_partitions").asInt()).as(name).isEqualTo(stitched ? 2 : 1);
          assertThat(model.get("fallback_partitions").asInt()).as(name).isEqualTo(stitched ? 1 : 0);
        });
  }

  @Test
  void aConvertedModelGivesWhatVerifyPromises() throws IOException {
    Path model = Tool.MODELS.resolve("fnet/model.pt");
    Path sample = Tool.MODELS.resolve("fnet/io.safetensors");
    Path aitm = folder.resolve("fnet.aitm");
    Path report = folder.resolve("fnet.json");
    Tool convert =
        Tool.run(
            "convert",
            model,
            "--sample-inputs",
            sample,
            "-o",
            aitm,
            "--verify",
            "--report",
            report);
    assertThat(convert.exit()).as(convert.err()).isZero();
    assertThat(convert.out()).contains("fallback0", "aten::fft_fft2 ×1", "agrees with PyTorch");
    assertThat(report).content().contains("\"flops_ait_share\"");

    Path out = folder.resolve("out.safetensors");
    assertThat(Tool.run("run", aitm, "--inputs", sample, "--outputs", out).exit()).isZero();
    assertThat(out).isNotEmptyFile();

    Tool inspect = Tool.run("inspect", aitm);
    assertThat(inspect.exit()).isZero();
    assertThat(inspect.out())
        .contains(
            "ait0 launches", "fft_fft2 aten::fft_fft2 in fallback0", "= placeholder", "return ");
    String json = Tool.run("inspect", "--json", aitm).out();
    assertThat(new ObjectMapper().readTree(json).path("nodes").isArray()).isTrue();
  }
}
