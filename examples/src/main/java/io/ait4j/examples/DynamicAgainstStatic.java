package io.ait4j.examples;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.KernelTime;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.verify.Comparison;
import io.ait4j.lower.verify.SampleFile;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What it costs that a library serves a range of sizes: times one that was converted for a range
 * beside ones of the same model that were converted for a size each, in turns, and tells kernel by
 * kernel which are slower. Times are the fastest of all rounds, on one thread.
 *
 * <p>{@code DynamicAgainstStatic IO.safetensors DYNAMIC.aitm STATIC.aitm...}; the recording's
 * elements are repeated to any size.
 */
public final class DynamicAgainstStatic {
  /** A kernel below this share of a run is not told of. */
  private static final double SMALL = 0.01;

  /** How much slower a kernel is that is told of. */
  private static final double SLOWER = 1.1;

  private final int rounds;
  private final PrintStream out;

  private DynamicAgainstStatic(int rounds, PrintStream out) {
    this.rounds = rounds;
    this.out = out;
  }

  public static void main(String[] args) {
    if (args.length < 3) {
      System.err.println("usage: DynamicAgainstStatic IO.safetensors DYNAMIC.aitm STATIC.aitm...");
      System.exit(2);
    }
    try {
      List<Path> fixed = new ArrayList<>();
      for (int i = 2; i < args.length; i++) {
        fixed.add(Path.of(args[i]));
      }
      run(Path.of(args[0]), Path.of(args[1]), fixed, 10, System.out);
    } catch (ModelException e) {
      System.err.println("DynamicAgainstStatic: " + e.getMessage());
      System.exit(1);
    }
  }

  static void run(Path samples, Path dynamic, List<Path> fixed, int rounds, PrintStream out) {
    DynamicAgainstStatic program = new DynamicAgainstStatic(rounds, out);
    LoadSettings oneThread = new LoadSettings(LoadSettings.DEFAULT.cacheDir(), 1);
    try (SampleFile sample = SampleFile.open(samples);
        LoweredModule range = LoweredModule.load(dynamic, oneThread)) {
      for (Path file : fixed) {
        try (LoweredModule one = LoweredModule.load(file, oneThread);
            Arena arena = Arena.ofConfined()) {
          out.println(file.getFileName());
          program.compare(range, one, inputs(one, sample.inputs(), arena));
        }
      }
    }
  }

  private static List<NativeTensor> inputs(
      LoweredModule module, List<NativeTensor> recorded, Arena arena) {
    List<NativeTensor> inputs = new ArrayList<>();
    for (FxValue input : module.inputs()) {
      TensorMeta type = input.tensor();
      NativeTensor from = recorded.get(inputs.size());
      long bytes = type.numel().value() * type.dtype().bytes();
      MemorySegment data = arena.allocate(Math.max(1, bytes), 64);
      for (long at = 0; at < bytes; at += from.data().byteSize()) {
        MemorySegment.copy(from.data(), 0, data, at, Math.min(from.data().byteSize(), bytes - at));
      }
      inputs.add(NativeTensor.contiguous(type.dtype(), type.sizes(), data));
    }
    return inputs;
  }

  /** The fastest run of a module so far, and of each of its kernels. */
  private static final class Fastest {
    private final LoweredModule module;
    private long run = Long.MAX_VALUE;
    private final Map<List<String>, Long> kernels = new HashMap<>();

    Fastest(LoweredModule module) {
      this.module = module;
    }

    List<NativeTensor> run(List<NativeTensor> inputs, Arena arena) {
      long start = System.nanoTime();
      List<NativeTensor> outputs = module.run(inputs, arena);
      run = Math.min(run, System.nanoTime() - start);
      return outputs;
    }

    void profile(List<NativeTensor> inputs) {
      Map<List<String>, Long> now = new HashMap<>();
      for (KernelTime kernel : module.profile(inputs)) {
        now.merge(kernel.nodes(), kernel.profile().nanos(), Long::sum);
      }
      now.forEach((nodes, nanos) -> kernels.merge(nodes, nanos, Math::min));
    }
  }

  private void compare(LoweredModule range, LoweredModule one, List<NativeTensor> inputs) {
    Fastest dynamic = new Fastest(range);
    Fastest fixed = new Fastest(one);
    for (int i = 0; i < rounds; i++) {
      try (Arena arena = Arena.ofConfined()) {
        List<NativeTensor> ours = dynamic.run(inputs, arena);
        List<NativeTensor> theirs = fixed.run(inputs, arena);
        for (int o = 0; i == 0 && o < ours.size(); o++) {
          Comparison.of(ours.get(o), theirs.get(o), 1e-5)
              .complaint()
              .ifPresent(complaint -> out.println("  outputs differ: " + complaint));
        }
      }
      dynamic.profile(inputs);
      fixed.profile(inputs);
    }
    out.printf(
        "  %.3f ms for the range, %.3f ms for the size: %.3f; the kernels alone: %.3f%n",
        dynamic.run / 1e6,
        fixed.run / 1e6,
        (double) dynamic.run / fixed.run,
        (double) total(dynamic) / total(fixed));
    List<List<String>> shared = new ArrayList<>(fixed.kernels.keySet());
    shared.retainAll(dynamic.kernels.keySet());
    double large =
        shared.stream().mapToLong(fixed.kernels::get).sum() / (double) Math.max(1, total(fixed));
    out.printf(
        "  %d of %d kernels do the same in both, for %.0f %% of the time%n",
        shared.size(), fixed.kernels.size(), 100 * large);
    shared.stream()
        .filter(nodes -> fixed.kernels.get(nodes) > SMALL * total(fixed))
        .filter(nodes -> ratio(dynamic, fixed, nodes) > SLOWER)
        .sorted(Comparator.comparingDouble(nodes -> -ratio(dynamic, fixed, nodes)))
        .forEach(
            nodes ->
                out.printf(
                    "  %.2f times as long: %s, %.1f instead of %.1f us%n",
                    ratio(dynamic, fixed, nodes),
                    String.join(" + ", nodes),
                    dynamic.kernels.get(nodes) / 1e3,
                    fixed.kernels.get(nodes) / 1e3));
  }

  private static long total(Fastest module) {
    return module.kernels.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double ratio(Fastest dynamic, Fastest fixed, List<String> nodes) {
    return (double) dynamic.kernels.get(nodes) / fixed.kernels.get(nodes);
  }
}
