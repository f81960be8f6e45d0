package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputMutationTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofAuto();

  private LoweredModule load(FxGraph graph, String... excluded) {
    Path file = folder.resolve("model.aitm");
    try (Arena work = Arena.ofShared()) {
      LowerSettings settings = LowerSettings.DEFAULT.withExcludedOps(Set.of(excluded));
      AitLowerer.lower(graph, settings, work, step -> {}).write(file);
    }
    return LoweredModule.load(file);
  }

  /** {@code before = cache.clone(); cache += x; return before}. */
  private static FxGraph writing() {
    return new TinyGraph()
        .input("x", TinyGraph.TYPE)
        .input("cache", TinyGraph.TYPE)
        .op("next", "add.Tensor", "cache", "x")
        .returns("cache", "next")
        .withSignature(
            new GraphSignature(
                List.of(),
                List.of(),
                List.of(new GraphSignature.InputMutation("cache", 1)),
                List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "aten::add"})
  void theCallersTensorHasTheNewContentAndTheOutputsTheOld(String onLibtorch) {
    try (LoweredModule module = load(writing(), onLibtorch)) {
      NativeTensor x = TinyGraph.ramp(1);
      NativeTensor cache = TinyGraph.ramp(10);
      assertThat(module.writtenInputs()).containsExactly(1);
      List<NativeTensor> outputs = module.run(List.of(x, cache), arena);
      assertThat(outputs).hasSize(1);
      assertThat(TinyGraph.read(outputs.getFirst())).startsWith(10, 11, 12);
      assertThat(TinyGraph.read(cache)).startsWith(11, 13, 15);
      assertThat(TinyGraph.read(x)).startsWith(1, 2, 3);
      assertThat(module.borderCopiesBytes()).isEqualTo(4 * 12);
    }
  }

  @Test
  void itsStridesAreKept() {
    NativeTensor columns =
        new NativeTensor(
            DType.FLOAT32, TinyGraph.SHAPE, new long[] {1, 3}, TinyGraph.ramp(10).data());
    try (LoweredModule module = load(writing())) {
      module.run(List.of(TinyGraph.ramp(0), columns), arena);
      assertThat(TinyGraph.read(columns)).startsWith(10, 11 + 4, 12 + 8, 13 + 1);
    }
  }

  @Test
  void twoInputsMayBeExchanged() {
    FxGraph swap =
        new TinyGraph()
            .input("a", TinyGraph.TYPE)
            .input("b", TinyGraph.TYPE)
            .returns("a", "b", "a")
            .withSignature(
                new GraphSignature(
                    List.of(),
                    List.of(),
                    List.of(
                        new GraphSignature.InputMutation("a", 1),
                        new GraphSignature.InputMutation("b", 2)),
                    List.of()));
    NativeTensor a = TinyGraph.ramp(0);
    NativeTensor b = TinyGraph.ramp(50);
    try (LoweredModule module = load(swap)) {
      module.run(List.of(a, b), arena);
    }
    assertThat(TinyGraph.read(a)[0]).isEqualTo(50);
    assertThat(TinyGraph.read(b)[0]).isZero();
  }

  @Test
  void whatCannotBeWrittenIsRefusedBeforeTheRun() {
    try (LoweredModule module = load(writing())) {
      NativeTensor cache = TinyGraph.ramp(10);
      NativeTensor readOnly =
          NativeTensor.contiguous(DType.FLOAT32, TinyGraph.SHAPE, cache.data().asReadOnly());
      assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(1), readOnly), arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("input 1 'cache' is read-only");
      NativeTensor expanded =
          new NativeTensor(DType.FLOAT32, TinyGraph.SHAPE, new long[] {0, 1}, cache.data());
      assertThatThrownBy(() -> module.run(List.of(TinyGraph.ramp(1), expanded), arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("share memory");
      List<NativeTensor> safe = module.writable(List.of(readOnly, readOnly), arena);
      assertThat(safe.get(0)).isSameAs(readOnly);
      module.run(safe, arena);
      assertThat(TinyGraph.read(safe.get(1))[0]).isEqualTo(20);
      assertThat(TinyGraph.read(cache)[0]).isEqualTo(10);
    }
  }
}
