package io.ait4j.examples.sweep;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.fx.ModelException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * Times matrix products or convolutions in half precision on this machine's GPU, each as a library
 * of its own, beside PyTorch's in the same run, and says what the cost model would have chosen.
 *
 * <p>{@code KernelSweep gemm|conv [NAMES] [PEER...]}, where NAMES is a regular expression that
 * problems' names contain: {@code KernelSweep gemm . python3 examples/torch_kernels.py} times all
 * products.
 */
public final class KernelSweep {
  private static final int AT_ONCE = 8;

  private KernelSweep() {}

  public static void main(String[] args) {
    Optional<Suite> suite = args.length == 0 ? Optional.empty() : Suite.named(args[0]);
    if (suite.isEmpty()) {
      System.err.println("usage: KernelSweep gemm|conv [NAMES] [PEER...]");
      System.exit(2);
    }
    Pattern names = Pattern.compile(args.length < 2 ? "" : args[1]);
    List<Problem> problems =
        suite.get().problems().stream().filter(p -> names.matcher(p.name()).find()).toList();
    List<String> peer = Arrays.asList(args).subList(Math.min(2, args.length), args.length);
    try {
      run(problems, peer, System.out);
    } catch (ModelException e) {
      System.err.println("KernelSweep: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(List<Problem> problems, List<String> peer, PrintStream out) {
    CompilerSettings settings =
        CompilerSettings.defaults()
            .withTarget(CudaTarget.ofThisMachine())
            .withPrecision(Precision.FP16);
    List<SweepRow> rows = new ArrayList<>();
    try (Arena arena = Arena.ofShared();
        TorchPeer torch = peer.isEmpty() ? null : new TorchPeer(peer);
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
      MemorySegment random = random(arena);
      List<Future<Built>> all =
          problems.stream()
              .map(p -> pool.submit(() -> Built.of(p, settings, random, arena)))
              .toList();
      List<Built> built = new ArrayList<>();
      for (Future<Built> one : all) { // all, before any is timed
        built.add(get(one));
      }
      out.println(SweepRow.titles());
      KernelClock clock = new KernelClock(random);
      for (Built one : built) {
        double micros = clock.micros(one);
        Optional<Double> theirs = torch == null ? Optional.empty() : torch.micros(one);
        rows.add(new SweepRow(one, micros, theirs));
        out.println(rows.getLast());
      }
    }
    summary(rows, out);
  }

  private static Built get(Future<Built> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ModelException failed
          ? failed
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException(ModelException.Kind.RUN, "the sweep was cancelled", e);
    }
  }

  /** Halves between -1 and 1: zeros would be multiplied faster. */
  private static MemorySegment random(Arena arena) {
    Random random = new Random(0);
    int count = (1 << 20) + 24; // rows of weights are not all alike
    MemorySegment data = arena.allocate(count * 2L, 64);
    for (int i = 0; i < count; i++) {
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(random.nextFloat() * 2 - 1));
    }
    return data;
  }

  private static void summary(List<SweepRow> rows, PrintStream out) {
    rows.stream()
        .flatMap(row -> row.ratio().stream())
        .mapToDouble(Math::log)
        .average()
        .ifPresent(mean -> out.printf("torch/ours, geometric mean: %.2f%n", Math.exp(mean)));
    rows.stream()
        .flatMap(row -> row.loss().stream())
        .mapToDouble(Double::doubleValue)
        .max()
        .ifPresent(worst -> out.printf("the cost model's largest loss: %.0f%%%n", 100 * worst));
  }
}
