package io.ait4j.fx.export;

import static io.ait4j.fx.export.ExportFile.symbol;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.torchscript.GraphOracle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose sizes or course depend on data, run in libtorch. */
class DataDependentProgramsTest {
  @TempDir Path folder;

  private static List<Float> run(FxGraph graph, float... input) {
    GraphOracle oracle = new GraphOracle();
    List<IValue> results = oracle.run(graph, List.of(new IValue(torch.tensor(input))));
    assertThat(oracle.disagreements()).isEmpty();
    Tensor result = results.getFirst().toTensor().contiguous();
    float[] elements = new float[(int) result.numel()];
    result.data_ptr_float().get(elements);
    List<Float> boxed = new java.util.ArrayList<>();
    for (float e : elements) {
      boxed.add(e);
    }
    return boxed;
  }

  private static ObjectNode unary(String target) {
    ObjectNode body =
        ExportFile.subgraph(
            Map.of("u", new Object[] {2}, "v", new Object[] {2}), List.of("u"), "v");
    ExportFile.add(body, target, List.of("self=%u"), "v");
    return body;
  }

  private static ExportFile conditional(String predicate) {
    return new ExportFile()
        .input("x", 2)
        .node("torch.ops.aten.sum.default", List.of("self=%x"), "s")
        .value("s")
        .node("torch.ops.aten.gt.Scalar", List.of("self=%s", "other={`as_int`:0}"), "p")
        .typed("p", 12)
        .node(
            "torch.ops.higher_order.cond",
            List.of(
                "=" + predicate,
                "=" + ExportFile.graphArgument(unary("torch.ops.aten.neg.default")),
                "=" + ExportFile.graphArgument(unary("torch.ops.aten.exp.default")),
                "={`as_tensors`:[{`name`:`x`}]}"),
            "{`as_tensors`:[{`name`:`y`}]}")
        .value("y", 2)
        .output("y");
  }

  @Test
  void aConditionOnDataIsOneNodeWithTwoBlocks() {
    try (ImportedModel model = conditional("%p").read(folder)) {
      assertThat(run(model.graph(), 1, 2)).containsExactly(-1f, -2f);
      assertThat(run(model.graph(), -1, 0)).containsExactly((float) Math.exp(-1), 1f);
      assertThat(model.graph().nodes().getLast().result().meta())
          .isEqualTo(TensorMeta.contiguous(io.ait4j.fx.DType.FLOAT32, 2));
    }
  }

  @Test
  void aConditionThatIsKnownTakesItsBranch() {
    try (ImportedModel model = conditional("{`as_bool`:false}").read(folder)) {
      assertThat(model.graph().nodes())
          .singleElement()
          .satisfies(n -> assertThat(n.target()).hasToString("aten::exp"));
    }
  }

  @Test
  void aBranchThatWritesToTensorsOutsideIsRefused() {
    ObjectNode body = unary("torch.ops.aten.relu_.default");
    ExportFile file =
        new ExportFile()
            .input("x", 2)
            .typedInput("p", 12)
            .node(
                "torch.ops.higher_order.cond",
                List.of(
                    "=%p",
                    "=" + ExportFile.graphArgument(body),
                    "=" + ExportFile.graphArgument(body),
                    "=%x"),
                "y")
            .value("y", 2)
            .output("y");
    assertThatThrownBy(() -> file.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("writes to tensors from outside");
  }

  @Test
  void aLoopRunsUntilItsConditionFails() {
    ObjectNode condition =
        ExportFile.subgraph(Map.of("u", new Object[] {2}, "s", new Object[] {}), List.of("u"), "c");
    ExportFile.add(condition, "torch.ops.aten.sum.default", List.of("self=%u"), "s");
    ExportFile.add(
        condition, "torch.ops.aten.lt.Scalar", List.of("self=%s", "other={`as_int`:100}"), "c");
    ((ObjectNode) condition.get("tensor_values")).set("c", ExportFile.tensor(12));
    ObjectNode body =
        ExportFile.subgraph(
            Map.of("u", new Object[] {2}, "v", new Object[] {2}), List.of("u"), "v");
    ExportFile.add(
        body, "torch.ops.aten.mul.Tensor", List.of("self=%u", "other={`as_int`:2}"), "v");
    ExportFile file =
        new ExportFile()
            .input("x", 2)
            .node(
                "torch.ops.higher_order.while_loop",
                List.of(
                    "=" + ExportFile.graphArgument(condition),
                    "=" + ExportFile.graphArgument(body),
                    "={`as_tensors`:[{`name`:`x`}]}",
                    "={`as_tensors`:[]}"),
                "{`as_tensors`:[{`name`:`y`}]}")
            .value("y", 2)
            .output("y");
    try (ImportedModel model = file.read(folder)) {
      assertThat(run(model.graph(), 1, 2)).containsExactly(64f, 128f);
      assertThat(run(model.graph(), 60, 60)).containsExactly(60f, 60f);
    }
  }

  @Test
  void sizesThatDataDecidesLeaveTensorsOpaqueUntilTheFileKnowsMore() {
    String u0 = symbol("u0");
    ExportFile file =
        new ExportFile()
            .input("x", 4)
            .node("torch.ops.aten.nonzero.default", List.of("self=%x"), "n")
            .typed("n", 5, u0, 1)
            .node(
                "torch.ops.aten.sym_size.int",
                List.of("self=%n", "dim={`as_int`:0}"),
                "{`as_sym_int`:{`as_name`:`count`}}")
            .size("count", u0)
            .node(
                "_operator.mul",
                List.of("a={`as_sym_int`:{`as_name`:`count`}}", "b={`as_int`:2}"),
                "{`as_sym_int`:{`as_name`:`twice`}}")
            .size("twice", "Mul(Integer(2), " + u0 + ")")
            .node(
                "_operator.ge",
                List.of("a={`as_sym_int`:{`as_name`:`count`}}", "b={`as_int`:0}"),
                "{`as_sym_bool`:{`as_name`:`ge`}}")
            .truth("ge", "GreaterThan(" + u0 + ", Integer(0))")
            .node(
                "torch.ops.aten._assert_scalar.default",
                List.of("self={`as_sym_bool`:{`as_name`:`ge`}}", "assert_msg={`as_string`:`m`}"))
            .node(
                "torch.ops.aten.full.default",
                List.of(
                    "size={`as_sym_ints`:[{`as_name`:`twice`}]}",
                    "fill_value={`as_float`:1.5}",
                    "dtype={`as_scalar_type`:7}"),
                "f")
            .value("f", "Mul(Integer(2), " + u0 + ")")
            .node("torch.ops.aten.sum.default", List.of("self=%f"), "s")
            .value("s")
            .node("torch.ops.aten.mul.Tensor", List.of("self=%x", "other=%s"), "y")
            .value("y", 4)
            .output("y");
    try (ImportedModel model = file.read(folder)) {
      FxGraph graph = model.graph();
      assertThat(graph.signature().guards()).isEmpty();
      assertThat(graph.nodes().getFirst().result().meta())
          .isEqualTo(new ValueMeta.Opaque("Tensor"));
      assertThat(graph.nodes().getLast().result().meta()).isInstanceOf(TensorMeta.class);
      assertThat(run(graph, 1, 0, 2, 3)).containsExactly(9f, 0f, 18f, 27f);
    }
  }

  @Test
  void whatTheFileKnowsOfSizesIsDemandedOfThem() {
    String s0 = symbol("s0");
    String half = "FloorDiv(" + s0 + ", Integer(2))";
    ExportFile file =
        new ExportFile()
            .bounds("s0", 2L, 64L)
            .input("x", s0)
            .node(
                "torch.ops.aten.sym_size.int",
                List.of("self=%x", "dim={`as_int`:0}"),
                "{`as_sym_int`:{`as_name`:`n`}}")
            .size("n", s0)
            .size("half", half)
            .node(
                "torch.ops.aten.view.default",
                List.of("self=%x", "size={`as_sym_ints`:[{`as_name`:`half`},{`as_int`:2}]}"),
                "y")
            .value("y", half, 2)
            .node("torch.ops.aten.neg.default", List.of("self=%y"), "z")
            .value("z", half, 2)
            .output("z");
    try (ImportedModel model = file.read(folder)) {
      assertThat(model.graph().signature().guards())
          .singleElement()
          .satisfies(
              g -> {
                assertThat(g.holds(Map.of("s0", 6L))).isTrue();
                assertThat(g.holds(Map.of("s0", 7L))).isFalse();
              });
      assertThat(model.graph().nodes().getLast().result().tensor().shape())
          .hasToString("[(s0 // 2), 2]");
    }
  }

  @Test
  void numbersReadFromTensorsReachOperators() {
    String u0 = symbol("u0");
    ExportFile file =
        new ExportFile()
            .input("x", 3)
            .node("torch.ops.aten.sum.default", List.of("self=%x"), "s")
            .value("s")
            .node("torch.ops.aten.to.dtype", List.of("self=%s", "dtype={`as_scalar_type`:5}"), "t")
            .typed("t", 5)
            .node(
                "torch.ops.aten.item.default", List.of("self=%t"), "{`as_sym_int`:{`as_name`:`i`}}")
            .size("i", u0)
            .node(
                "torch.ops.aten.arange.default",
                List.of("end={`as_sym_int`:{`as_name`:`i`}}", "dtype={`as_scalar_type`:7}"),
                "a")
            .value("a", u0)
            .output("a");
    try (ImportedModel model = file.read(folder)) {
      assertThat(run(model.graph(), 1, 1, 2)).containsExactly(0f, 1f, 2f, 3f);
    }
  }
}
