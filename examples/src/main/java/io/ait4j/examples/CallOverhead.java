package io.ait4j.examples;

import com.sun.management.ThreadMXBean;
import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.AitLowerer;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a call costs beside the model's own work: runs a graph of one operator on one number, in
 * batches, and prints the median batch's time for a call, and the bytes of Java heap that one
 * takes.
 */
public final class CallOverhead {
  private static final int BATCHES = 41;
  private static final int CALLS = 20_000;
  private static final TensorMeta ONE = TensorMeta.contiguous(DType.FLOAT32, 1);

  private CallOverhead() {}

  public static void main(String[] args) throws IOException {
    FxGraph graph =
        new FxGraph(
            List.of(new FxValue("x", ONE)),
            List.of(),
            List.of(
                new FxNode(
                    "y",
                    OpTarget.parse("aten::relu"),
                    List.of(new Arg.Value("x")),
                    List.of(new FxValue("y", ONE)),
                    "")),
            List.of(new Arg.Value("y")),
            Map.of());
    try (Arena arena = Arena.ofShared()) {
      List<NativeTensor> inputs = List.of(one(arena));
      List<NativeTensor> outputs = List.of(one(arena));
      CompiledPartition compiled =
          new AitCompiler(CompilerSettings.defaults()).compile(graph, arena);
      try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
        measure("AitModule.run", () -> module.run(inputs, outputs));
      }
      Path file = Files.createTempFile("overhead", ".aitm");
      try {
        AitLowerer.lower(graph, LowerSettings.DEFAULT, arena, step -> {}).write(file);
        try (LoweredModule module = LoweredModule.load(file)) {
          measure(
              "LoweredModule.run",
              () -> {
                try (Arena call = Arena.ofConfined()) {
                  module.run(inputs, call);
                }
              });
        }
      } finally {
        Files.delete(file);
      }
    }
  }

  private static NativeTensor one(Arena arena) {
    return NativeTensor.contiguous(DType.FLOAT32, new long[] {1}, arena.allocate(4, 64));
  }

  private static void measure(String name, Runnable call) {
    double[] nanos = new double[BATCHES];
    long bytes = 0;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int batch = 0; batch < BATCHES; batch++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long begin = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      nanos[batch] = (System.nanoTime() - begin) / (double) CALLS;
      bytes = (threads.getCurrentThreadAllocatedBytes() - allocated) / CALLS;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%-34s %8.3f us, fastest %8.3f us, %6d bytes of heap%n",
        name, nanos[BATCHES / 2] / 1000, nanos[0] / 1000, bytes);
  }
}
