package io.ait4j.examples.soak;

import io.ait4j.fallback.TorchTensors;
import io.ait4j.fx.dlpack.DLPack;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.SampleFile;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/**
 * {@code Soak MODELS [REQUESTS [THREADS]]}: the folder of this repository's models, 100 000
 * requests on 8 threads unless said otherwise. Prints the size of the process ten times and ends
 * with 1 if it has grown, or a result was not what it was at first.
 *
 * <p>A Java heap of fixed size ({@code -Xms512m -Xmx512m -XX:+AlwaysPreTouch}) leaves in the
 * resident size what is native.
 */
public final class Soak {
  private static final int PARTS = 10;
  private static final int LOADS = 50; // of so many requests one loads a module

  /** What the C heap may differ by at two quiet moments. */
  private static final long NOISE = 8 << 20;

  private Soak() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 1) {
      System.err.println("usage: Soak MODELS [REQUESTS [THREADS]]");
      System.exit(2);
    }
    int requests = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 8;
    Path work = Files.createTempDirectory("soak");
    System.exit(run(Path.of(args[0]), work, requests, threads, System.out) ? 0 : 1);
  }

  /** Whether the process stayed as it was. */
  static boolean run(Path models, Path work, int requests, int threads, PrintStream out)
      throws Exception {
    try (Arena arena = Arena.ofShared()) {
      Recorded resnet = recorded(models.resolve("resnet20"), work, arena);
      Recorded bert = recorded(models.resolve("bert"), work, arena);
      Recorded fnet = recorded(models.resolve("fnet"), work, arena);
      try (LoweredModule negative = SmallModels.negative(work);
          LoweredModule accumulator = SmallModels.accumulator(work, arena);
          LoweredModule shifted = SmallModels.shifted(work, arena)) {
        List<Request> kinds =
            List.of(
                Request.inArena(resnet),
                Request.inTensors(bert),
                Request.inArena(fnet),
                Request.exchanged(bert, DLPack.VERSIONED),
                Request.exchanged(fnet, new TorchTensors()),
                Request.asynchronous(resnet),
                Request.onHeap(bert),
                Request.dynamic(negative),
                Request.session(accumulator),
                Request.weights(shifted),
                Request.refused(resnet),
                Request.failing(bert));
        return isFlat(kinds, Request.loaded(fnet), requests, threads, out);
      } finally {
        List.of(resnet, bert, fnet).forEach(model -> model.module().close());
      }
    }
  }

  private static Recorded recorded(Path model, Path work, Arena arena) {
    Path file = work.resolve(model.getFileName() + ".aitm");
    try (SampleFile sample = SampleFile.open(model.resolve("io.safetensors"))) {
      ModelConversion.convert(
          model.resolve("model.pt2"),
          ImportSettings.of(sample.inputSpecs()),
          LowerSettings.DEFAULT,
          file,
          step -> {});
      return Recorded.of(
          file, sample.inputs().stream().map(input -> Recorded.copy(input, arena)).toList(), arena);
    }
  }

  /** Whether so many requests, one of each kind in turn, leave the process as it was. */
  static boolean isFlat(
      List<Request> kinds, Request load, int requests, int threads, PrintStream out)
      throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<ProcessSize> sizes = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int part = 1; part <= PARTS; part++) {
        int end = (int) ((long) requests * part / PARTS);
        List<Future<?>> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          workers.add(pool.submit(() -> work(kinds, load, next, end)));
        }
        for (Future<?> worker : workers) {
          worker.get();
        }
        next.set(end);
        sizes.add(ProcessSize.now());
        out.printf("%8d requests: %s%n", end, sizes.getLast());
      }
    }
    List<ProcessSize> first = sizes.subList(0, PARTS / 2);
    List<ProcessSize> second = sizes.subList(PARTS / 2, PARTS);
    return least(second, ProcessSize::files) <= least(first, ProcessSize::files)
        && least(second, ProcessSize::mappings) <= least(first, ProcessSize::mappings)
        && least(second, ProcessSize::malloced) <= least(first, ProcessSize::malloced) + NOISE;
  }

  /** What was there at a quiet moment: the JVM's compilers come and go. */
  private static long least(List<ProcessSize> sizes, ToLongFunction<ProcessSize> part) {
    return sizes.stream().mapToLong(part).min().orElseThrow();
  }

  private static Void work(List<Request> kinds, Request load, AtomicInteger next, int end)
      throws Exception {
    for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
      (i % LOADS == 0 ? load : kinds.get(i % kinds.size())).run(i);
    }
    return null;
  }
}
