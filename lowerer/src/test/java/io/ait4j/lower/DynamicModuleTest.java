package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicModuleTest {
  private static final Dim ROWS = Dim.symbol("rows", 1, 9);
  private static final TensorMeta TABLE =
      TensorMeta.contiguous(DType.FLOAT32, List.of(ROWS, Dim.of(2)));

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

  private NativeTensor ramp(long... sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return NativeTensor.contiguous(
        DType.FLOAT32, sizes, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "aten::neg", "aten::tanh", "aten::neg,aten::tanh"})
  void oneModuleServesEverySizeInItsRange(String onLibtorch) {
    FxGraph graph =
        new TinyGraph()
            .input("x", TABLE)
            .op("y", TABLE, "neg", new Arg.Value("x"))
            .op("z", TABLE, "tanh", new Arg.Value("y"))
            .returns("z");
    try (LoweredModule module = load(graph, onLibtorch.split(","))) {
      assertThat(module.symbols()).extracting(Dim.Symbol::name).containsExactly("rows");
      for (long rows : new long[] {1, 9, 7, 2}) {
        NativeTensor out = module.run(List.of(ramp(rows, 2)), arena).getFirst();
        assertThat(out.sizes()).containsExactly(rows, 2);
        float[] values = TinyGraph.read(out);
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).isEqualTo((float) Math.tanh(-i), within(1e-6f));
        }
      }
    }
  }

  @Test
  void aPartOnLibtorchKnowsSizesThatItsInputsDoNotShow() {
    // The number of rows reaches ones() only as an argument: the part has no input at all.
    Arg sizes = Arg.ofDims(List.of(ROWS, Dim.of(2)));
    FxGraph graph =
        new TinyGraph()
            .input("x", TABLE)
            .op(
                "ones",
                TABLE,
                "full",
                sizes,
                new Arg.Float(3),
                new Arg.Type(DType.FLOAT32),
                Arg.NONE,
                Arg.NONE,
                Arg.NONE)
            .op("y", TABLE, "add.Tensor", new Arg.Value("x"), new Arg.Value("ones"), new Arg.Int(1))
            .returns("y", "ones");
    try (LoweredModule module = load(graph, "aten::full")) {
      assertThat(module.report().fallbackPartitions()).isOne();
      for (long rows : new long[] {4, 1}) {
        List<NativeTensor> outputs = module.run(List.of(ramp(rows, 2)), arena);
        assertThat(TinyGraph.read(outputs.get(0))).startsWith(3, 4);
        assertThat(outputs.get(1).sizes()).containsExactly(rows, 2);
      }
    }
  }

  @Test
  void aSizeThatIsReturnedIsANumber() {
    FxGraph graph = new TinyGraph().input("x", TABLE).returns("x");
    FxGraph withSize =
        graph.withOutputs(List.of(new Arg.Value("x"), Arg.of(ROWS.times(2).plus(1))));
    try (LoweredModule module = load(withSize)) {
      NativeTensor size = module.run(List.of(ramp(5, 2)), arena).get(1);
      assertThat(size.dtype()).isEqualTo(DType.INT64);
      assertThat(size.data().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(11);
    }
  }

  @Test
  void sizesOutsideTheRangeOrAgainstAGuardAreNamed() {
    FxGraph graph =
        new TinyGraph()
            .input("x", TABLE)
            .op("y", TABLE, "relu", new Arg.Value("x"))
            .returns("y")
            .withSignature(
                new GraphSignature(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(
                        new Guard(
                            ROWS.mod(2), Guard.Relation.EQ, Dim.ZERO, "view at model.py:3"))));
    try (LoweredModule module = load(graph)) {
      assertThat(module.run(List.of(ramp(4, 2)), arena)).hasSize(1);
      assertThatThrownBy(() -> module.run(List.of(ramp(10, 2)), arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("rows = 10 (from input 0 'x', which is float32[10,2])")
          .hasMessageContaining("outside 1..9");
      assertThatThrownBy(() -> module.run(List.of(ramp(3, 2)), arena))
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
          .hasMessageContaining("rows = 3")
          .hasMessageContaining("(rows % 2) == 0")
          .hasMessageContaining("view at model.py:3");
    }
  }
}
