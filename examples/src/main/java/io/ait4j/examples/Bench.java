package io.ait4j.examples;

import io.ait4j.fx.ModelException;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Latency of a model in this project, libtorch's TorchScript interpreter and ONNX Runtime, taken in
 * turn within one process, with the same number of threads for each.
 *
 * <p>Exit codes: 0, or 1 with one line on standard error if a model does not load, does not run, or
 * computes something else than recorded.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Times model.aitm, model.pt and model.onnx of a folder beside each other.")
public final class Bench implements Callable<Integer> {
  /** Other runtimes reassociate sums; beyond this a contender computes another model. */
  private static final double TOLERANCE = 1e-3;

  @Parameters(description = "holds io.safetensors, model.pt, and optionally model.onnx")
  private Path folder;

  @Option(names = "--threads", description = "of each contender (default: ${DEFAULT-VALUE})")
  private int threads = 1;

  @Option(names = "--runs", description = "timed, of each contender (default: ${DEFAULT-VALUE})")
  private int runs = 100;

  private Bench() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(
                (error, line, parsed) -> {
                  if (!(error instanceof ModelException)) {
                    throw error;
                  }
                  line.getErr().println("bench: " + error.getMessage());
                  return 1;
                })
            .execute(args));
  }

  @Override
  public Integer call() {
    PeerThreads.limit(threads);
    List<Contender> contenders = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      RecordedIo io = RecordedIo.read(folder.resolve("io.safetensors"), arena);
      enter(contenders, io);
      for (Contender contender : contenders) {
        check(contender, io);
      }
      print(new RoundRobin(runs).measure(contenders));
      return 0;
    } finally {
      contenders.reversed().forEach(Contender::close);
    }
  }

  private void enter(List<Contender> contenders, RecordedIo io) {
    Path pt = folder.resolve("model.pt");
    for (TorchScriptContender.Preparation preparation : TorchScriptContender.Preparation.values()) {
      contenders.add(new TorchScriptContender(pt, io.inputs(), threads, preparation));
    }
    Path onnx = folder.resolve("model.onnx");
    if (Files.exists(onnx)) {
      contenders.add(new OnnxRuntimeContender(onnx, io.inputs(), threads));
    }
  }

  /** A fast wrong answer is not worth timing. */
  private static void check(Contender contender, RecordedIo io) {
    try (Arena arena = Arena.ofConfined()) {
      Agreement agreement = Agreement.of(contender.outputs(arena), io.outputs());
      System.out.printf("%-34s relative error %.1e%n", contender.name(), agreement.relativeError());
      if (!(agreement.relativeError() <= TOLERANCE)) {
        throw new ModelException(
            ModelException.Kind.RUN,
            contender.name() + " does not compute what was recorded: its times mean nothing");
      }
    }
  }

  private void print(Map<Contender, Timing> measured) {
    double ours = measured.values().iterator().next().latencies().median();
    System.out.printf(
        "%n%s, %d thread%s, %d runs each, in turn%n",
        folder.getFileName(), threads, threads == 1 ? "" : "s", runs);
    System.out.printf(
        "%-34s %10s %10s %10s %6s %8s%n",
        "", "median ms", "p99 ms", "min ms", "cores", "ratio");
    measured.entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> entry.getValue().latencies().median()))
        .forEach(
            entry -> {
              Latencies times = entry.getValue().latencies();
              System.out.printf(
                  "%-34s %10.3f %10.3f %10.3f %6.2f %7.2fx%n",
                  entry.getKey().name(),
                  times.median(),
                  times.quantile(0.99),
                  times.quantile(0),
                  entry.getValue().cores(),
                  times.median() / ours);
            });
  }
}
