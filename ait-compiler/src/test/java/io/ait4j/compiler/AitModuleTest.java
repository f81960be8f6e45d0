package io.ait4j.compiler;

import static io.ait4j.compiler.AffineLibrary.floats;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AitModuleTest {
  private static final float[] X = {1, -2, 3, 4, 5, 6, 7.5f, 8, 9, 10, 11, -12};
  private static final float[] RAW = {0.5f, 1, 2, 3};
  private static final float[] Y = AffineLibrary.expected(X, 2, RAW);
  private static final float SUM = 50.5f;
  private static final long[] SHAPE = {3, 4};

  @TempDir static Path cache;
  private static Path library;

  private Arena arena;
  private AitModule module;

  @BeforeAll
  static void buildLibrary() {
    library = AffineLibrary.build(cache);
  }

  @BeforeEach
  void loadModule() {
    arena = Arena.ofShared();
    module = AitModule.load(library, folded());
  }

  @AfterEach
  void closeModule() {
    module.close();
    arena.close();
  }

  private List<Constant> folded() {
    return AitModule.fold(
        library, AffineLibrary.constants(arena, 2, RAW), arena, step -> List.of());
  }

  private NativeTensor x() {
    return NativeTensor.contiguous(DType.FLOAT32, SHAPE, floats(arena, X));
  }

  private NativeTensor y() {
    return NativeTensor.contiguous(DType.FLOAT32, SHAPE, arena.allocate(48, 64));
  }

  private NativeTensor s() {
    return NativeTensor.contiguous(DType.FLOAT32, new long[0], arena.allocate(4, 4));
  }

  private static float[] values(NativeTensor tensor) {
    float[] result = new float[(int) tensor.numel()];
    for (int i = 0; i < result.length; i++) {
      long at = (i / 4) * tensor.strides()[0] + (i % 4) * tensor.strides()[1];
      result[i] = tensor.data().get(JAVA_FLOAT.withByteAlignment(1), at * 4);
    }
    return result;
  }

  @Test
  void tellsItsInputsAndOutputs() {
    assertThat(module.inputs())
        .containsExactly(new TensorSpec("x", TensorMeta.contiguous(DType.FLOAT32, 3, 4)));
    assertThat(module.outputs())
        .containsExactly(
            new TensorSpec("y", TensorMeta.contiguous(DType.FLOAT32, 3, 4)),
            new TensorSpec("s", TensorMeta.contiguous(DType.FLOAT32)));
    assertThat(module.arenaBytes()).isEqualTo(48);
  }

  @Test
  void foldsOnceAndKeepsWhatRunsRead() {
    List<Constant> ready = folded();
    assertThat(ready).extracting(Constant::name).containsExactlyInAnyOrder("scale", "c");
    Constant c = ready.stream().filter(k -> k.name().equals("c")).findFirst().orElseThrow();
    assertThat(c.data().toArray(JAVA_FLOAT)).containsExactly(1.5f, 2, 3, 4);
  }

  @Test
  void runsInTheCallersMemory() {
    NativeTensor y = y();
    NativeTensor s = s();
    module.run(List.of(x()), List.of(y, s));
    assertThat(values(y)).containsExactly(Y);
    assertThat(s.data().get(JAVA_FLOAT, 0)).isEqualTo(SUM);
    assertThat(module.borderCopyBytes()).isZero();
  }

  @Test
  void profilesWhatItRuns() {
    NativeTensor y = y();
    List<KernelProfile> kernels = module.profile(List.of(x()), List.of(y, s()), Map.of());
    assertThat(values(y)).containsExactly(Y);
    assertThat(kernels).hasSize(1);
    KernelProfile kernel = kernels.getFirst();
    assertThat(kernel.nanos()).isBetween(1L, 10_000_000_000L);
    assertThat(kernel).isEqualTo(new KernelProfile("all", kernel.nanos(), 24, 96, 4));
  }

  @Test
  void acceptsAnyStridesAndCountsTheCopies() {
    MemorySegment columns = arena.allocate(4 * 3 * 4, 4);
    for (int i = 0; i < 12; i++) {
      columns.setAtIndex(JAVA_FLOAT, (i % 4) * 3 + i / 4, X[i]);
    }
    NativeTensor x = new NativeTensor(DType.FLOAT32, SHAPE, new long[] {1, 3}, columns);
    MemorySegment wide = floats(arena, new float[30]).fill((byte) -1);
    NativeTensor y = new NativeTensor(DType.FLOAT32, SHAPE, new long[] {9, 2}, wide);
    module.run(List.of(x), List.of(y, s()));
    assertThat(values(y)).containsExactly(Y);
    assertThat(module.borderCopyBytes()).isEqualTo(2 * 48);
    assertThat(wide.getAtIndex(JAVA_FLOAT, 1)).as("between elements").isNaN();
    assertThat(wide.getAtIndex(JAVA_FLOAT, 25)).as("past the last element").isNaN();
  }

  @Test
  void acceptsAnExpandedInput() {
    MemorySegment row = floats(arena, 1, 2, 3, 4);
    NativeTensor y = y();
    module.run(
        List.of(new NativeTensor(DType.FLOAT32, SHAPE, new long[] {0, 1}, row)), List.of(y, s()));
    float[] rows = {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4};
    assertThat(values(y)).containsExactly(AffineLibrary.expected(rows, 2, RAW));
  }

  @Test
  void refusesAnOutputWhoseElementsShareMemory() {
    NativeTensor y = new NativeTensor(DType.FLOAT32, SHAPE, new long[] {0, 1}, arena.allocate(16));
    assertThatThrownBy(() -> module.run(List.of(x()), List.of(y, s())))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("output 0 (y): its elements share memory");
  }

  @Test
  void acceptsDataThatIsNotAligned() {
    MemorySegment bytes = arena.allocate(49 + 48, 8);
    MemorySegment.copy(floats(arena, X), 0, bytes, 1, 48);
    NativeTensor x = NativeTensor.contiguous(DType.FLOAT32, SHAPE, bytes.asSlice(1, 48));
    NativeTensor y = NativeTensor.contiguous(DType.FLOAT32, SHAPE, bytes.asSlice(49, 48));
    module.run(List.of(x), List.of(y, s()));
    assertThat(values(y)).containsExactly(Y);
    assertThat(module.borderCopyBytes()).isEqualTo(2 * 48);
  }

  // The program writes y before it sums x.
  @Test
  void anOutputMayShareMemoryWithAnInput() {
    NativeTensor both = x();
    NativeTensor s = s();
    module.run(List.of(both), List.of(both, s));
    assertThat(values(both)).containsExactly(Y);
    assertThat(s.data().get(JAVA_FLOAT, 0)).isEqualTo(SUM);
    assertThat(module.borderCopyBytes()).isEqualTo(48);
  }

  @Test
  void refusesWrongTensors() {
    NativeTensor wide =
        NativeTensor.contiguous(DType.FLOAT32, new long[] {3, 5}, arena.allocate(60, 4));
    NativeTensor ints = NativeTensor.contiguous(DType.INT32, SHAPE, arena.allocate(48, 4));
    NativeTensor onHeap =
        NativeTensor.contiguous(DType.FLOAT32, SHAPE, MemorySegment.ofArray(new float[12]));
    Arena gone = Arena.ofShared();
    NativeTensor freed = NativeTensor.contiguous(DType.FLOAT32, SHAPE, gone.allocate(48, 4));
    gone.close();
    assertUsage(
        List.of(wide), List.of(y(), s()), "input 0 (x): expected float32[3,4], got float32[3,5]");
    assertUsage(
        List.of(ints), List.of(y(), s()), "input 0 (x): expected float32[3,4], got int32[3,4]");
    assertUsage(
        List.of(x()), List.of(wide, s()), "output 0 (y): expected float32[3,4], got float32[3,5]");
    assertUsage(
        List.of(s()), List.of(y(), s()), "input 0 (x): expected float32[3,4], got float32[]");
    assertUsage(List.of(), List.of(y(), s()), "expected 1 inputs, got 0");
    assertUsage(List.of(x()), List.of(y()), "expected 2 outputs, got 1");
    assertUsage(List.of(onHeap), List.of(y(), s()), "input 0 (x) is on the Java heap");
    assertUsage(List.of(freed), List.of(y(), s()), "input 0 (x): its memory has been freed");
  }

  private void assertUsage(List<NativeTensor> in, List<NativeTensor> out, String message) {
    assertThatThrownBy(() -> module.run(in, out))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessage(message);
  }

  @Test
  void tellsWhyAProgramFailedAndRunsAgain() {
    NativeTensor bad = x();
    bad.data().setAtIndex(JAVA_FLOAT, 5, Float.NaN);
    assertThatThrownBy(() -> module.run(List.of(bad), List.of(y(), s())))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.RUN))
        .hasMessageContaining("x[5] is not a number");
    runsInTheCallersMemory();
  }

  @Test
  void aKernelWithoutMemoryNeverGoesUnnoticed() {
    NativeTensor greedy = x();
    greedy.data().setAtIndex(JAVA_FLOAT, 0, -1);
    assertThatThrownBy(() -> module.run(List.of(greedy), List.of(y(), s())))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("out of memory in a kernel");
    runsInTheCallersMemory();
  }

  @Test
  void needsEveryConstantOfTheRightType() {
    Constant scale = floats(arena, "scale", 2);
    Constant c = floats(arena, "c", RAW);
    assertThatThrownBy(() -> AitModule.load(library, List.of(scale)))
        .isInstanceOf(ModelException.class)
        .hasMessage("constant c is missing");
    assertThatThrownBy(() -> AitModule.load(library, List.of(c, floats(arena, "scale", 1, 2))))
        .isInstanceOf(ModelException.class)
        .hasMessage("constant scale: expected 4 bytes of float32, got 8 of float32");
    Constant ints = new Constant("scale", DType.INT32, new long[] {1}, arena.allocate(4, 4));
    assertThatThrownBy(() -> AitModule.load(library, List.of(c, ints)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("got 4 of int32");
    assertThatThrownBy(() -> AitModule.fold(library, List.of(scale), arena, step -> List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessage("constant raw is missing");
  }

  @Test
  void givesTheSameResultOnAnyNumberOfThreads() {
    for (int threads : new int[] {1, 2, 0}) {
      module.setThreads(threads);
      runsInTheCallersMemory();
    }
    assertThatThrownBy(() -> module.setThreads(-1)).isInstanceOf(ModelException.class);
  }

  @Test
  void runsForManyThreadsAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        runs.add(threads.submit(() -> runRepeatedly(thread)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
  }

  private void runRepeatedly(int thread) {
    try (Arena own = Arena.ofConfined()) {
      MemorySegment in = own.allocate(48, 4);
      MemorySegment out = own.allocate(48, 4);
      MemorySegment sum = own.allocate(4, 4);
      for (int round = 0; round < 500; round++) {
        float[] x = new float[12];
        for (int i = 0; i < 12; i++) {
          x[i] = thread * 1000 + round + i;
        }
        MemorySegment.copy(x, 0, in, JAVA_FLOAT, 0, 12);
        NativeTensor y = NativeTensor.contiguous(DType.FLOAT32, SHAPE, out);
        module.run(
            List.of(NativeTensor.contiguous(DType.FLOAT32, SHAPE, in)),
            List.of(y, NativeTensor.contiguous(DType.FLOAT32, new long[0], sum)));
        assertThat(values(y)).containsExactly(AffineLibrary.expected(x, 2, RAW), within(0f));
      }
    }
  }

  @Test
  void closesAfterTheRunsUnderWay() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 20; round++) {
        AitModule shared = AitModule.load(library, folded());
        List<Future<Integer>> runs = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          runs.add(threads.submit(() -> runUntilClosed(shared)));
        }
        Thread.sleep(2);
        shared.close();
        shared.close();
        for (Future<Integer> run : runs) {
          assertThat(run.get()).isNotNegative();
        }
      }
    }
  }

  private static int runUntilClosed(AitModule module) {
    try (Arena own = Arena.ofConfined()) {
      NativeTensor x = NativeTensor.contiguous(DType.FLOAT32, SHAPE, own.allocate(48, 4));
      NativeTensor y = NativeTensor.contiguous(DType.FLOAT32, SHAPE, own.allocate(48, 4));
      NativeTensor s = NativeTensor.contiguous(DType.FLOAT32, new long[0], own.allocate(4, 4));
      for (int runs = 0; ; runs++) {
        try {
          module.run(List.of(x), List.of(y, s));
        } catch (IllegalStateException e) {
          assertThat(e).hasMessage("the module is closed");
          return runs;
        }
      }
    }
  }

  @Test
  void saysWhatIsWrongWithALibrary(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("text.so"), "not a library");
    assertThatThrownBy(() -> AitModule.load(text, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cannot load the library " + text);
    assertThatThrownBy(() -> AitModule.load(folder.resolve("none.so"), List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cannot read the library");
    String export = "extern \"C\" __attribute__((visibility(\"default\"))) int ";
    assertThatThrownBy(() -> AitModule.load(build(export + "other() { return 0; }"), List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it has no function ait4j_abi_version");
    assertThatThrownBy(
            () -> AitModule.load(build(export + "ait4j_abi_version() { return 99; }"), List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("its interface has version 99");
  }

  private static Path build(String source) {
    return LibraryBuilder.of(CompilerSettings.defaults().withCacheDir(cache))
        .build(Map.of("model.cpp", source));
  }
}
