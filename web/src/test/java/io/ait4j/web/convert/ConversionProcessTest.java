package io.ait4j.web.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.process.WorkerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionProcessTest {
  private static final Path MODEL = Path.of("../examples/models/resnet20").toAbsolutePath();
  private static final Path CACHE = Path.of("target/cache").toAbsolutePath();
  private static final WorkerLimits LIMITS =
      new WorkerLimits(3L << 30, 1L << 30, Duration.ofMinutes(5));
  private static final ConversionSettings PLAIN = settings(List.of(), false);

  @TempDir private Path folder;
  private final Heard heard = new Heard();

  @Test
  void convertsVerifiesAndMeasures() throws Exception {
    ConversionResult result =
        new ConversionProcess(LIMITS, CACHE, 2)
            .convert(task("model.pt", true, settings(List.of(), true)), heard);
    assertThat(result.artifact()).isNotEmptyFile();
    assertThat(result.reportHtml()).content().startsWith("<!doctype html>");
    JsonNode report = new ObjectMapper().readTree(result.reportJson().toFile());
    assertThat(report.get("nodes_total").asInt()).isPositive();
    JsonNode measured = new ObjectMapper().readTree(result.measurements().orElseThrow().toFile());
    assertThat(measured.get("kernels")).isNotEmpty();
    assertThat(measured.get("ait4j_ms").asDouble()).isPositive();
    assertThat(measured.get("libtorch_ms").asDouble()).isPositive();
    assertThat(result.seconds()).containsKeys("import", "verify", "measure");
    assertThat(heard.stages).startsWith(Stage.IMPORT).endsWith(Stage.MEASURE);
    assertThat(heard.percents).isSorted();
    assertThat(heard.lines).anyMatch(line -> line.contains("sample 1 agrees"));
    assertThat(heard.lines).noneMatch(line -> line.contains(MODEL.toString()));
  }

  private ConversionTask task(String model, boolean sampled, ConversionSettings settings) {
    return new ConversionTask(
        MODEL.resolve(model),
        Optional.empty(),
        sampled ? List.of(MODEL.resolve("io.safetensors")) : List.of(),
        settings,
        "tester",
        folder);
  }

  private static ConversionSettings settings(List<String> inputs, boolean measure) {
    return new ConversionSettings(
        null, inputs, null, null, null, null, null, null, null, null, false, null, measure);
  }

  private static final class Heard implements ConversionListener {
    private final List<Stage> stages = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> percents = Collections.synchronizedList(new ArrayList<>());
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void progress(Stage stage, int percent, String message) {
      stages.add(stage);
      percents.add(percent);
    }

    @Override
    public void log(String line) {
      lines.add(line);
      System.err.println("LOG " + line);
    }
  }
}
