package io.ait4j.web.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.lower.ConversionStep;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.SampledTypes;
import io.ait4j.web.process.Lifeline;
import io.ait4j.web.process.Worker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Converts one model, in a process of its own. */
public final class ConversionWorker implements Worker {
  static final String ARTIFACT = "model.aitm";
  static final String REPORT_JSON = "report.json";
  static final String REPORT_HTML = "report.html";
  static final String MEASUREMENTS = "measurements.json";

  @Override
  public void run(List<String> arguments, InputStream in, PrintStream out) throws Exception {
    WorkerTask task = new ObjectMapper().readValue(line(in), WorkerTask.class);
    Lifeline.hold(in);
    WorkerVoice voice = new WorkerVoice(task, out, stages(task));
    try {
      convert(task, voice);
      voice.done();
    } catch (ModelException e) {
      voice.failed(cause(e), e.getMessage());
    } catch (ConversionFailed e) {
      voice.failed(e.kind(), e.getMessage());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      e.printStackTrace();
      voice.failed(
          ConversionFailed.Cause.DEFECT,
          "a defect of ait4j: %s; please report it with the model".formatted(e));
    }
  }

  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toByteArray();
  }

  private static List<Stage> stages(WorkerTask task) {
    List<Stage> stages =
        new ArrayList<>(List.of(Stage.IMPORT, Stage.PARTITION, Stage.COMPILE, Stage.WRITE));
    if (!task.samples().isEmpty() && !Boolean.FALSE.equals(task.settings().verify())) {
      stages.add(Stage.VERIFY);
    }
    if (task.settings().measure()) {
      stages.add(Stage.MEASURE);
    }
    return stages;
  }

  private static void convert(WorkerTask task, WorkerVoice voice) throws ConversionFailed {
    voice.progress(Stage.IMPORT, 0, "reading the settings");
    ParsedSettings settings = ParsedSettings.of(task.settings());
    LowerSettings lowering =
        settings.lowering().withCacheDir(Path.of(task.cache())).withThreads(task.threads());
    ImportSettings imports =
        new ImportSettings(inputs(task, settings.inputs()), task.weightsFile());
    List<LoweringReport> reports =
        ModelConversion.convert(
            task.modelFile(),
            imports,
            lowering,
            settings.targets(),
            task.file(ARTIFACT),
            step -> tell(step, voice));
    OutOfMemory.check(reports);
    write(task.file(REPORT_JSON), LoweringReport.json(reports));
    write(task.file(REPORT_HTML), LoweringReport.html(reports));
    reports.forEach(report -> report.toString().lines().forEach(voice::log));
    new SampleVerification(task, lowering, voice).run();
    if (task.settings().measure()) {
      new Measuring(task, imports, lowering, voice).run();
    }
  }

  /** What the request says; else, where a model does not say it itself, what the samples are. */
  private static List<InputSpec> inputs(WorkerTask task, List<InputSpec> given) {
    return given.isEmpty()
            && !task.samples().isEmpty()
            && ModelFormat.of(task.modelFile()) == ModelFormat.TORCHSCRIPT
        ? SampledTypes.ofFiles(task.sampleFiles())
        : given;
  }

  private static void tell(ConversionStep step, WorkerVoice voice) {
    Stage stage =
        switch (step.phase()) {
          case IMPORT -> Stage.IMPORT;
          case PARTITION -> Stage.PARTITION;
          case COMPILE -> Stage.COMPILE;
          case WRITE -> Stage.WRITE;
        };
    voice.progress(stage, step.share(), step.toString());
    if (step.detail().isEmpty()) {
      voice.log(step.text());
    }
  }

  private static void write(Path file, String text) {
    WholeFile.write(file, part -> Files.writeString(part, text));
  }

  private static ConversionFailed.Cause cause(ModelException e) {
    if (OutOfMemory.told(e.getMessage())) {
      return ConversionFailed.Cause.MEMORY_LIMIT;
    }
    return switch (e.kind()) {
      case USAGE -> ConversionFailed.Cause.USAGE;
      case IMPORT -> ConversionFailed.Cause.IMPORT;
      case COMPILE -> ConversionFailed.Cause.COMPILE;
      case RUN -> ConversionFailed.Cause.RUN;
      case IO ->
          e.getMessage().contains("File too large")
              ? ConversionFailed.Cause.DISK_LIMIT
              : ConversionFailed.Cause.IO;
    };
  }
}
