package io.ait4j.web.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.KernelTime;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.bench.BesideLibtorch;
import io.ait4j.lower.verify.SampleFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Times kernels, and the whole beside libtorch on as many threads as the conversion has, on the
 * first sample or on zeros. A model that was compiled for another machine, or that libtorch cannot
 * run, is converted all the same: what could not be timed is noted.
 */
final class Measuring {
  private static final double SECONDS_OF_EACH = 1.5;
  private static final int FEWEST_RUNS = 3;
  private static final int MOST_RUNS = 50;

  private final WorkerTask task;
  private final ImportSettings imports;
  private final LowerSettings lowering;
  private final WorkerVoice voice;
  private final LoadSettings load;

  Measuring(WorkerTask task, ImportSettings imports, LowerSettings lowering, WorkerVoice voice) {
    this.task = task;
    this.imports = imports;
    this.lowering = lowering;
    this.voice = voice;
    load = new LoadSettings(task.file("tmp"), task.threads());
  }

  void run() {
    voice.progress(Stage.MEASURE, 0, "timing kernels");
    Path aitm = task.file(ConversionWorker.ARTIFACT);
    Measurements measured;
    try (LoweredModule module = LoweredModule.load(aitm, load)) {
      measured = measure(module, aitm);
    } catch (ModelException e) {
      measured = nothing(task.withoutPaths(e.getMessage()));
    }
    Measurements all = measured;
    WholeFile.write(
        task.file(ConversionWorker.MEASUREMENTS),
        part -> new ObjectMapper().writeValue(part.toFile(), all));
  }

  private Measurements measure(LoweredModule module, Path aitm) {
    // Samples are of the model's own types.
    if (!task.samples().isEmpty() && lowering.io().inputs().isEmpty()) {
      try (SampleFile sample = SampleFile.open(task.sampleFiles().getFirst());
          Arena arena = Arena.ofShared()) {
        return measure(module, aitm, "sample", sample.inputs(), arena);
      }
    }
    try (Arena arena = Arena.ofShared()) {
      return measure(module, aitm, "zeros", module.zeroInputs(arena), arena);
    }
  }

  private Measurements measure(
      LoweredModule module, Path aitm, String kind, List<NativeTensor> inputs, Arena arena) {
    module.profile(module.writable(inputs, arena)); // reads weights, warms caches up
    long start = System.nanoTime();
    module.profile(module.writable(inputs, arena));
    double seconds = (System.nanoTime() - start) / 1e9;
    int runs = (int) Math.clamp(SECONDS_OF_EACH / seconds, FEWEST_RUNS, MOST_RUNS);
    List<List<KernelTime>> profiles = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      profiles.add(module.profile(module.writable(inputs, arena)));
    }
    List<Measurements.Row> rows = rows(profiles);
    BesideLibtorch both = null;
    String note = null;
    voice.progress(Stage.MEASURE, 0.4, "timing ait4j beside libtorch");
    try {
      both =
          BesideLibtorch.measure(
              aitm, load, task.modelFile(), imports, lowering.io(), inputs, runs);
    } catch (ModelException e) {
      note = "not timed beside libtorch: " + task.withoutPaths(e.getMessage());
      voice.log(note);
    }
    return new Measurements(
        module.report().target(),
        rows,
        both == null ? null : both.ait4jMillis(),
        both == null ? null : both.libtorchMillis(),
        both == null ? null : both.how(),
        task.threads(),
        both == null ? null : both.libtorchThreads(),
        runs,
        kind,
        note);
  }

  private static List<Measurements.Row> rows(List<List<KernelTime>> profiles) {
    List<KernelTime> first = profiles.getFirst();
    double[] micros = new double[first.size()];
    double all = 0;
    for (int i = 0; i < first.size(); i++) {
      int kernel = i;
      long[] times =
          profiles.stream().mapToLong(run -> run.get(kernel).profile().nanos()).sorted().toArray();
      micros[i] = times[times.length / 2] / 1e3;
      all += micros[i];
    }
    List<Measurements.Row> rows = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      KernelTime kernel = first.get(i);
      rows.add(
          new Measurements.Row(
              kernel.partition(),
              kernel.profile().name(),
              kernel.kind(),
              kernel.nodes(),
              micros[i],
              all == 0 ? 0 : micros[i] / all));
    }
    return rows;
  }

  private Measurements nothing(String why) {
    voice.log("not timed: " + why);
    return new Measurements(
        null, List.of(), null, null, null, task.threads(), null, 0, "zeros", "not timed: " + why);
  }
}
