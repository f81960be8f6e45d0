package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.fallback.TorchTensors;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.dlpack.DLPack;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose memory inputs and outputs are in, and what of it is copied. */
class CallerMemoryTest {
  @TempDir static Path folder;
  private static LoweredModule module;

  private final Arena arena = Arena.ofAuto();

  /** y = relu(x), compiled; t = tanh(y), on libtorch; z = -t, compiled; x itself. */
  @BeforeAll
  static void load() {
    Path file = folder.resolve("model.aitm");
    try (Arena work = Arena.ofShared()) {
      LowerSettings settings = LowerSettings.DEFAULT.withExcludedOps(Set.of("aten::tanh"));
      AitLowerer.lower(
              new TinyGraph()
                  .op("y", "relu", "x")
                  .op("t", "tanh", "y")
                  .op("z", "neg", "t")
                  .returns("y", "t", "z", "x"),
              settings,
              work,
              step -> {})
          .write(file);
    }
    module = LoweredModule.load(file);
  }

  @AfterAll
  static void close() {
    module.close();
  }

  private NativeTensor empty() {
    return NativeTensor.contiguous(DType.FLOAT32, TinyGraph.SHAPE, arena.allocate(48, 64));
  }

  private List<NativeTensor> four() {
    return new ArrayList<>(List.of(empty(), empty(), empty(), empty()));
  }

  private static void assertResults(float first, List<NativeTensor> outputs) {
    for (int i = 0; i < 12; i++) {
      float y = Math.max(0, first + i);
      assertThat(TinyGraph.read(outputs.get(0))[i]).isEqualTo(y);
      assertThat(TinyGraph.read(outputs.get(1))[i]).isEqualTo((float) Math.tanh(y), within(1e-6f));
      assertThat(TinyGraph.read(outputs.get(2))[i]).isEqualTo(-TinyGraph.read(outputs.get(1))[i]);
      assertThat(TinyGraph.read(outputs.get(3))[i]).isEqualTo(first + i);
    }
  }

  private long copied(Runnable run) {
    long before = module.borderCopiesBytes();
    run.run();
    return module.borderCopiesBytes() - before;
  }

  @Test
  void librariesWriteIntoTheCallersTensors() {
    List<NativeTensor> outputs = four();
    // What libtorch makes, and the input that is returned, are copied; the rest is written there.
    assertThat(copied(() -> module.run(List.of(TinyGraph.ramp(-5)), outputs))).isEqualTo(2 * 48);
    assertResults(-5, outputs);
    assertThat(module.outputTypes()).containsOnly(Optional.of(TinyGraph.TYPE));
  }

  @Test
  void anOutputMayBeWhereTheInputIs() {
    NativeTensor x = TinyGraph.ramp(-5);
    List<NativeTensor> outputs = four();
    outputs.set(2, x);
    module.run(List.of(x), outputs);
    assertResults(-5, outputs);
  }

  @Test
  void anOutputOfOtherStridesIsCopied() {
    List<NativeTensor> outputs = four();
    MemorySegment columns = arena.allocate(48, 64);
    outputs.set(0, new NativeTensor(DType.FLOAT32, TinyGraph.SHAPE, new long[] {1, 3}, columns));
    assertThat(copied(() -> module.run(List.of(TinyGraph.ramp(-5)), outputs))).isEqualTo(3 * 48);
    assertThat(columns.getAtIndex(ValueLayout.JAVA_FLOAT, 2 + 3 * 3)).isEqualTo(6);
  }

  @Test
  void directBuffersAreUsedWhereTheyAre() {
    ByteBuffer in = ByteBuffer.allocateDirect(48).order(ByteOrder.nativeOrder());
    FloatBuffer out = ByteBuffer.allocateDirect(48).order(ByteOrder.nativeOrder()).asFloatBuffer();
    in.asFloatBuffer().put(TinyGraph.read(TinyGraph.ramp(-5)));
    List<NativeTensor> outputs = four();
    outputs.set(0, NativeTensor.of(DType.FLOAT32, TinyGraph.SHAPE, out));
    long heap = module.heapCopiesBytes();
    module.run(List.of(NativeTensor.of(DType.FLOAT32, TinyGraph.SHAPE, in)), outputs);
    assertThat(out.get(11)).isEqualTo(6);
    assertThat(module.heapCopiesBytes()).isEqualTo(heap);
  }

  @Test
  void theHeapIsCopiedAndCounted() {
    float[] x = TinyGraph.read(TinyGraph.ramp(-5));
    float[] y = new float[14];
    List<NativeTensor> outputs = four();
    outputs.set(
        0, NativeTensor.of(DType.FLOAT32, TinyGraph.SHAPE, FloatBuffer.wrap(y).slice(1, 12)));
    long before = module.heapCopiesBytes();
    module.run(
        List.of(NativeTensor.of(DType.FLOAT32, TinyGraph.SHAPE, FloatBuffer.wrap(x))), outputs);
    assertResults(-5, outputs.subList(0, 4).stream().map(this::offHeap).toList());
    assertThat(y[12]).isEqualTo(6);
    assertThat(y[13]).isZero();
    assertThat(module.heapCopiesBytes() - before).isEqualTo(2 * 48);
    module.run(
        List.of(
            NativeTensor.of(
                DType.FLOAT32, TinyGraph.SHAPE, FloatBuffer.wrap(x).asReadOnlyBuffer())),
        arena);
    assertThat(module.heapCopiesBytes() - before).isEqualTo(3 * 48);
  }

  private NativeTensor offHeap(NativeTensor tensor) {
    return Tensors.copy(tensor, bytes -> arena.allocate(bytes, 64));
  }

  @Test
  void dlpackComesInAndGoesOutInTheSameMemory() {
    AtomicInteger freed = new AtomicInteger();
    MemorySegment in = DLPack.VERSIONED.hand(TinyGraph.ramp(-5), freed::incrementAndGet);
    List<MemorySegment> out = module.forward(List.of(in), DLPack.VERSIONED);
    try (Arena receiver = Arena.ofConfined()) {
      assertResults(
          -5, out.stream().map(tensor -> DLPack.VERSIONED.take(tensor, receiver)).toList());
    }
    assertThat(freed).as("the input is the caller's still").hasValue(0);
    DLPack.VERSIONED.release(in);
    assertThat(freed).hasValue(1);
  }

  @Test
  void libtorchsTensorsComeInAndGoOut() {
    float[] expected = TinyGraph.read(TinyGraph.ramp(-5));
    try (PointerScope scope = new PointerScope()) {
      Tensor x = torch.arange(new org.bytedeco.pytorch.Scalar(12f)).sub(scalar(5)).view(3, 4);
      List<Tensor> out = module.forward(List.of(x), new TorchTensors());
      float[] y = new float[12];
      new FloatPointer(out.get(0).data_ptr_float()).get(y);
      for (int i = 0; i < 12; i++) {
        assertThat(y[i]).isEqualTo(Math.max(0, expected[i]));
      }
      assertThat(torch.allclose(out.get(2), out.get(0).tanh().neg())).isTrue();
      assertThat(out.get(3).data_ptr().address()).isNotEqualTo(x.data_ptr().address());
    }
  }

  private static org.bytedeco.pytorch.Scalar scalar(float value) {
    return new org.bytedeco.pytorch.Scalar(value);
  }

  @Test
  void outputsThatDoNotFitAreNamed() {
    NativeTensor y = empty();
    NativeTensor other =
        NativeTensor.contiguous(DType.FLOAT32, new long[] {4, 3}, arena.allocate(48, 4));
    NativeTensor expanded =
        new NativeTensor(DType.FLOAT32, TinyGraph.SHAPE, new long[] {0, 1}, y.data());
    NativeTensor readOnly =
        NativeTensor.contiguous(DType.FLOAT32, TinyGraph.SHAPE, y.data().asReadOnly());
    Arena closed = Arena.ofShared();
    NativeTensor freed =
        NativeTensor.contiguous(DType.FLOAT32, TinyGraph.SHAPE, closed.allocate(48, 4));
    closed.close();
    assertRefused(List.of(y), "the model has 4 outputs, got 1 tensors");
    assertRefused(
        List.of(y, y, empty(), empty()), "output 1 'output1' shares memory with that for output 0");
    assertRefused(
        List.of(other, empty(), empty(), empty()),
        "output 0 'output0' is float32[4,3], and the output float32[3,4]");
    assertRefused(List.of(expanded, empty(), empty(), empty()), "elements that share memory");
    assertRefused(List.of(readOnly, empty(), empty(), empty()), "is read-only");
    assertRefused(List.of(freed, empty(), empty(), empty()), "has been freed");
  }

  private void assertRefused(List<NativeTensor> outputs, String why) {
    assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(0)), outputs))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContaining(why);
  }

  @Test
  void anInputThatWasFreedIsRefused() {
    Arena closed = Arena.ofShared();
    NativeTensor freed =
        NativeTensor.contiguous(DType.FLOAT32, TinyGraph.SHAPE, closed.allocate(48, 4));
    closed.close();
    assertThatThrownBy(() -> module.run(List.of(freed), arena))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("input 0 'x' has been freed");
  }

  @Test
  void anArenaThatTakesNothingIsRefused() throws Exception {
    Arena closed = Arena.ofConfined();
    closed.close();
    assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(0)), closed))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the arena is closed");
    try (Arena confined = Arena.ofConfined()) {
      assertThat(module.runAsync(List.of(TinyGraph.ramp(0)), confined))
          .failsWithin(java.time.Duration.ofSeconds(10))
          .withThrowableThat()
          .withMessageContaining("the arena is another thread's");
    }
  }
}
