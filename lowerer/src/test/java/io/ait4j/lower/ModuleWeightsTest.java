package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleWeightsTest {
  @TempDir Path folder;

  private LoweredModule load(FxGraph graph, LowerSettings.Constants kept, String... excluded) {
    Path file = folder.resolve("model.aitm");
    try (Arena work = Arena.ofShared()) {
      LowerSettings settings =
          LowerSettings.DEFAULT.withConstants(kept).withExcludedOps(Set.of(excluded));
      AitLowerer.lower(graph, settings, work, step -> {}).write(file);
    }
    return LoweredModule.load(file);
  }

  /** abs(w) is folded; v is read as it is. */
  private static FxGraph foldedAndKept() {
    return new TinyGraph()
        .weight("w", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        .weight("v", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
        .op("e", "abs", "w")
        .op("a", "add.Tensor", "x", "e")
        .op("y", "mul.Tensor", "a", "v")
        .returns("y");
  }

  /** Both partitions read w, with libtorch between them. */
  private static FxGraph twoReaders() {
    return new TinyGraph()
        .weight("w", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        .op("a", "add.Tensor", "x", "w")
        .op("t", "neg", "a")
        .op("y", "add.Tensor", "t", "w")
        .returns("a", "y");
  }

  private static NativeTensor filled(float value) {
    float[] values = new float[12];
    java.util.Arrays.fill(values, value);
    return TinyGraph.floats(values);
  }

  private static float[] run(LoweredModule module, float x) {
    try (Arena arena = Arena.ofConfined()) {
      return TinyGraph.read(module.run(List.of(filled(x)), arena).getFirst());
    }
  }

  @Test
  void newValuesAreFoldedAndReadFromTheNextRunOn() {
    try (LoweredModule module = load(foldedAndKept(), LowerSettings.Constants.UPDATABLE)) {
      assertThat(module.weights()).containsOnlyKeys("module.w", "module.v");
      assertThat(run(module, 2)).containsOnly(2);
      module.setWeights(Map.of("module.w", filled(-3), "module.v", filled(10)));
      assertThat(run(module, 2)).containsOnly((2 + 3) * 10);
      try (Arena brief = Arena.ofConfined()) {
        NativeTensor columns =
            new NativeTensor(
                DType.FLOAT32,
                TinyGraph.SHAPE,
                new long[] {1, 3},
                Tensors.copy(TinyGraph.ramp(0), bytes -> brief.allocate(bytes, 4)).data());
        module.setWeights(Map.of("module.w", columns));
      }
      assertThat(run(module, 2)).startsWith(20, 20 + 30, 20 + 60, 20 + 90, 20 + 10);
    }
  }

  @Test
  void aWeightOfOtherStridesTakesItsElementsInTheirPlaces() {
    TensorMeta columns = new TensorMeta(DType.FLOAT32, TinyGraph.TYPE.shape(), Dim.ofAll(1, 3));
    FxGraph graph =
        new TinyGraph()
            .weight("w", columns, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            .op("y", "add.Tensor", "x", "w")
            .returns("y");
    try (LoweredModule module = load(graph, LowerSettings.Constants.BOUND)) {
      module.setWeights(Map.of("module.w", TinyGraph.ramp(0)));
      assertThat(run(module, 0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }
  }

  @Test
  void aFileThatKeepsOnlyWhatWasFoldedSaysSo() {
    try (LoweredModule module = load(foldedAndKept(), LowerSettings.Constants.BOUND)) {
      assertThat(module.weights()).isEmpty();
      assertThatThrownBy(() -> module.setWeights(Map.of("module.v", filled(10))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("--constants updatable");
      assertThat(run(module, 2)).containsOnly(2);
    }
  }

  @Test
  void whatCannotBeSetIsNamedAndNothingChanges() {
    try (LoweredModule module = load(foldedAndKept(), LowerSettings.Constants.UPDATABLE)) {
      NativeTensor wide = NativeTensor.contiguous(DType.FLOAT32, new long[] {12}, filled(1).data());
      assertThatThrownBy(() -> module.setWeights(Map.of("module.w", filled(5), "module.v", wide)))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("weight 'module.v' is float32[3,4], got float32[12]");
      assertThatThrownBy(() -> module.setWeights(Map.of("bias", filled(5))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("no weight 'bias'; it has [module.")
          .hasMessageContaining("module.w");
      assertThat(run(module, 2)).containsOnly(2);
    }
    LoweredModule onLibtorch =
        load(
            new TinyGraph()
                .weight("w", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                .op("y", "add.Tensor", "x", "w")
                .op("z", "neg", "y")
                .returns("z"),
            LowerSettings.Constants.UPDATABLE,
            "aten::add");
    try (onLibtorch) {
      assertThatThrownBy(() -> onLibtorch.setWeights(Map.of("module.w", filled(5))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("runs on libtorch");
    }
    assertThatThrownBy(() -> onLibtorch.setWeights(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the module is closed");
  }

  /** a = x + w and y = -a + w come from two libraries: y + a = 2 w only if both read one w. */
  @Test
  void noRunReadsTheWeightsOfTwoGenerations() throws Exception {
    try (LoweredModule module = load(twoReaders(), LowerSettings.Constants.UPDATABLE, "aten::neg");
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> runs = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        runs.add(
            threads.submit(
                () -> {
                  int seen = 0;
                  float last = -1;
                  while (!done.get()) {
                    try (Arena arena = Arena.ofConfined()) {
                      List<NativeTensor> out = module.run(List.of(filled(1)), arena);
                      float w = TinyGraph.read(out.get(0))[0] - 1;
                      assertThat(TinyGraph.read(out.get(0))).containsOnly(1 + w);
                      assertThat(TinyGraph.read(out.get(1))).containsOnly(-1);
                      assertThat(w).isGreaterThanOrEqualTo(last);
                      seen += w > last ? 1 : 0;
                      last = w;
                    }
                  }
                  return seen;
                }));
      }
      try {
        for (int w = 1; w <= 40; w++) {
          module.setWeights(Map.of("module.w", filled(w)));
          Thread.yield();
        }
        assertThat(run(module, 1)).containsOnly(41);
      } finally {
        done.set(true);
      }
      for (Future<Integer> run : runs) {
        assertThat(run.get()).isPositive();
      }
    }
  }
}
