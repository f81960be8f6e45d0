package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.build.Target;
import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import io.ait4j.fx.dlpack.DLPack;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Whose memory inputs and outputs are in, on this machine's GPU; needs nvcc. */
@Tag("gpu")
@EnabledIf(
    value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
    disabledReason = "no NVIDIA GPU, or no driver for it")
class CudaCallerMemoryTest {
  private static final Device GPU = Device.cuda(0);

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private LoweredModule module;
  private CudaStream stream;

  /** y = x * x, z = -y. */
  @BeforeEach
  void load() {
    Path file = folder.resolve("module.aitm");
    LowerSettings settings =
        LowerSettings.DEFAULT.withTarget(Target.parse("cuda")).withCacheDir(folder);
    AitLowerer.lower(
            new TinyGraph().op("y", "mul.Tensor", "x", "x").op("z", "neg", "y").returns("y", "z"),
            settings,
            arena,
            step -> {})
        .write(file);
    module = LoweredModule.load(file, new LoadSettings(folder, 0));
    stream = CudaDevice.of(0).stream();
  }

  @AfterEach
  void close() {
    stream.close();
    module.close();
    arena.close();
  }

  private NativeTensor onHost() {
    return NativeTensor.contiguous(DType.FLOAT32, TinyGraph.SHAPE, arena.allocate(48, 64));
  }

  private NativeTensor onDevice() {
    return DeviceTensors.allocate(DType.FLOAT32, TinyGraph.SHAPE, new long[] {4, 1}, stream, arena);
  }

  private NativeTensor uploaded(float first) {
    NativeTensor there = DeviceTensors.toDevice(TinyGraph.ramp(first), stream, arena);
    stream.synchronize();
    return there;
  }

  private float read(NativeTensor tensor) {
    NativeTensor here =
        tensor.device().isCpu() ? tensor : DeviceTensors.toHost(tensor, stream, arena);
    return TinyGraph.read(here)[1];
  }

  @Test
  void outputsGoWhereverTheCallersTensorsAre() {
    List<NativeTensor> outputs = List.of(onHost(), onDevice());
    stream.synchronize();
    module.run(List.of(TinyGraph.ramp(2)), outputs);
    assertThat(read(outputs.get(0))).isEqualTo(9);
    assertThat(read(outputs.get(1))).isEqualTo(-9);
    assertThat(module.hostDeviceCopies()).isEqualTo(new HostDeviceCopies(1, 48, 1, 48));
  }

  @Test
  void onTheDeviceNothingIsCopied() {
    List<NativeTensor> outputs = List.of(onDevice(), onDevice());
    NativeTensor x = uploaded(2);
    module.runOnDevice(List.of(x), outputs, stream);
    assertThat(read(outputs.get(1))).isEqualTo(-9);
    module.check();
    assertThat(module.hostDeviceCopies()).isEqualTo(HostDeviceCopies.NONE);
    assertThat(module.borderCopiesBytes()).isZero();
    NativeTensor inPlace = uploaded(3);
    module.runOnDevice(List.of(inPlace), List.of(onDevice(), inPlace), stream);
    assertThat(read(inPlace)).isEqualTo(-16);
  }

  @Test
  void dlpackStaysOnTheDeviceAndOutlivesTheModule() {
    AtomicInteger freed = new AtomicInteger();
    MemorySegment in = DLPack.VERSIONED.hand(uploaded(2), freed::incrementAndGet);
    List<MemorySegment> out = module.forward(List.of(in), DLPack.VERSIONED);
    DLPack.VERSIONED.release(in);
    assertThat(freed).hasValue(1);
    assertThat(module.hostDeviceCopies()).isEqualTo(HostDeviceCopies.NONE);
    module.close();
    try (Arena receiver = Arena.ofConfined()) {
      List<NativeTensor> taken =
          out.stream().map(tensor -> DLPack.VERSIONED.take(tensor, receiver)).toList();
      assertThat(taken).allSatisfy(tensor -> assertThat(tensor.device()).isEqualTo(GPU));
      assertThat(read(taken.get(0))).isEqualTo(9);
      assertThat(read(taken.get(1))).isEqualTo(-9);
    }
  }

  @Test
  void hostTensorsOfOthersComeBackToTheHost() {
    MemorySegment in = DLPack.VERSIONED.hand(TinyGraph.ramp(2), () -> {});
    List<MemorySegment> out = module.forward(List.of(in), DLPack.VERSIONED);
    assertThat(read(DLPack.VERSIONED.view(out.get(1)))).isEqualTo(-9);
    out.forEach(DLPack.VERSIONED::release);
    DLPack.VERSIONED.release(in);
  }

  @Test
  void theHeapIsCopiedOnTheWay() {
    float[] x = TinyGraph.read(TinyGraph.ramp(2));
    NativeTensor heap =
        NativeTensor.of(DType.FLOAT32, TinyGraph.SHAPE, FloatBuffer.wrap(new float[12]));
    module.run(
        List.of(NativeTensor.of(DType.FLOAT32, TinyGraph.SHAPE, FloatBuffer.wrap(x))),
        List.of(heap, onHost()));
    assertThat(heap.data().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT)[1]).isEqualTo(9);
    assertThat(module.heapCopiesBytes()).isEqualTo(2 * 48);
  }

  @Test
  void asynchronousRunsShareTheDevice() throws Exception {
    module.warmUp();
    List<CompletableFuture<List<NativeTensor>>> runs = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      runs.add(module.runAsync(List.of(TinyGraph.ramp(i)), arena));
    }
    for (int i = 0; i < 64; i++) {
      assertThat(read(runs.get(i).get().getLast())).isEqualTo(-(i + 1) * (i + 1));
    }
  }

  @Test
  void tensorsOfAnotherDeviceAreRefused() {
    NativeTensor there =
        new NativeTensor(
            DType.FLOAT32,
            TinyGraph.SHAPE,
            new long[] {4, 1},
            MemorySegment.ofAddress(0x1000),
            Device.cuda(7));
    assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(0)), List.of(there, onHost())))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is on cuda:7, and the module runs on cuda:0");
  }
}
