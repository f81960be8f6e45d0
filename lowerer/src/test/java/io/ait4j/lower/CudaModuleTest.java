package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.build.Target;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Modules on this machine's GPU; needs nvcc. */
@Tag("gpu")
@EnabledIf(
    value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
    disabledReason = "no NVIDIA GPU, or no driver for it")
class CudaModuleTest {
  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
  }

  private LoweredModule load(FxGraph graph) {
    Path file = folder.resolve("module.aitm");
    LowerSettings settings =
        LowerSettings.DEFAULT
            .withTarget(Target.parse("cuda"))
            .withCacheDir(folder)
            .withRequireFull(true);
    AitLowerer.lower(graph, settings, arena, step -> {}).write(file);
    return LoweredModule.load(file, new LoadSettings(folder, 0));
  }

  private static FxGraph squares() {
    return new TinyGraph()
        .op("s", "mul.Tensor", "x", "x")
        .op("y", "add.Tensor", "s", "x")
        .returns("y");
  }

  @Test
  void inputsAndOutputsOfTheHostCrossOnce() {
    try (LoweredModule module = load(squares())) {
      assertThat(module.device()).isEqualTo(Device.cuda(0));
      for (int run = 1; run <= 3; run++) {
        List<NativeTensor> outputs = module.run(List.of(TinyGraph.ramp(run)), arena);
        assertThat(outputs.getFirst().device()).isEqualTo(Device.CPU);
        assertThat(TinyGraph.read(outputs.getFirst())[1])
            .isEqualTo((run + 1) * (run + 1) + run + 1);
        assertThat(module.hostDeviceCopies())
            .isEqualTo(new HostDeviceCopies(run, run * 48L, run, run * 48L));
      }
    }
  }

  @Test
  void tensorsOfTheDeviceStayThere() {
    try (LoweredModule module = load(squares());
        CudaStream stream = CudaDevice.of(0).stream()) {
      module.setGraphs(true);
      NativeTensor x = DeviceTensors.toDevice(TinyGraph.ramp(2), stream, arena);
      for (int run = 0; run < 5; run++) {
        try (Arena outputs = Arena.ofConfined()) {
          NativeTensor y = module.runOnDevice(List.of(x), stream, outputs).getFirst();
          assertThat(y.device()).isEqualTo(Device.cuda(0));
          assertThat(TinyGraph.read(DeviceTensors.toHost(y, stream, outputs))[0]).isEqualTo(6);
        }
      }
      module.check();
      assertThat(module.hostDeviceCopies().bytes()).isZero();
    }
  }

  @Test
  void manyThreadsRunAtOnce() {
    try (LoweredModule module = load(squares())) {
      IntStream.range(0, 64)
          .parallel()
          .forEach(
              i ->
                  assertThat(
                          TinyGraph.read(module.run(List.of(TinyGraph.ramp(i)), arena).getFirst())[
                              0])
                      .isEqualTo(i * i + i));
    }
  }

  @Test
  void stateStaysOnTheDeviceFromRunToRun() {
    FxGraph graph =
        new TinyGraph()
            .input("x", TinyGraph.TYPE)
            .input("total", TinyGraph.TYPE)
            .op("next", "add.Tensor", "total", "x")
            .op("y", "mul.Tensor", "next", "x")
            .returns("y", "next");
    Weight initial = new Weight("total", TinyGraph.TYPE, TinyGraph.ramp(100).data());
    FxGraph stateful =
        graph.withSignature(
            new GraphSignature(
                List.of("product"),
                List.of(new GraphSignature.State("total", 1, initial)),
                List.of(),
                List.of()));
    try (LoweredModule module = load(stateful);
        CudaStream one = CudaDevice.of(0).stream();
        CudaStream two = CudaDevice.of(0).stream();
        Session session = module.session()) {
      NativeTensor x = TinyGraph.ramp(2);
      assertThat(TinyGraph.read(session.run(List.of(x), arena).getFirst())[0]).isEqualTo(2 * 102);
      NativeTensor there = DeviceTensors.toDevice(x, one, arena);
      one.synchronize();
      for (int i = 0; i < 4; i++) {
        CudaStream stream = i % 2 == 0 ? one : two;
        NativeTensor y = session.runOnDevice(List.of(there), stream, arena).getFirst();
        assertThat(TinyGraph.read(DeviceTensors.toHost(y, stream, arena))[0])
            .isEqualTo(2 * (104 + 2 * i));
      }
      assertThat(TinyGraph.read(session.run(List.of(x), arena).getFirst())[0]).isEqualTo(2 * 112);
      assertThat(TinyGraph.read(session.state("total", arena))[0]).isEqualTo(112);
      assertThat(module.hostDeviceCopies().toDevice()).isEqualTo(2);
    }
  }

  @Test
  void anIndexOutOfRangeFailsTheRunAndNotTheNext() {
    FxGraph graph =
        new TinyGraph()
            .input("table", TinyGraph.TYPE)
            .input("i", TensorMeta.contiguous(DType.INT64, 2))
            .op(
                "y",
                TensorMeta.contiguous(DType.FLOAT32, 2, 4),
                "index_select",
                new Arg.Value("table"),
                new Arg.Int(0),
                new Arg.Value("i"))
            .returns("y");
    try (LoweredModule module = load(graph)) {
      NativeTensor wrong = indices(0, 3);
      assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(0), wrong), arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("index 3 is out of range")
          .hasMessageContaining("size 3");
      List<NativeTensor> outputs = module.run(List.of(TinyGraph.ramp(0), indices(2, 1)), arena);
      assertThat(outputs.getFirst().data().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(8);
      try (CudaStream stream = CudaDevice.of(0).stream()) {
        module.runOnDevice(List.of(TinyGraph.ramp(0), wrong), stream, arena);
        stream.synchronize();
        assertThatThrownBy(module::check).hasMessageContaining("out of range");
        module.check();
      }
    }
  }

  private static NativeTensor indices(long... values) {
    return NativeTensor.contiguous(
        DType.INT64,
        new long[] {values.length},
        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, values));
  }
}
