package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IoPrecisionTest {
  private static final TensorMeta NUMBERS = TensorMeta.contiguous(DType.INT64, 3, 4);

  private static DType typeOf(FxGraph graph, Arg output) {
    return graph.values().get(((Arg.Value) output).name()).tensor().dtype();
  }

  private static List<DType> outputTypes(FxGraph graph) {
    return graph.outputs().stream().map(output -> typeOf(graph, output)).toList();
  }

  /** {@code y = x + cache; cache = y; return y, n, x}. */
  private static FxGraph writing() {
    return new TinyGraph()
        .input("x", TinyGraph.TYPE)
        .input("n", NUMBERS)
        .input("cache", TinyGraph.TYPE)
        .op("y", "add.Tensor", "x", "cache")
        .returns("y", "n", "x", "y")
        .withSignature(
            new GraphSignature(
                List.of(),
                List.of(),
                List.of(new GraphSignature.InputMutation("cache", 3)),
                List.of()));
  }

  @Test
  void asTheModelSaysTheGraphStaysAsItIs() {
    FxGraph graph = writing();
    assertThat(IoPrecision.OF_MODEL.of(graph)).isSameAs(graph);
  }

  @Test
  void inputsAreConvertedOnceAndWhatIsWrittenBackIsOfTheirType() {
    FxGraph graph = new IoPrecision(Optional.of(Precision.FP16), Optional.empty()).of(writing());
    assertThat(graph.inputs()).extracting(FxValue::name).containsExactly("x", "n", "cache");
    assertThat(graph.inputs())
        .extracting(value -> value.tensor().dtype())
        .containsExactly(DType.FLOAT16, DType.INT64, DType.FLOAT16);
    assertThat(graph.nodes()).filteredOn(IoPrecisionTest::isCast).hasSize(3);
    FxNode sum =
        graph.nodes().stream().filter(node -> node.name().equals("y")).findFirst().orElseThrow();
    assertThat(sum.inputs())
        .hasSize(2)
        .allSatisfy(
            name -> assertThat(graph.values().get(name).tensor().dtype()).isEqualTo(DType.FLOAT32));
    assertThat(outputTypes(graph))
        .containsExactly(DType.FLOAT32, DType.INT64, DType.FLOAT32, DType.FLOAT16);
  }

  @Test
  void outputsAreConvertedAndTheModelsInputsAreNot() {
    FxGraph graph = new IoPrecision(Optional.empty(), Optional.of(Precision.BF16)).of(writing());
    assertThat(graph.inputs()).isEqualTo(writing().inputs());
    assertThat(outputTypes(graph))
        .containsExactly(DType.BFLOAT16, DType.INT64, DType.BFLOAT16, DType.FLOAT32);
  }

  @Test
  void noTensorIsOfTf32() {
    Optional<Precision> tf32 = Optional.of(Precision.TF32);
    assertThatThrownBy(() -> new IoPrecision(Optional.empty(), tf32))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("use fp32");
  }

  private static boolean isCast(FxNode node) {
    return node.target().name().equals("_to_copy");
  }
}
