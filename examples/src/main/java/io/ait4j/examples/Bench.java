package io.ait4j.examples;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.Comparison;
import io.ait4j.lower.verify.SampleFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Latency of a model in this project, in libtorch's TorchScript interpreter (as saved, frozen and
 * optimized for inference) and in ONNX Runtime, taken in turn within one process, with the same
 * number of threads for each.
 */
@Command(
    name = "Bench",
    mixinStandardHelpOptions = true,
    description = "Times a model in ait4j beside libtorch and, if there is one, its model.onnx.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all contenders were timed",
      "1:a model does not load, does not run or computes something else than recorded",
      "2:wrong use"
    })
public final class Bench implements Callable<Integer> {
  /** Other runtimes reassociate sums; beyond this a contender computes another model. */
  private static final double TOLERANCE = 1e-3;

  @Parameters(
      paramLabel = "FOLDER",
      description = "Holds model.pt, io.safetensors and, if wanted, model.onnx.")
  private Path folder;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Of each contender; ${DEFAULT-VALUE} unless given.")
  private int threads = 1;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Timed inferences of each contender; ${DEFAULT-VALUE} unless given.")
  private int runs = 100;

  @Spec private CommandSpec spec;

  private Bench() {}

  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true), args));
  }

  static int run(PrintWriter out, String... args) {
    return new CommandLine(new Bench())
        .setOut(out)
        .setExecutionExceptionHandler(
            (error, line, parsed) -> {
              if (!(error instanceof ModelException)) {
                throw error;
              }
              line.getErr().println("Bench: " + error.getMessage());
              return 1;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException {
    if (threads < 1 || runs < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--threads and --runs must be at least 1");
    }
    PeerThreads.limit(threads);
    Path aitm = Files.createTempFile("bench", ".aitm");
    List<Contender> contenders = new ArrayList<>();
    try (SampleFile sample = SampleFile.open(folder.resolve("io.safetensors"))) {
      enter(contenders, sample, aitm);
      for (Contender contender : contenders) {
        check(contender, sample);
      }
      print(new RoundRobin(runs).measure(contenders));
      return 0;
    } finally {
      contenders.reversed().forEach(Contender::close);
      Files.deleteIfExists(aitm);
    }
  }

  private void enter(List<Contender> contenders, SampleFile sample, Path aitm) {
    Path pt = folder.resolve("model.pt");
    out()
        .print(
            ModelConversion.convert(
                pt,
                ImportSettings.of(sample.inputSpecs()),
                LowerSettings.DEFAULT,
                aitm,
                progress -> {}));
    contenders.add(new AitContender(aitm, sample.inputs(), threads));
    for (TorchScriptContender.Preparation preparation : TorchScriptContender.Preparation.values()) {
      contenders.add(new TorchScriptContender(pt, sample.inputs(), threads, preparation));
    }
    Path onnx = folder.resolve("model.onnx");
    if (Files.exists(onnx)) {
      contenders.add(new OnnxRuntimeContender(onnx, sample.inputs(), threads));
    }
  }

  /** A fast wrong answer is not worth timing. */
  private void check(Contender contender, SampleFile sample) {
    try (Arena arena = Arena.ofConfined()) {
      List<NativeTensor> outputs = contender.outputs(arena);
      List<NativeTensor> recorded = sample.outputs();
      if (outputs.size() != recorded.size()) {
        throw new ModelException(
            ModelException.Kind.RUN,
            "%s yields %d outputs, but %s records %d"
                .formatted(contender.name(), outputs.size(), sample.path(), recorded.size()));
      }
      for (int i = 0; i < recorded.size(); i++) {
        int output = i;
        Comparison comparison = Comparison.of(outputs.get(i), recorded.get(i), TOLERANCE);
        comparison
            .complaint()
            .ifPresent(
                complaint -> {
                  throw new ModelException(
                      ModelException.Kind.RUN,
                      "output%d of %s %s, so that its times mean nothing"
                          .formatted(output, contender.name(), complaint));
                });
        out()
            .printf(
                "%-32s output%d agrees with PyTorch, relative error %.1e%n",
                contender.name(), i, comparison.relL2Error());
      }
    }
  }

  private void print(Map<Contender, Timing> measured) {
    double ours = measured.values().iterator().next().latencies().median();
    out()
        .printf(
            "%n%s, %d %s, %d runs each, in turn%n",
            folder.toAbsolutePath().getFileName(),
            threads,
            threads == 1 ? "thread" : "threads",
            runs);
    out()
        .printf(
            "%-32s %10s %10s %10s %10s %9s%n",
            "", "median ms", "p99 ms", "min ms", "cpu ms", "x ait4j");
    measured.entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> entry.getValue().latencies().median()))
        .forEach(entry -> row(entry.getKey(), entry.getValue(), ours));
  }

  private void row(Contender contender, Timing timing, double ours) {
    Latencies times = timing.latencies();
    out()
        .printf(
            "%-32s %10.3f %10.3f %10.3f %10.3f %9.2f%n",
            contender.name(),
            times.median(),
            times.quantile(0.99),
            times.quantile(0),
            timing.cpuMillis(),
            times.median() / ours);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
