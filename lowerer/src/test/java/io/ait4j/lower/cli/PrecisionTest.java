package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models kept in half precision on this machine's processor. */
class PrecisionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"fp16, 5e-3", "bf16, 2e-2"})
  void theRepositoryModelsAgree(String precision, double tolerance) throws IOException {
    Path json = folder.resolve("out.json");
    Tool tool =
        Tool.run("verify", "--format=pt2", "--precision=" + precision, "--json", json, Tool.MODELS);
    assertThat(tool.exit()).as(tool.out() + tool.err()).isZero();
    assertThat(new ObjectMapper().readTree(json.toFile()))
        .isNotEmpty()
        .allSatisfy(
            (JsonNode model) ->
                assertThat(model.get("rel_l2_error").asDouble())
                    .as(model.get("name").asText())
                    .isBetween(1e-5, tolerance)); // floats would have 1e-7
  }

  @Test
  void callersPassAndGetWhatTheSettingsSay() throws IOException {
    String[] types = {"--input-precision=bf16", "--output-precision=fp16"};
    Path model = Tool.MODELS.resolve("resnet20");
    assertThat(Tool.run("inspect", model.resolve("model.pt2"), types[0], types[1]).out())
        .containsPattern("ait0 .*: bfloat16\\[.*: float16\\[")
        .contains("in fp32");
    Path json = folder.resolve("out.json");
    Tool tool = Tool.run("verify", "--format=pt2", types[0], types[1], "--json", json, Tool.MODELS);
    assertThat(tool.exit()).as(tool.out() + tool.err()).isZero();
    assertThat(new ObjectMapper().readTree(json.toFile()))
        .filteredOn(one -> one.get("name").asText().equals("resnet20")) // others take integers
        .singleElement()
        .satisfies(
            (JsonNode one) ->
                assertThat(one.get("rel_l2_error").asDouble())
                    .isBetween(1e-5, 2e-2)); // of the roundings
  }

  @Test
  void inspectSaysWhatIsKeptInWhichType() {
    Path model = Tool.MODELS.resolve("bert").resolve("model.pt2");
    assertThat(Tool.run("inspect", model, "--precision=bf16").out())
        .contains("in bf16", " bfloat16");
    assertThat(Tool.run("inspect", model).out()).contains("in fp32").doesNotContain("bfloat16");
  }
}
