package io.ait4j.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;

class CudaTorchModuleTest {
  private static final FxGraph GRAPH =
      new Sketch()
          .input("x", 2, 3)
          .weight("w", Sketch.floats(new long[] {3}, 10, 20, 30))
          .op("a", "aten::add.Tensor", "x", "w", 2)
          .op("t", "aten::permute", "a", List.of(1, 0))
          .returning("t", "w");

  @Test
  @DisabledIf(
      value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
      disabledReason = "this machine has a GPU")
  void libtorchForCpusSaysWhatIsMissing() {
    assertThatThrownBy(() -> new TorchModule(GRAPH, Device.cuda(0)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("for CPUs only")
        .hasMessageContaining("-Dlibtorch=cuda");
  }

  @Nested
  @Tag("gpu")
  @EnabledIf(
      value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
      disabledReason = "no NVIDIA GPU, or no driver for it")
  class OnAGpu {
    @BeforeAll
    static void libtorchIsForGpus() {
      Libtorch.load();
      assumeTrue(torch.hasCUDA(), "libtorch is the CPU build");
    }

    @Test
    void tensorsStayOnTheDeviceAndInTheStreamsOrder() {
      try (Arena arena = Arena.ofConfined();
          CudaStream stream = CudaDevice.of(0).stream();
          TorchModule module = new TorchModule(GRAPH, Device.cuda(0))) {
        NativeTensor x = Sketch.floats(new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
        NativeTensor there = DeviceTensors.toDevice(x, stream, arena);
        try (TorchResult result = module.run(List.of(there), Map.of(), stream.handle())) {
          NativeTensor sum = result.outputs().get(0);
          assertThat(sum.device()).isEqualTo(Device.cuda(0));
          assertThat(Sketch.floats(DeviceTensors.toHost(sum, stream, arena)))
              .containsExactly(21, 24, 42, 45, 63, 66);
          NativeTensor weight = result.outputs().get(1);
          assertThat(weight.address()).isEqualTo(module.weights().getFirst().address());
        }
      }
    }

    @Test
    void weightsOfRecurrentLayersAreOnePieceOnTheDevice() {
      FxGraph graph =
          new Sketch()
              .input("x", 1, 2, 3)
              .input("h", 1, 1, 2)
              .weight("wi", ramp(8, 3))
              .weight("wh", ramp(8, 2))
              .weight("bi", ramp(8))
              .weight("bh", ramp(8))
              .op(
                  List.of("y", "hn", "cn"),
                  TensorMeta.contiguous(DType.FLOAT32, 1, 2, 2),
                  "aten::lstm.input",
                  List.of(),
                  "x",
                  List.of("h", "h"),
                  List.of("wi", "wh", "bi", "bh"),
                  true,
                  1,
                  0.0,
                  false,
                  false,
                  true)
              .returning("y");
      NativeTensor x = Sketch.floats(new long[] {1, 2, 3}, 1, 2, 3, 4, 5, 6);
      NativeTensor h = Sketch.floats(new long[] {1, 1, 2}, 0.5f, -0.5f);
      try (Arena arena = Arena.ofConfined();
          CudaStream stream = CudaDevice.of(0).stream();
          TorchModule cpu = new TorchModule(graph);
          TorchModule gpu = new TorchModule(graph, Device.cuda(0));
          TorchResult expected = cpu.run(List.of(x, h));
          TorchResult result =
              gpu.run(
                  List.of(
                      DeviceTensors.toDevice(x, stream, arena),
                      DeviceTensors.toDevice(h, stream, arena)),
                  Map.of(),
                  stream.handle())) {
        float[] got =
            Sketch.floats(DeviceTensors.toHost(result.outputs().getFirst(), stream, arena));
        assertThat(got)
            .usingComparatorWithPrecision(1e-6f)
            .containsExactly(Sketch.floats(expected.outputs().getFirst()));
        long first = gpu.weights().stream().mapToLong(NativeTensor::address).min().orElseThrow();
        assertThat(gpu.weights()).allMatch(weight -> weight.address() < first + 4096);
      }
    }

    private static NativeTensor ramp(long... sizes) {
      int count = 1;
      for (long size : sizes) {
        count *= (int) size;
      }
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (i % 7 - 3) / 8f;
      }
      return Sketch.floats(sizes, values);
    }

    @Test
    void devicesThatTheGraphNamesOrLeavesOpenAreThisOne() {
      FxGraph graph =
          new Sketch()
              .input("x", 3)
              .op(
                  "named",
                  "aten::full",
                  List.of(3),
                  1.5,
                  Arg.NONE,
                  Arg.NONE,
                  new Arg.Device("cpu"),
                  Arg.NONE)
              .op("open", "aten::arange", 3, Arg.NONE, Arg.NONE, Arg.NONE, Arg.NONE)
              .op("a", "aten::add.Tensor", "x", "named", 1)
              .op("b", "aten::add.Tensor", "a", "open", 1)
              .returning("b");
      try (Arena arena = Arena.ofConfined();
          CudaStream stream = CudaDevice.of(0).stream();
          TorchModule module = new TorchModule(graph, Device.cuda(0))) {
        NativeTensor x = Sketch.floats(new long[] {3}, 1, 2, 3);
        try (TorchResult result =
            module.run(
                List.of(DeviceTensors.toDevice(x, stream, arena)), Map.of(), stream.handle())) {
          assertThat(
                  Sketch.floats(DeviceTensors.toHost(result.outputs().getFirst(), stream, arena)))
              .containsExactly(2.5f, 4.5f, 6.5f);
        }
      }
    }
  }
}
