package io.ait4j.lower.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.bench.BenchResult;
import io.ait4j.lower.bench.BenchTarget;
import io.ait4j.lower.bench.Benchmark;
import io.ait4j.lower.bench.Peer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j bench PATH...}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Times models beside their peers: in one process, a few inferences each in turn, each held"
            + " to the same number of threads, and only after all have computed the same. A model is"
            + " an .aitm file, one that is converted first, or a folder that holds model.aitm,"
            + " model.pt, model.pt2 or model.onnx and io.safetensors. On a GPU, inputs and outputs"
            + " stay on the device, and its own clock is told too.")
final class BenchCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Model files, or folders to look in and under.")
  private List<Path> paths;

  @Option(
      names = "--peer",
      paramLabel = "NAME[=FILE]",
      description =
          "Also time libtorch, libtorch-frozen or libtorch-optimized (its TorchScript interpreter)"
              + " or onnxruntime; without =FILE on the model.pt or model.onnx beside the model."
              + " Repeat for more.")
  private List<String> peers = List.of();

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of each; 1,2 for one table after the other. Default: 1.")
  private List<Integer> threads;

  @Option(
      names = "--inputs",
      paramLabel = "IO.safetensors",
      description =
          "Tensors input0, input1, ...; output0, ... are compared with. Default: io.safetensors"
              + " beside the model.")
  private Path inputs;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "100",
      description = "Timed inferences of each. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write an array of one object for each model and number of threads.")
  private Path json;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Where compiled libraries are kept. Default: ait4j in the user's cache folder.")
  private Path cacheDir;

  @Mixin private TargetOptions target;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (runs < 1 || threads.stream().anyMatch(count -> count < 1)) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--runs and --threads take numbers from 1 on");
    }
    if (json != null) {
      WholeFile.requirePlace(json);
    }
    List<BenchTarget> targets = BenchTarget.under(paths, Optional.ofNullable(inputs));
    List<Peer> contenders = peers.stream().map(Peer::parse).toList();
    LowerSettings settings =
        LowerSettings.DEFAULT.withTarget(target.target()).withPrecision(target.precision());
    Benchmark benchmark =
        new Benchmark(
            cacheDir == null ? settings : settings.withCacheDir(cacheDir),
            contenders,
            threads,
            runs);
    List<BenchResult> results = new ArrayList<>();
    ExitCode code = ExitCode.OK;
    try (Progress progress = Progress.start()) {
      for (BenchTarget target : targets) {
        try {
          List<BenchResult> measured = benchmark.measure(target, progress);
          results.addAll(measured);
          progress.clear();
          measured.forEach(result -> print(BenchText.of(result)));
        } catch (ModelException e) {
          if (targets.size() == 1) {
            throw e;
          }
          progress.clear();
          spec.commandLine().getErr().println("ait4j: " + target.name() + ": " + e.getMessage());
          code = code == ExitCode.OK ? ExitCode.of(e) : code;
        }
      }
    }
    if (results.size() > 1) {
      print(BenchText.summary(results));
    }
    if (json != null) {
      WholeFile.write(
          json, part -> Files.writeString(part, JSON.writeValueAsString(results) + "\n"));
    }
    return code.code();
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
