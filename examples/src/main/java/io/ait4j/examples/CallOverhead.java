package io.ait4j.examples;

import com.sun.management.ThreadMXBean;
import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import io.ait4j.lower.AitLowerer;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import java.io.IOException;
import java.io.PrintStream;
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
 * takes. {@code CallOverhead cuda} only enqueues, on the first GPU, tensors of the device.
 */
public final class CallOverhead {
  private static final TensorMeta ONE = TensorMeta.contiguous(DType.FLOAT32, 1);

  private final int batches;
  private final int calls;
  private final PrintStream out;

  private CallOverhead(int batches, int calls, PrintStream out) {
    this.batches = batches;
    this.calls = calls;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    CallOverhead overhead = new CallOverhead(41, 20_000, System.out);
    if (args.length == 1 && args[0].equals("cuda")) {
      overhead.runOnDevice();
    } else {
      overhead.run();
    }
  }

  static void run(int batches, int calls, PrintStream out) throws IOException {
    new CallOverhead(batches, calls, out).run();
  }

  private void run() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      List<NativeTensor> inputs = List.of(one(arena));
      List<NativeTensor> outputs = List.of(one(arena));
      CompiledPartition compiled =
          new AitCompiler(CompilerSettings.defaults()).compile(relu(), arena);
      try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
        measure("AitModule.run", () -> module.run(inputs, outputs));
      }
      Path file = Files.createTempFile("overhead", ".aitm");
      try {
        AitLowerer.lower(relu(), LowerSettings.DEFAULT, arena, step -> {}).write(file);
        try (LoweredModule module = LoweredModule.load(file)) {
          measure("LoweredModule.run into tensors", () -> module.run(inputs, outputs));
          measure(
              "LoweredModule.run into an arena",
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

  private void runOnDevice() throws IOException {
    Path file = Files.createTempFile("overhead", ".aitm");
    LowerSettings settings = LowerSettings.DEFAULT.withTarget(Target.parse("cuda"));
    try (Arena arena = Arena.ofShared();
        CudaStream stream = CudaDevice.of(0).stream()) {
      AitLowerer.lower(relu(), settings, arena, step -> {}).write(file);
      List<NativeTensor> inputs = List.of(DeviceTensors.toDevice(one(arena), stream, arena));
      List<NativeTensor> outputs = List.of(DeviceTensors.toDevice(one(arena), stream, arena));
      try (LoweredModule module = LoweredModule.load(file)) {
        for (boolean graphs : new boolean[] {false, true}) {
          module.setGraphs(graphs);
          measure(
              graphs ? "runOnDevice, launches replayed" : "runOnDevice",
              () -> module.runOnDevice(inputs, outputs, stream));
          stream.synchronize();
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  private static FxGraph relu() {
    return new FxGraph(
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
  }

  private static NativeTensor one(Arena arena) {
    return NativeTensor.contiguous(DType.FLOAT32, new long[] {1}, arena.allocate(4, 64));
  }

  private void measure(String name, Runnable call) {
    double[] nanos = new double[batches];
    long bytes = 0;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int batch = 0; batch < batches; batch++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long begin = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        call.run();
      }
      nanos[batch] = (System.nanoTime() - begin) / (double) calls;
      bytes = (threads.getCurrentThreadAllocatedBytes() - allocated) / calls;
    }
    Arrays.sort(nanos);
    out.printf(
        "%-34s %8.3f us, fastest %8.3f us, %6d bytes of heap%n",
        name, nanos[batches / 2] / 1000, nanos[0] / 1000, bytes);
  }
}
