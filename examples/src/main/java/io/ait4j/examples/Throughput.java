package io.ait4j.examples;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.verify.SampleFile;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs one module from more and more threads at a time, tells how many runs there are in a second,
 * and that each gives to the bit what a run alone gives.
 *
 * <p>{@code Throughput MODEL.aitm IO.safetensors [SECONDS]}.
 */
public final class Throughput {
  private Throughput() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: Throughput MODEL.aitm IO.safetensors [SECONDS]");
      System.exit(2);
    }
    try {
      double seconds = args.length == 3 ? Double.parseDouble(args[2]) : 3;
      int most = 2 * Runtime.getRuntime().availableProcessors();
      run(Path.of(args[0]), Path.of(args[1]), seconds, most, System.out);
    } catch (ModelException e) {
      System.err.println("Throughput: " + e.getMessage());
      System.exit(1);
    }
  }

  static void run(Path aitm, Path samples, double seconds, int most, PrintStream out)
      throws Exception {
    try (SampleFile sample = SampleFile.open(samples);
        LoweredModule module = LoweredModule.load(aitm);
        Arena arena = Arena.ofShared()) {
      List<NativeTensor> alone = module.run(sample.inputs(), arena);
      for (int callers = 1; callers <= most; callers *= 2) {
        double rate = rate(module, sample.inputs(), alone, callers, seconds);
        out.printf(
            "%d caller%s: %.1f runs a second, all to the bit as one alone%n",
            callers, callers == 1 ? "" : "s", rate);
      }
    }
  }

  /** Runs a second of all callers together. */
  private static double rate(
      LoweredModule module,
      List<NativeTensor> inputs,
      List<NativeTensor> alone,
      int callers,
      double seconds)
      throws Exception {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long runs = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        counts.add(threads.submit(() -> runUntil(end, module, inputs, alone)));
      }
      for (Future<Long> count : counts) {
        runs += count.get();
      }
    }
    return runs * 1e9 / (System.nanoTime() - start);
  }

  private static long runUntil(
      long end, LoweredModule module, List<NativeTensor> inputs, List<NativeTensor> alone) {
    long runs = 0;
    do {
      try (Arena arena = Arena.ofConfined()) {
        List<NativeTensor> outputs = module.run(inputs, arena);
        for (int i = 0; i < outputs.size(); i++) {
          if (outputs.get(i).data().mismatch(alone.get(i).data()) >= 0) {
            throw new IllegalStateException("output " + i + " differs from that of a run alone");
          }
        }
      }
      runs++;
    } while (System.nanoTime() < end);
    return runs;
  }
}
