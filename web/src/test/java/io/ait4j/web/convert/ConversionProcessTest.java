package io.ait4j.web.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.process.WorkFolder;
import io.ait4j.web.process.WorkerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionProcessTest {
  private static final Path MODEL = Path.of("../examples/models/resnet20").toAbsolutePath();
  private static final String OWNER = "tester";
  private static final WorkerLimits LIMITS =
      new WorkerLimits(3L << 30, 1L << 30, Duration.ofMinutes(5));
  private static final ConversionSettings PLAIN = settings(List.of(), List.of(), false);

  @TempDir private Path folder;
  private final Heard heard = new Heard();

  @Test
  void convertsVerifiesAndMeasures() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    CompiledBefore.giveTo(OWNER, data);
    ConversionResult result =
        new ConversionProcess(LIMITS, caches(data.resolve("cache")), 2)
            .convert(task("model.pt", true, settings(List.of(), List.of(), true)), heard);
    CompiledBefore.takeFrom(OWNER, data);
    assertThat(result.artifact()).isNotEmptyFile();
    assertThat(result.reportHtml()).content().startsWith("<!doctype html>");
    JsonNode report = json(result.reportJson()).get(0);
    assertThat(report.get("nodes_total").asInt()).isPositive();
    JsonNode measured = json(result.measurements().orElseThrow());
    assertThat(measured.get("kernels")).isNotEmpty();
    assertThat(measured.get("ait4j_ms").asDouble()).isPositive();
    assertThat(measured.get("libtorch_ms").asDouble()).isPositive();
    assertThat(result.seconds()).containsKeys("import", "verify", "measure");
    assertThat(heard.stages).startsWith(Stage.IMPORT).endsWith(Stage.MEASURE);
    assertThat(heard.percents).isSorted();
    assertThat(heard.lines).anyMatch(line -> line.contains("sample 1 agrees"));
    assertThat(heard.lines).noneMatch(line -> line.contains(MODEL.toString()));
    assertThat(heard.lines).contains("reading the model");
  }

  @Test
  void reportsEachTargetAndTimesTheOneThatRunsHere() throws Exception {
    Path model = folder.resolve("tiny.pt");
    try (JitModule module = new JitModule(new QualifiedName("Tiny"))) {
      long unlike = System.nanoTime(); // any before, so that it is not in the cache
      module.define("def forward(self, x):\n  return (x + %d).relu()\n".formatted(unlike));
      module.save(model.toString());
    }
    Path data = Files.createDirectory(folder.resolve("data"));
    CompiledBefore.giveTo(OWNER, data);
    List<String> targets = List.of("cpu:x86-64-v2", "cpu:native");
    ConversionSettings settings = settings(List.of("x=float32[64,64]"), targets, true);
    ConversionResult result =
        new ConversionProcess(LIMITS, caches(data.resolve("cache")), 2)
            .convert(
                new ConversionTask(model, Optional.empty(), List.of(), settings, OWNER, folder),
                heard);
    JsonNode reports = json(result.reportJson());
    assertThat(reports.findValuesAsText("target")).isEqualTo(targets);
    assertThat(reports.findValuesAsText("nodes_ait")).containsExactly("2", "2");
    assertThat(result.reportHtml())
        .content()
        .containsOnlyOnce("</html>")
        .contains("compiled for cpu:x86-64-v2 in", "compiled for cpu:native in");
    assertThat(heard.messages)
        .anyMatch(said -> said.matches("compiling ait0 \\(1 of 1, 2 nodes\\) for cpu:native"))
        .anyMatch(said -> said.matches("compiling ait0 .* for cpu:native: \\d of \\d files"));
    assertThat(heard.stages).isSortedAccordingTo(Comparator.naturalOrder());
    JsonNode measured = json(result.measurements().orElseThrow());
    assertThat(measured.get("target").asText()).isEqualTo("cpu:native");
    assertThat(measured.get("threads").asInt()).isEqualTo(2);
    assertThat(measured.get("libtorch_threads").asInt()).isEqualTo(2);
  }

  private static OwnerCaches caches(Path root) {
    return new OwnerCaches(root, Long.MAX_VALUE, Optional.empty());
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void sparesThisServerWhenItIsKilledWhileItCompiles() throws Exception {
    Running running = start(LIMITS);
    ProcessHandle compiler = Running.compiler();
    ProcessHandle worker = running.worker();
    worker.destroyForcibly();
    ConversionFailed failed = running.failure();
    assertThat(failed.kind()).isEqualTo(ConversionFailed.Cause.CRASH);
    assertThat(failed).hasMessageContaining("signal 9");
    compiler.onExit().join();
  }

  @Test
  void endsAtOnceWhenItsThreadIsInterrupted() throws Exception {
    Running running = start(LIMITS);
    ProcessHandle compiler = Running.compiler();
    ProcessHandle worker = running.worker();
    running.thread().interrupt();
    assertThat(running.outcome().join()).isInstanceOf(InterruptedException.class);
    assertThat(Running.runs(worker)).isFalse();
    assertThat(Running.runs(compiler)).isFalse();
    int lines = heard.lines.size();
    int stages = heard.stages.size();
    WorkFolder.delete(folder);
    assertThat(heard.lines).hasSize(lines);
    assertThat(heard.stages).hasSize(stages);
  }

  @Test
  void saysWhenTimeIsOver() throws Exception {
    WorkerLimits limits = new WorkerLimits(3L << 30, 1L << 30, Duration.ofMillis(300));
    ConversionFailed failed = start(limits).failure();
    assertThat(failed.kind()).isEqualTo(ConversionFailed.Cause.TIME_LIMIT);
    assertThat(failed).hasMessageContaining("longer than the 0 seconds");
  }

  @Test
  void saysWhenMemoryIsOut() throws Exception {
    WorkerLimits limits = new WorkerLimits(120L << 20, 1L << 30, Duration.ofMinutes(5));
    assertThat(start(limits).failure().kind()).isEqualTo(ConversionFailed.Cause.MEMORY_LIMIT);
  }

  @Test
  void saysWhenTheDiskIsFull() throws Exception {
    WorkerLimits limits = new WorkerLimits(3L << 30, 200L << 10, Duration.ofMinutes(5));
    assertThat(start(limits).failure().kind()).isEqualTo(ConversionFailed.Cause.DISK_LIMIT);
  }

  @Test
  void diesWithItsServer() throws Exception {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ShortLivedServer.class.getName(),
                MODEL.resolve("model.pt2").toString(),
                folder.resolve("task").toString(),
                folder.resolve("cache").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ProcessHandle compiler = Running.compiler();
    List<ProcessHandle> all = server.descendants().toList();
    assertThat(all).contains(compiler);
    server.destroyForcibly();
    all.forEach(process -> process.onExit().join());
  }

  private Running start(WorkerLimits limits) throws Exception {
    Path cold = Files.createDirectory(folder.resolve("cache"));
    return Running.start(
        new ConversionProcess(limits, caches(cold), 1),
        new ConversionTask(
            MODEL.resolve("model.pt2"),
            Optional.empty(),
            List.of(),
            PLAIN,
            OWNER,
            Files.createDirectory(folder.resolve("task"))),
        heard);
  }

  private ConversionTask task(String model, boolean sampled, ConversionSettings settings) {
    return new ConversionTask(
        MODEL.resolve(model),
        Optional.empty(),
        sampled ? List.of(MODEL.resolve("io.safetensors")) : List.of(),
        settings,
        OWNER,
        folder);
  }

  private static ConversionSettings settings(
      List<String> inputs, List<String> targets, boolean measure) {
    return new ConversionSettings(
        null, inputs, targets, null, null, null, null, null, null, null, false, null, measure);
  }

  private static final class Heard implements ConversionListener {
    private final List<Stage> stages = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> percents = Collections.synchronizedList(new ArrayList<>());
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void progress(Stage stage, int percent, String message) {
      stages.add(stage);
      percents.add(percent);
      messages.add(message);
    }

    @Override
    public void log(String line) {
      lines.add(line);
      System.err.println("LOG " + line);
    }
  }
}
