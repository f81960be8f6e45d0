package io.ait4j.lower.bench;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.Comparison;
import io.ait4j.lower.verify.SampleFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Latency of a model here and in other runtimes, taken in turn within one process, each held to the
 * same number of threads, and only after their results agree.
 *
 * @param settings for what is not converted yet
 * @param threads counts to time with, one after the other
 * @param runs timed inferences of each contender
 */
public record Benchmark(LowerSettings settings, List<Peer> peers, List<Integer> threads, int runs) {
  /** Other runtimes reassociate sums; beyond this a contender computes another model. */
  private static final double TOLERANCE = 1e-3;

  public Benchmark {
    peers = List.copyOf(peers);
    threads = List.copyOf(threads);
  }

  /**
   * Times one model.
   *
   * @param progress hears what is being done, a few words at a time
   * @return one result for each count of threads
   * @throws ModelException as conversion, loading and running do; (RUN) if a contender computes
   *     something else
   */
  public List<BenchResult> measure(BenchTarget target, Consumer<String> progress) {
    if (target.isConverted()) {
      return measure(target, target.model(), progress);
    }
    Path aitm = temporary();
    try {
      convert(target, aitm, progress);
      return measure(target, aitm, progress);
    } finally {
      delete(aitm);
    }
  }

  private void convert(BenchTarget target, Path aitm, Consumer<String> progress) {
    ImportSettings imports = ImportSettings.DEFAULT;
    if (ModelFormat.of(target.model()) == ModelFormat.TORCHSCRIPT) {
      try (SampleFile sample = SampleFile.open(target.inputs())) {
        imports = ImportSettings.of(sample.inputSpecs());
      }
    }
    ModelConversion.convert(
        target.model(), imports, settings, aitm, step -> progress.accept(step.text()));
  }

  private List<BenchResult> measure(BenchTarget target, Path aitm, Consumer<String> progress) {
    List<BenchResult> results = new ArrayList<>();
    try (SampleFile sample = SampleFile.open(target.inputs())) {
      for (int count : threads) {
        progress.accept("timing %s on %d threads".formatted(target.name(), count));
        results.add(measure(target, aitm, sample, count));
      }
    }
    return results;
  }

  private BenchResult measure(BenchTarget target, Path aitm, SampleFile sample, int count) {
    List<Contender> contenders = new ArrayList<>();
    try {
      LoweredModule module = LoweredModule.load(aitm, new LoadSettings(settings.cacheDir(), count));
      Contender ours = ours(module, sample.inputs());
      contenders.add(ours);
      for (Peer peer : peers) {
        contenders.add(
            peer.enter(target, sample.inputs(), module.writtenInputs(), count, module.device()));
      }
      check(target, contenders, sample, precision(module));
      List<BenchResult.Row> rows = new ArrayList<>();
      Map<Contender, Timing> timings = new RoundRobin(runs).measure(contenders);
      double median = timings.get(ours).latencies().median();
      timings.forEach(
          (contender, timing) -> rows.add(BenchResult.Row.of(contender.name(), timing, median)));
      return new BenchResult(target.name(), count, runs, rows);
    } finally {
      contenders.reversed().forEach(Contender::close);
    }
  }

  private static Contender ours(LoweredModule module, List<NativeTensor> inputs) {
    try {
      return module.device().isCpu()
          ? new AitContender(module, inputs)
          : new GpuContender(module, inputs);
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  private static Precision precision(LoweredModule module) {
    return Precision.named(module.report().precision()).orElse(Precision.FP32);
  }

  /** A fast wrong answer is not worth timing. */
  private static void check(
      BenchTarget target, List<Contender> contenders, SampleFile sample, Precision precision) {
    try (Arena arena = Arena.ofConfined()) {
      Contender first = contenders.getFirst();
      List<NativeTensor> ours = first.outputs(arena);
      if (!sample.outputs().isEmpty()) {
        compare(target, first.name(), ours, sample.path().toString(), sample.outputs(), precision);
      }
      for (Contender peer : contenders.subList(1, contenders.size())) {
        compare(target, peer.name(), peer.outputs(arena), first.name(), ours, precision);
      }
    }
  }

  private static void compare(
      BenchTarget target,
      String who,
      List<NativeTensor> outputs,
      String reference,
      List<NativeTensor> expected,
      Precision precision) {
    if (outputs.size() != expected.size()) {
      throw different(
          target,
          "%s yields %d outputs and %s %d"
              .formatted(who, outputs.size(), reference, expected.size()));
    }
    for (int i = 0; i < expected.size(); i++) {
      int output = i;
      double tolerance =
          Math.max(
              TOLERANCE,
              Math.max(
                  Comparison.defaultTolerance(expected.get(i).dtype()),
                  Comparison.defaultTolerance(precision.digits())));
      Comparison.of(outputs.get(i), expected.get(i), tolerance)
          .complaint()
          .ifPresent(
              complaint -> {
                throw different(
                    target,
                    "output%d of %s %s, compared with %s"
                        .formatted(output, who, complaint, reference));
              });
    }
  }

  private static ModelException different(BenchTarget target, String what) {
    return new ModelException(
        ModelException.Kind.RUN,
        "%s: %s, so that times would mean nothing".formatted(target.name(), what));
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("bench", ".aitm");
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot make a temporary file: " + e.getMessage(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, file + " cannot be deleted: " + e.getMessage(), e);
    }
  }
}
