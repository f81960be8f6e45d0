package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoweredModuleTest {
  @TempDir Path folder;

  private Path lower(FxGraph graph, String... excluded) {
    Path file = folder.resolve("model.aitm");
    try (Arena arena = Arena.ofShared()) {
      LowerSettings settings = LowerSettings.DEFAULT.withExcludedOps(Set.of(excluded));
      AitLowerer.lower(graph, settings, arena, step -> {}).write(file);
    }
    return file;
  }

  private static float[] relu(float first) {
    float[] values = TinyGraph.read(TinyGraph.ramp(first));
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, values[i]);
    }
    return values;
  }

  /** Compiled, libtorch, compiled; what libtorch does is a view of what it gets. */
  private static FxGraph viewInTheMiddle() {
    TensorMeta row = new TensorMeta(DType.FLOAT32, Dim.ofAll(4), Dim.ofAll(1));
    return new TinyGraph()
        .op("y", "relu", "x")
        .op("row", row, "select.int", new Arg.Value("y"), new Arg.Int(0), new Arg.Int(1))
        .op("z", row, "neg", new Arg.Value("row"))
        .returns("z", "row");
  }

  @Test
  void bordersShareMemoryOnBothSides() {
    Path file = lower(viewInTheMiddle(), "aten::select");
    Map<String, Long> addresses = new HashMap<>();
    try (Arena mapped = Arena.ofShared();
        Arena arena = Arena.ofConfined()) {
      ModuleParts parts = AitmFile.map(file, mapped).load(LoadSettings.DEFAULT, mapped);
      assertThat(parts.steps())
          .extracting(LoadedPartition::name)
          .containsExactly("ait0", "fallback0", "ait1");
      try (Execution run = new Execution(Map.of(), Place.HOST, new IntoArena(arena))) {
        run.put("x", new Held(TinyGraph.ramp(0), Owner.OUTSIDE, false));
        for (LoadedPartition partition : parts.steps()) {
          partition.step().execute(run);
          for (String name : List.of("y", "row")) {
            if (!addresses.containsKey(name) && run.has(name)) {
              addresses.put(name, run.held(name).tensor().data().address());
            }
          }
        }
        assertThat(TinyGraph.read(run.held("z").tensor())).containsExactly(-4, -5, -6, -7);
      }
      // libtorch's select of row 1 points into the buffer that the first library wrote ...
      assertThat(addresses.get("row")).isEqualTo(addresses.get("y") + 4 * 4);
      // ... and the second library read it there.
      assertThat(parts.steps()).allSatisfy(step -> assertThat(step.borderCopyBytes()).isZero());
      parts.steps().forEach(LoadedPartition::close);
    }
  }

  @Test
  void aViewKeepsTheBufferItLooksInto() {
    try (LoweredModule module = LoweredModule.load(lower(viewInTheMiddle(), "aten::select"));
        Arena arena = Arena.ofConfined()) {
      List<NativeTensor> outputs = module.run(List.of(TinyGraph.ramp(0)), arena);
      assertThat(TinyGraph.read(outputs.get(0))).containsExactly(-4, -5, -6, -7);
      assertThat(TinyGraph.read(outputs.get(1))).containsExactly(4, 5, 6, 7);
      assertThat(module.borderCopiesBytes()).isZero();
    }
  }

  @Test
  void outputsOutliveTheModuleAndNeverAlias() {
    FxGraph graph =
        new TinyGraph()
            .weight("w", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
            .op("y", "relu", "x")
            .op("t", "tanh", "y")
            .returns("y", "y", "x", "w", "t");
    NativeTensor x = TinyGraph.ramp(-3);
    List<NativeTensor> first;
    List<NativeTensor> second;
    Arena arena = Arena.ofAuto();
    try (LoweredModule module = LoweredModule.load(lower(graph, "aten::tanh"))) {
      first = module.run(List.of(x), arena);
      second = module.run(List.of(x), arena);
    }
    List<NativeTensor> all = new ArrayList<>(first);
    all.addAll(second);
    all.add(x);
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(Held.overlap(all.get(i), all.get(j))).as(i + " and " + j).isFalse();
      }
    }
    assertThat(TinyGraph.read(first.get(0))).containsExactly(relu(-3));
    assertThat(TinyGraph.read(first.get(1))).containsExactly(relu(-3));
    assertThat(TinyGraph.read(first.get(2))).containsExactly(TinyGraph.read(x));
    assertThat(TinyGraph.read(first.get(3))).startsWith(1, 2, 3);
    assertThat(TinyGraph.read(first.get(4))[4]).isEqualTo((float) Math.tanh(1), within(1e-6f));
  }

  @Test
  void manyThreadsRunAtOnce() throws Exception {
    FxGraph graph =
        new TinyGraph()
            .op("y", "relu", "x")
            .op("t", "neg", "y")
            .op("z", "abs", "t")
            .returns("y", "z");
    try (LoweredModule module = LoweredModule.load(lower(graph, "aten::neg"));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Void>> runs = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        float start = -i;
        runs.add(
            threads.submit(
                () -> {
                  try (Arena arena = Arena.ofConfined()) {
                    List<NativeTensor> out = module.run(List.of(TinyGraph.ramp(start)), arena);
                    assertThat(TinyGraph.read(out.getFirst())).containsExactly(relu(start));
                    assertThat(TinyGraph.read(out.getLast())).containsExactly(relu(start));
                  }
                  return null;
                }));
      }
      for (Future<Void> run : runs) {
        run.get();
      }
    }
  }

  @Test
  void inputsMayHaveAnyStrides() {
    FxGraph graph = new TinyGraph().op("y", "relu", "x").returns("y");
    NativeTensor columns =
        new NativeTensor(
            DType.FLOAT32, TinyGraph.SHAPE, new long[] {1, 3}, TinyGraph.ramp(-2).data());
    try (LoweredModule module = LoweredModule.load(lower(graph));
        Arena arena = Arena.ofConfined()) {
      assertThat(TinyGraph.read(module.run(List.of(columns), arena).getFirst()))
          .startsWith(0, 1, 4, 7, 0, 2);
      assertThat(module.borderCopiesBytes()).isEqualTo(4 * 12);
    }
  }

  @Test
  void wrongInputsAreNamed() {
    FxGraph graph = new TinyGraph().op("y", "relu", "x").returns("y");
    try (LoweredModule module = LoweredModule.load(lower(graph));
        Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> module.run(List.of(), arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("takes 1 input (x: float32[3,4]), got 0");
      NativeTensor wrong =
          NativeTensor.contiguous(DType.FLOAT32, new long[] {4, 3}, TinyGraph.ramp(0).data());
      assertThatThrownBy(() -> module.run(List.of(wrong), arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("input 0 'x': expected float32[3,4], got float32[4,3]");
    }
  }

  @Test
  void aGraphWithoutNodesIsAModuleToo() {
    try (LoweredModule module = LoweredModule.load(lower(new TinyGraph().returns("x")));
        Arena arena = Arena.ofConfined()) {
      NativeTensor x = TinyGraph.ramp(1);
      NativeTensor out = module.run(List.of(x), arena).getFirst();
      assertThat(TinyGraph.read(out)).containsExactly(TinyGraph.read(x));
      assertThat(Held.overlap(out, x)).isFalse();
    }
  }

  @Test
  void equalModelsGiveEqualFiles() throws Exception {
    byte[] first = Files.readAllBytes(lower(viewInTheMiddle(), "aten::select"));
    byte[] second = Files.readAllBytes(lower(viewInTheMiddle(), "aten::select"));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void aClosedModuleDoesNotRun() {
    LoweredModule module =
        LoweredModule.load(lower(new TinyGraph().op("y", "relu", "x").returns("y")));
    module.close();
    module.close();
    assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(0)), Arena.ofAuto()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aTamperedLibraryIsUnpackedAgain() throws Exception {
    Path file = lower(new TinyGraph().op("y", "relu", "x").returns("y"));
    LoadSettings settings = new LoadSettings(folder.resolve("cache"), 0);
    LoweredModule.load(file, settings).close();
    try (var unpacked = Files.list(folder.resolve("cache/lib"))) {
      Path library = unpacked.findFirst().orElseThrow();
      Files.delete(library);
      Files.write(library, new byte[] {1, 2, 3});
    }
    try (LoweredModule module = LoweredModule.load(file, settings);
        Arena arena = Arena.ofConfined()) {
      assertThat(TinyGraph.read(module.run(List.of(TinyGraph.ramp(-3)), arena).getFirst()))
          .containsExactly(relu(-3));
    }
  }
}
