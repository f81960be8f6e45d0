package io.ait4j.compiler;

import static io.ait4j.compiler.AffineLibrary.floats;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls a library as the {@code Model} class of AITemplate's Python does: same types, same order.
 */
class AITemplateInterfaceTest {
  private static final int FLOAT = 2;
  private static final int LONG = 4;
  private static final float[] X = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  private static final float[] RAW = {0, 1, 2, 3};

  @TempDir static Path cache;
  private static Path library;

  private Arena arena;
  private SymbolLookup symbols;
  private MemorySegment handle;

  @BeforeAll
  static void buildLibrary() {
    library = AffineLibrary.build(cache);
  }

  @BeforeEach
  void create() {
    open(library);
  }

  private void open(Path file) {
    arena = Arena.ofConfined();
    symbols = SymbolLookup.libraryLookup(file, arena);
    MemorySegment out = arena.allocate(ADDRESS);
    succeed("AITemplateModelContainerCreate", out, 2L, MemorySegment.NULL);
    handle = out.get(ADDRESS, 0);
  }

  @AfterEach
  void delete() {
    succeed("AITemplateModelContainerDelete", handle);
    arena.close();
  }

  private int call(String function, Object... arguments) {
    ValueLayout[] types = new ValueLayout[arguments.length];
    for (int i = 0; i < types.length; i++) {
      types[i] =
          switch (arguments[i]) {
            case Long l -> JAVA_LONG;
            case Integer n -> JAVA_INT;
            case Boolean b -> JAVA_BOOLEAN;
            default -> ADDRESS;
          };
    }
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(
                  symbols.find(function).orElseThrow(),
                  FunctionDescriptor.of(JAVA_INT, (MemoryLayout[]) types))
              .invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError(function, e);
    }
  }

  private void succeed(String function, Object... arguments) {
    assertThat(call(function, arguments)).as(function).isZero();
  }

  private long number(String function, Object... arguments) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    succeed(function, with(arguments, out));
    return out.get(JAVA_LONG, 0);
  }

  private String text(String function, long index) {
    MemorySegment out = arena.allocate(ADDRESS);
    succeed(function, handle, index, out);
    return out.get(ADDRESS, 0).reinterpret(100).getString(0);
  }

  private long[] shape(String function, long index) {
    MemorySegment out = arena.allocate(16, 8);
    succeed(function, handle, index, out);
    return out.get(ADDRESS, 0).reinterpret(8 * out.get(JAVA_LONG, 8)).toArray(JAVA_LONG);
  }

  private static Object[] with(Object[] arguments, Object last) {
    Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = last;
    return all;
  }

  /** An array of {@code AITData}: pointer, shape pointer, rank, dtype. */
  private MemorySegment data(List<MemorySegment> pointers, List<long[]> shapes, int dtype) {
    MemorySegment array = arena.allocate(32L * pointers.size(), 8);
    for (int i = 0; i < pointers.size(); i++) {
      array.set(ADDRESS, 32L * i, pointers.get(i));
      array.set(ADDRESS, 32L * i + 8, arena.allocateFrom(JAVA_LONG, shapes.get(i)));
      array.set(JAVA_LONG, 32L * i + 16, shapes.get(i).length);
      array.set(JAVA_INT, 32L * i + 24, dtype);
    }
    return array;
  }

  private MemorySegment name(String text) {
    return arena.allocateFrom(text);
  }

  private void setConstants() {
    MemorySegment names = arena.allocate(16, 8);
    names.set(ADDRESS, 0, name("raw"));
    names.set(ADDRESS, 8, name("scale"));
    succeed(
        "AITemplateModelContainerSetManyConstants",
        handle,
        names,
        data(
            List.of(floats(arena, RAW), floats(arena, 3)),
            List.of(new long[] {4}, new long[] {1}),
            FLOAT),
        2L);
  }

  private int run(MemorySegment inputs, MemorySegment outputs, MemorySegment shapesOut) {
    return call(
        "AITemplateModelContainerRun",
        handle,
        inputs,
        1L,
        outputs,
        2L,
        MemorySegment.NULL,
        true,
        false,
        shapesOut);
  }

  @Test
  void answersQueries() {
    assertThat(number("AITemplateModelContainerGetNumInputs", handle)).isEqualTo(1);
    assertThat(number("AITemplateModelContainerGetNumOutputs", handle)).isEqualTo(2);
    assertThat(number("AITemplateModelContainerGetNumRuntimes", handle)).isEqualTo(2);
    assertThat(text("AITemplateModelContainerGetInputName", 0)).isEqualTo("x");
    assertThat(text("AITemplateModelContainerGetOutputName", 0)).isEqualTo("y");
    assertThat(text("AITemplateModelContainerGetOutputName", 1)).isEqualTo("s");
    assertThat(shape("AITemplateModelContainerGetMaximumInputShape", 0)).containsExactly(3, 4);
    assertThat(shape("AITemplateModelContainerGetMaximumOutputShape", 0)).containsExactly(3, 4);
    assertThat(shape("AITemplateModelContainerGetMaximumOutputShape", 1)).isEmpty();
    MemorySegment dtype = arena.allocate(JAVA_INT);
    succeed("AITemplateModelContainerGetOutputDtype", handle, 1L, dtype);
    assertThat(dtype.get(JAVA_INT, 0)).isEqualTo(FLOAT);
    MemorySegment out = arena.allocate(16, 8);
    assertThat(call("AITemplateModelContainerGetInputName", handle, 1L, out)).isEqualTo(1);
    assertThat(call("AITemplateModelContainerGetMaximumOutputShape", handle, 2L, out)).isEqualTo(1);
  }

  @Test
  void listsTheConstantsThatAClientSets() {
    assertThat(number("AITemplateModelContainerGetNumConstants", handle, false, false))
        .isEqualTo(2);
    assertThat(number("AITemplateModelContainerGetNumConstants", handle, true, true)).isEqualTo(1);
    MemorySegment names = arena.allocate(16, 8);
    succeed("AITemplateModelContainerGetConstantNames", handle, true, false, names);
    assertThat(List.of(names.get(ADDRESS, 0), names.get(ADDRESS, 8)))
        .extracting(n -> n.reinterpret(100).getString(0))
        .containsExactly("raw", "scale");
    MemorySegment dtype = arena.allocate(JAVA_INT);
    succeed("AITemplateModelContainerGetConstantDtype", handle, name("raw"), dtype);
    assertThat(dtype.get(JAVA_INT, 0)).isEqualTo(FLOAT);
  }

  @Test
  void foldsOnTheFirstRun() {
    setConstants();
    MemorySegment y = arena.allocate(48, 4);
    MemorySegment s = arena.allocate(4, 4);
    MemorySegment shapesOut = arena.allocate(16, 8);
    MemorySegment yShape = arena.allocate(16, 8);
    shapesOut.set(ADDRESS, 0, yShape);
    shapesOut.set(ADDRESS, 8, arena.allocate(8, 8));
    MemorySegment inputs = data(List.of(floats(arena, X)), List.of(new long[] {3, 4}), FLOAT);
    MemorySegment outputs = data(List.of(y, s), List.of(new long[] {3, 4}, new long[0]), FLOAT);
    assertThat(run(inputs, outputs, shapesOut)).isZero();
    assertThat(y.toArray(JAVA_FLOAT)).containsExactly(AffineLibrary.expected(X, 3, RAW));
    assertThat(s.get(JAVA_FLOAT, 0)).isEqualTo(78);
    assertThat(yShape.toArray(JAVA_LONG)).containsExactly(3, 4);
    y.fill((byte) 0);
    succeed(
        "AITemplateModelContainerRunWithOutputsOnHost",
        handle,
        inputs,
        1L,
        outputs,
        2L,
        MemorySegment.NULL,
        false,
        shapesOut);
    assertThat(y.toArray(JAVA_FLOAT)).containsExactly(AffineLibrary.expected(X, 3, RAW));
  }

  @Test
  void foldsAgainWhenToldTo() {
    setConstants();
    succeed("AITemplateModelContainerFoldConstants", handle, MemorySegment.NULL, true);
    succeed(
        "AITemplateModelContainerSetConstant",
        handle,
        name("raw"),
        data(List.of(floats(arena, 9, 9, 9, 9)), List.of(new long[] {2, 2}), FLOAT));
    succeed("AITemplateModelContainerFoldConstants", handle, MemorySegment.NULL, true);
    MemorySegment y = arena.allocate(48, 4);
    assertThat(
            run(
                data(List.of(floats(arena, X)), List.of(new long[] {3, 4}), FLOAT),
                data(
                    List.of(y, arena.allocate(4, 4)),
                    List.of(new long[] {3, 4}, new long[0]),
                    FLOAT),
                MemorySegment.NULL))
        .isZero();
    assertThat(y.toArray(JAVA_FLOAT)).containsExactly(AffineLibrary.expected(X, 3, 9, 9, 9, 9));
  }

  /** x over [n, 4], n up to 6, to relu(x) over [4, n]. */
  @Test
  void saysTheTrueShapeOfSizesThatDiffer() {
    try (Oracle oracle = new Oracle(cache, 1)) {
      TensorMeta meta =
          TensorMeta.contiguous(DType.FLOAT32, List.of(Dim.symbol("n", 1, 6), Dim.of(4)));
      FxGraph graph =
          Oracle.graph(
              List.of(meta),
              (b, in) ->
                  List.of(
                      b.call(
                          "aten::clone",
                          b.call("aten::permute", b.call("aten::relu", in.get(0)), Arg.ints(1, 0)),
                          new Arg.MemoryFormat("contiguous_format"))));
      delete();
      open(oracle.compiler().compile(graph, arena).library());
    }
    assertThat(shape("AITemplateModelContainerGetMaximumInputShape", 0)).containsExactly(6, 4);
    assertThat(shape("AITemplateModelContainerGetMaximumOutputShape", 0)).containsExactly(4, 6);
    MemorySegment y = arena.allocate(96, 4);
    MemorySegment yShape = arena.allocate(16, 8);
    MemorySegment shapesOut = arena.allocateFrom(ADDRESS, yShape);
    MemorySegment outputs = data(List.of(y), List.of(new long[] {4, 6}), FLOAT);
    MemorySegment x = floats(arena, X);
    assertThat(runOne(data(List.of(x), List.of(new long[] {3, 4}), FLOAT), outputs, shapesOut))
        .isZero();
    assertThat(yShape.toArray(JAVA_LONG)).containsExactly(4, 3);
    assertThat(y.asSlice(0, 48).toArray(JAVA_FLOAT))
        .containsExactly(1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12);
    MemorySegment seven = data(List.of(x), List.of(new long[] {7, 4}), FLOAT);
    assertThat(runOne(seven, outputs, shapesOut)).as("beyond the bound").isEqualTo(1);
  }

  private int runOne(MemorySegment inputs, MemorySegment outputs, MemorySegment shapesOut) {
    return call(
        "AITemplateModelContainerRun",
        handle,
        inputs,
        1L,
        outputs,
        1L,
        MemorySegment.NULL,
        true,
        false,
        shapesOut);
  }

  @Test
  void refusesWrongUse() {
    MemorySegment outputs =
        data(
            List.of(arena.allocate(48, 4), arena.allocate(4, 4)),
            List.of(new long[] {3, 4}, new long[0]),
            FLOAT);
    MemorySegment x = floats(arena, X);
    MemorySegment good = data(List.of(x), List.of(new long[] {3, 4}), FLOAT);
    assertThat(run(good, outputs, MemorySegment.NULL)).as("no constants").isEqualTo(1);
    setConstants();
    assertThat(
            run(data(List.of(x), List.of(new long[] {4, 3}), FLOAT), outputs, MemorySegment.NULL))
        .as("shape")
        .isEqualTo(1);
    assertThat(run(data(List.of(x), List.of(new long[] {3, 4}), LONG), outputs, MemorySegment.NULL))
        .as("dtype")
        .isEqualTo(1);
    assertThat(
            run(
                data(List.of(MemorySegment.NULL), List.of(new long[] {3, 4}), FLOAT),
                outputs,
                MemorySegment.NULL))
        .as("null")
        .isEqualTo(1);
    MemorySegment small =
        data(
            List.of(arena.allocate(48, 4), arena.allocate(4, 4)),
            List.of(new long[] {2, 4}, new long[0]),
            FLOAT);
    assertThat(run(good, small, MemorySegment.NULL)).as("room").isEqualTo(1);
    MemorySegment two = data(List.of(x), List.of(new long[] {2}), FLOAT);
    assertThat(call("AITemplateModelContainerSetConstant", handle, name("raw"), two)).isEqualTo(1);
    assertThat(call("AITemplateModelContainerSetConstant", handle, name("none"), two)).isEqualTo(1);
    assertThat(call("AITemplateModelContainerCreate", arena.allocate(8), 0L, MemorySegment.NULL))
        .isEqualTo(1);
    assertThat(run(good, outputs, MemorySegment.NULL)).as("after all that").isZero();
  }

  /** s says how many runs there were. */
  @Test
  void benchmarksTellThreadsWhoseResultsDiffer() {
    delete();
    open(
        LibraryBuilder.of(CompilerSettings.defaults().withCacheDir(cache))
            .build(
                Map.of(
                    "model.cpp",
                    AffineLibrary.source()
                        .replace(
                            "s[0] = 0;", "static std::atomic<int> runs; s[0] = float(++runs);"))));
    setConstants();
    assertThat(benchmark(1)).isZero();
    assertThat(benchmark(3)).isEqualTo(1);
    assertThat(lastError()).contains("output 1 (s) of thread").contains("differs");
  }

  private int benchmark(long threads) {
    return call(
        "AITemplateModelContainerBenchmark",
        handle,
        data(List.of(floats(arena, X)), List.of(new long[] {3, 4}), FLOAT),
        1L,
        data(
            List.of(arena.allocate(48, 4), arena.allocate(4, 4)),
            List.of(new long[] {3, 4}, new long[0]),
            FLOAT),
        2L,
        MemorySegment.NULL,
        false,
        10L,
        threads,
        true,
        arena.allocate(4, 4),
        MemorySegment.NULL);
  }

  private String lastError() {
    try {
      MemorySegment text =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(
                      symbols.find("ait4j_last_error").orElseThrow(),
                      FunctionDescriptor.of(ADDRESS))
                  .invokeExact();
      return text.reinterpret(1000).getString(0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void movesMemory() {
    MemorySegment out = arena.allocate(ADDRESS);
    succeed("AITemplateDeviceMalloc", out, 48L, MemorySegment.NULL, true);
    MemorySegment device = out.get(ADDRESS, 0).reinterpret(48);
    succeed("AITemplateMemcpy", device, floats(arena, X), 48L, 0, MemorySegment.NULL, true);
    assertThat(device.toArray(JAVA_FLOAT)).containsExactly(X);
    succeed("AITemplateDeviceFree", device, MemorySegment.NULL, true);
  }
}
