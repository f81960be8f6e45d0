package io.ait4j.fx.export;

import static io.ait4j.fx.export.ExportFile.json;
import static io.ait4j.fx.export.ExportFile.symbol;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.Zips;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportReaderTest {
  private static final String S0 = symbol("s0");

  @TempDir Path folder;

  private static List<String> targets(FxGraph graph) {
    return graph.nodes().stream().map(n -> n.target().toString()).toList();
  }

  private ExportFile linear() {
    return new ExportFile()
        .parameter("p_w", "fc.weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
        .buffer("b_b", "fc.bias", new float[] {7, 8}, 2)
        .input("x", 4, 3)
        .node("torch.ops.aten.linear.default", List.of("input=%x", "weight=%p_w", "bias=%b_b"), "y")
        .value("y", 4, 2)
        .output("y");
  }

  @Test
  void readsWeightsInPlaceAndNamesNodesByTheirSource() {
    try (ImportedModel model = linear().read(folder)) {
      FxGraph graph = model.graph();
      assertThat(graph.inputs())
          .containsExactly(new FxValue("x", TensorMeta.contiguous(DType.FLOAT32, 4, 3)));
      FxNode node = graph.nodes().getFirst();
      assertThat(node.target()).hasToString("aten::linear");
      assertThat(node.source()).isEqualTo("net.py:7 in a.b");
      assertThat(node.result().meta()).isEqualTo(TensorMeta.contiguous(DType.FLOAT32, 4, 2));
      Weight weight =
          graph.weights().values().stream()
              .filter(w -> w.name().equals("fc.weight"))
              .findFirst()
              .orElseThrow();
      assertThat(weight.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(graph.signature().states()).isEmpty();
    }
  }

  @Test
  void readsArchivesWithoutTheCommonFolderAndOfOlderNames() {
    ExportFile file = linear();
    file.root = "";
    file.entries.put("data/weights/model_model_param_config.json", ExportFile.config(file.weights));
    Path written = file.write(folder);
    file.entries.remove("data/weights/model_weights_config.json");
    written = ExportFile.zip(folder, "", file.entries);
    try (ImportedModel model = ExportReader.read(written, List.of())) {
      assertThat(model.graph().weights()).hasSize(2);
    }
  }

  @Test
  void weightsAreViewsOfStoragesThatTheyMayShare() {
    ExportFile file = new ExportFile().input("x", 2);
    file.entries.put("data/weights/weight_0", Zips.floats(1, 2, 3, 4, 5, 6));
    var second = ExportFile.tensor(7, 2);
    second.set("storage_offset", ExportFile.size(1));
    ((ArrayNode) second.get("strides")).removeAll().add(ExportFile.size(3));
    file.stored("parameter", "p_a", "a", file.weights, "weight_0", ExportFile.tensor(7, 6))
        .stored("parameter", "p_b", "b", file.weights, "weight_0", second)
        .node("torch.ops.aten.add.Tensor", List.of("self=%x", "other=%p_b"), "y")
        .value("y", 2)
        .node("torch.ops.aten.sum.default", List.of("self=%p_a"), "z")
        .value("z")
        .node("torch.ops.aten.add.Tensor", List.of("self=%y", "other=%z"), "w")
        .value("w", 2)
        .output("w");
    try (ImportedModel model = file.read(folder)) {
      Weight a = weight(model, "a");
      Weight b = weight(model, "b");
      assertThat(b.meta().strides()).containsExactly(Dim.of(3));
      assertThat(b.data().getAtIndex(ValueLayout.JAVA_FLOAT, 3)).isEqualTo(5);
      assertThat(b.data().address()).isEqualTo(a.data().address() + 4);
    }
  }

  private static Weight weight(ImportedModel model, String name) {
    return model.graph().weights().values().stream()
        .filter(w -> w.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void constantsComeFromTheirOwnFolder() {
    ExportFile file = new ExportFile();
    file.entries.put("data/constants/tensor_0", Zips.floats(3));
    file.stored(
            "tensor_constant", "c_0", "lifted", file.constants, "tensor_0", ExportFile.tensor(7))
        .input("x", 2)
        .node("torch.ops.aten.lift_fresh_copy.default", List.of("self=%c_0"), "l")
        .value("l")
        .node("torch.ops.aten.mul.Tensor", List.of("self=%x", "other=%l"), "y")
        .value("y", 2)
        .output("y");
    try (ImportedModel model = file.read(folder)) {
      assertThat(targets(model.graph())).containsExactly("aten::mul.Tensor");
      assertThat(weight(model, "lifted").data().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(3);
    }
  }

  @Test
  void everyKindOfArgumentReachesItsParameter() {
    ExportFile file =
        new ExportFile()
            .input("x", 4, 6)
            .typedInput("i", 5, 3)
            .node(
                "torch.ops.aten.split_with_sizes.default",
                List.of("self=%x", "split_sizes={`as_ints`:[2,4]}", "dim={`as_int`:1}"),
                "{`as_tensors`:[{`name`:`a`},{`name`:`b`}]}")
            .value("a", 4, 2)
            .value("b", 4, 4)
            .node(
                "torch.ops.aten.index.Tensor",
                List.of(
                    "self=%b",
                    "indices={`as_optional_tensors`:[{`as_none`:true},{`as_tensor`:{`name`:`i`}}]}"),
                "c")
            .value("c", 4, 3)
            .node(
                "torch.ops.aten.clamp.default",
                List.of("self=%c", "min={`as_float`:`-Infinity`}", "max={`as_float`:`NaN`}"),
                "d")
            .value("d", 4, 3)
            .node(
                "torch.ops.aten.gelu.default",
                List.of("self=%d", "approximate={`as_string`:`tanh`}"),
                "e")
            .value("e", 4, 3)
            .node(
                "torch.ops.aten.cat.default",
                List.of("tensors={`as_tensors`:[{`name`:`a`},{`name`:`e`}]}", "dim={`as_int`:-1}"),
                "f")
            .value("f", 4, 5)
            .node(
                "torch.ops.aten._to_copy.default",
                List.of(
                    "self=%f",
                    "dtype={`as_scalar_type`:6}",
                    "layout={`as_layout`:7}",
                    "device={`as_device`:{`type`:`cpu`,`index`:null}}",
                    "memory_format={`as_memory_format`:1}",
                    "non_blocking={`as_bool`:false}"),
                "g")
            .typed("g", 6, 4, 5)
            .node("torch.ops.aten.mul.Tensor", List.of("self=%g", "other={`as_float`:0.5}"), "h")
            .typed("h", 6, 4, 5)
            .output("h");
    String text = file.program.toString().replace("\"-Infinity\"", "-Infinity");
    file.entries.put("models/model.json", ExportFile.text(text));
    try (ImportedModel model = file.read(folder)) {
      FxGraph graph = model.graph();
      FxNode clamp = node(graph, "aten::clamp");
      assertThat(clamp.args().subList(1, 3))
          .containsExactly(new Arg.Float(Double.NEGATIVE_INFINITY), new Arg.Float(Double.NaN));
      assertThat(node(graph, "aten::gelu").args().get(1)).isEqualTo(new Arg.Str("tanh"));
      assertThat(node(graph, "aten::index.Tensor").args().get(1))
          .isInstanceOfSatisfying(
              Arg.Sequence.class, s -> assertThat(s.elements().getFirst()).isEqualTo(Arg.NONE));
      assertThat(graph.values().get(((Arg.Value) graph.outputs().getFirst()).name()).meta())
          .isEqualTo(TensorMeta.contiguous(DType.FLOAT16, 4, 5));
    }
  }

  private static FxNode node(FxGraph graph, String target) {
    return graph.nodes().stream()
        .filter(n -> n.target().toString().equals(target))
        .findFirst()
        .orElseThrow(() -> new AssertionError(graph));
  }

  @Test
  void writesInPlaceBecomeFunctionalWhereverTheMemoryIsSeen() {
    ExportFile file =
        new ExportFile()
            .input("x", 2, 3)
            .node("torch.ops.aten.relu.default", List.of("self=%x"), "a")
            .value("a", 2, 3)
            .node(
                "torch.ops.aten.select.int",
                List.of("self=%a", "dim={`as_int`:0}", "index={`as_int`:1}"),
                "b")
            .value("b", 3)
            .node("torch.ops.aten.add_.Tensor", List.of("self=%b", "other={`as_int`:1}"), "c")
            .value("c", 3)
            .node("torch.ops.aten.neg.default", List.of("self=%a"), "d")
            .value("d", 2, 3)
            .output("d");
    try (ImportedModel model = file.read(folder)) {
      FxGraph graph = model.graph();
      assertThat(targets(graph)).contains("aten::add.Tensor").doesNotContain("aten::add_.Tensor");
      String read = ((Arg.Value) node(graph, "aten::neg").args().getFirst()).name();
      assertThat(graph.producers().get(read).target().toString()).isNotEqualTo("aten::relu");
    }
  }

  @Test
  void buffersAndInputsThatTheProgramWritesAreStateAndOutputs() {
    ExportFile file =
        new ExportFile()
            .buffer("b_n", "count", new float[] {5}, 1)
            .input("x", 1)
            .node("torch.ops.aten.add_.Tensor", List.of("self=%b_n", "other={`as_int`:1}"), "n")
            .value("n", 1)
            .node("torch.ops.aten.mul_.Tensor", List.of("self=%x", "other=%n"), "m")
            .value("m", 1)
            .node("torch.ops.aten.neg.default", List.of("self=%m"), "y")
            .value("y", 1)
            .output("y");
    try (ImportedModel model = file.read(folder)) {
      FxGraph graph = model.graph();
      assertThat(graph.signature().inputMutations())
          .singleElement()
          .satisfies(m -> assertThat(m.input()).isEqualTo("x"));
      assertThat(graph.signature().states())
          .singleElement()
          .satisfies(
              s -> {
                assertThat(s.initial().name()).isEqualTo("count");
                assertThat(s.initial().data().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(5);
                assertThat(graph.inputs().stream().map(FxValue::name)).contains(s.input());
              });
      assertThat(graph.attributes()).isEmpty();
      assertThat(graph.outputs()).hasSize(3);
      assertThat(graph.signature().userOutputs(graph)).isEqualTo(1);
      assertThat(node(graph, "aten::neg").result().name())
          .isEqualTo(((Arg.Value) graph.outputs().getFirst()).name());
    }
  }

  @Test
  void mutationsThatTheSignatureNamesComeAfterTheUsersOutputs() {
    ExportFile file =
        new ExportFile()
            .buffer("b_n", "count", new float[] {5}, 1)
            .input("x", 1)
            .node("torch.ops.aten.add.Tensor", List.of("self=%b_n", "other={`as_int`:1}"), "n")
            .value("n", 1)
            .node("torch.ops.aten.mul.Tensor", List.of("self=%x", "other=%n"), "m")
            .value("m", 1)
            .outputSpec("{`buffer_mutation`:{`arg`:{`name`:`n`},`buffer_name`:`count`}}", "n")
            .outputSpec("{`user_input_mutation`:{`arg`:{`name`:`m`},`user_input_name`:`x`}}", "m")
            .output("m");
    try (ImportedModel model = file.read(folder)) {
      FxGraph graph = model.graph();
      assertThat(graph.signature().userOutputs(graph)).isEqualTo(1);
      assertThat(graph.signature().states())
          .singleElement()
          .satisfies(s -> assertThat(s.output()).isEqualTo(1));
      assertThat(graph.signature().inputMutations())
          .singleElement()
          .satisfies(m -> assertThat(m.output()).isEqualTo(2));
      assertThat(graph.outputs().getFirst()).isEqualTo(graph.outputs().get(2));
    }
  }

  @Test
  void statisticsThatWouldBeUpdatedUnseenAreRefused() {
    ExportFile file =
        new ExportFile()
            .buffer("b_m", "mean", new float[] {0, 0}, 2)
            .buffer("b_v", "var", new float[] {1, 1}, 2)
            .input("x", 3, 2)
            .node(
                "torch.ops.aten.batch_norm.default",
                List.of(
                    "input=%x",
                    "weight={`as_none`:true}",
                    "bias={`as_none`:true}",
                    "running_mean=%b_m",
                    "running_var=%b_v",
                    "training={`as_bool`:true}",
                    "momentum={`as_float`:0.1}",
                    "eps={`as_float`:1e-5}",
                    "cudnn_enabled={`as_bool`:true}"),
                "y")
            .value("y", 3, 2)
            .output("y");
    assertThatThrownBy(() -> file.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("aten::batch_norm", "running statistics", "eval");
  }

  @Test
  void aWrittenBufferMustNotShareItsMemory() {
    ExportFile file = new ExportFile();
    file.entries.put("data/weights/weight_0", Zips.floats(1));
    file.stored("buffer", "b_a", "a", file.weights, "weight_0", ExportFile.tensor(7, 1))
        .stored("buffer", "b_b", "b", file.weights, "weight_0", ExportFile.tensor(7, 1))
        .node("torch.ops.aten.add_.Tensor", List.of("self=%b_a", "other=%b_b"), "y")
        .value("y", 1)
        .output("y");
    assertThatThrownBy(() -> file.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("buffer a", "shares memory with b");
  }

  @Test
  void sizesAreExpressionsAndWhatComputesThemVanishes() {
    ExportFile file =
        new ExportFile()
            .bounds("s0", 2L, 16L)
            .input("x", S0, 6)
            .node(
                "torch.ops.aten.sym_size.int",
                List.of("self=%x", "dim={`as_int`:0}"),
                "{`as_sym_int`:{`as_name`:`n`}}")
            .size("n", S0)
            .node(
                "_operator.mul",
                List.of("a={`as_sym_int`:{`as_name`:`n`}}", "b={`as_int`:2}"),
                "{`as_sym_int`:{`as_name`:`m`}}")
            .size("m", "Mul(Integer(2), " + S0 + ")")
            .node(
                "torch.ops.aten.view.default",
                List.of("self=%x", "size={`as_sym_ints`:[{`as_name`:`m`},{`as_int`:3}]}"),
                "y")
            .value("y", "Mul(Integer(2), " + S0 + ")", 3)
            .node(
                "_operator.gt",
                List.of("a={`as_sym_int`:{`as_name`:`n`}}", "b={`as_int`:3}"),
                "{`as_sym_bool`:{`as_name`:`gt`}}")
            .truth("gt", "StrictGreaterThan(" + S0 + ", Integer(3))")
            .node(
                "torch.ops.aten._assert_scalar.default",
                List.of("self={`as_sym_bool`:{`as_name`:`gt`}}", "assert_msg={`as_string`:`m`}"))
            .output("y");
    try (ImportedModel model = file.read(folder)) {
      FxGraph graph = model.graph();
      Dim s0 = Dim.symbol("s0", 2, 16);
      assertThat(graph.inputs().getFirst().tensor().shape()).containsExactly(s0, Dim.of(6));
      assertThat(targets(graph)).containsExactly("aten::view");
      assertThat(graph.nodes().getFirst().result().tensor().shape())
          .containsExactly(s0.times(2), Dim.of(3));
      assertThat(graph.nodes().getFirst().result().tensor().shape().getFirst().max()).isEqualTo(32);
      assertThat(graph.signature().guards())
          .singleElement()
          .satisfies(
              g -> {
                assertThat(g.left()).isEqualTo(Dim.of(3));
                assertThat(g.relation()).isEqualTo(Guard.Relation.LT);
                assertThat(g.right()).isEqualTo(s0);
              });
    }
  }

  @Test
  void constantInputsAreFoldedAndNoneIsNoOutput() {
    ExportFile file =
        new ExportFile()
            .inputSpec("{`constant_input`:{`name`:`scale`,`value`:{`as_float`:2.0}}}")
            .inputSpec("{`user_input`:{`arg`:{`as_none`:true}}}")
            .input("x", 2)
            .node("torch.ops.aten.mul.Tensor", List.of("self=%x", "other={`as_float`:2.0}"), "y")
            .value("y", 2)
            .outputSpec("{`user_output`:{`arg`:{`as_none`:true}}}", "y")
            .output("y");
    try (ImportedModel model = file.read(folder)) {
      assertThat(model.graph().inputs()).hasSize(1);
      assertThat(model.graph().outputs()).hasSize(1);
    }
  }

  @Test
  void outputsAreCalledByTheKeysOfTheDictionaryTheyComeIn() {
    ExportFile file =
        new ExportFile()
            .input("x", 2)
            .node("torch.ops.aten.neg.default", List.of("self=%x"), "y")
            .value("y", 2)
            .output("y")
            .output("x")
            .output("y");
    String leaf = "{\\\"type\\\": null, \\\"context\\\": null, \\\"children_spec\\\": []}";
    String tree =
        "[1, {\\\"type\\\": \\\"builtins.dict\\\", \\\"context\\\": \\\"[\\\\\\\"a\\\\\\\", \\\\\\\"b\\\\\\\"]\\\","
            + " \\\"children_spec\\\": ["
            + leaf
            + ", {\\\"type\\\": \\\"builtins.tuple\\\", \\\"context\\\": \\\"null\\\", \\\"children_spec\\\": ["
            + leaf
            + ", "
            + leaf
            + "]}]}]";
    ((ArrayNode) file.program.at("/graph_module/module_call_graph"))
        .add(json("{`fqn`:``,`signature`:{`inputs`:[],`outputs`:[],`out_spec`:\"" + tree + "\"}}"));
    try (ImportedModel model = file.read(folder)) {
      assertThat(model.graph().signature().outputNames()).containsExactly("a", "b.0", "b.1");
    }
  }

  @Test
  void graphsThatOnlySayHowAreInlined() {
    var body =
        ExportFile.subgraph(
            java.util.Map.of("u", new Object[] {2}, "v", new Object[] {2}), List.of("u"), "v");
    ExportFile.add(body, "torch.ops.aten.exp.default", List.of("self=%u"), "v");
    ExportFile file =
        new ExportFile()
            .input("x", 2)
            .node(
                "torch.ops.higher_order.wrap_with_set_grad_enabled",
                List.of("={`as_bool`:false}", "=" + ExportFile.graphArgument(body), "=%x"),
                "{`as_tensors`:[{`name`:`y`}]}")
            .value("y", 2)
            .output("y");
    try (ImportedModel model = file.read(folder)) {
      assertThat(targets(model.graph())).containsExactly("aten::exp");
    }
  }

  /** Boxes as many as there are. */
  @Test
  void anOperatorOfTorchvisionThatTheCompilerHasIsRead() {
    try (ImportedModel model = regions(5).read(folder)) {
      FxNode node = model.graph().nodes().getLast();
      assertThat(node.target()).hasToString("torchvision::roi_align");
      Dim boxes = model.graph().inputs().getLast().tensor().shape().getFirst();
      assertThat(boxes.isConst()).isFalse();
      assertThat(node.result().tensor().shape())
          .containsExactly(boxes, Dim.of(3), Dim.of(4), Dim.of(6));
    }
    assertThatThrownBy(() -> regions(4).read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("torchvision::roi_align", "boxes of 4 numbers");
  }

  private static ExportFile regions(long numbers) {
    return new ExportFile()
        .input("x", 2, 3, 8, 9)
        .input("r", symbol("s0"), numbers)
        .bounds("s0", 2L, 50L)
        .node(
            "torch.ops.torchvision.roi_align.default",
            List.of(
                "input=%x",
                "rois=%r",
                "spatial_scale={`as_float`:0.5}",
                "pooled_height={`as_int`:4}",
                "pooled_width={`as_int`:6}",
                "sampling_ratio={`as_int`:2}",
                "aligned={`as_bool`:true}"),
            "y")
        .value("y", symbol("s0"), 3, 4, 6)
        .output("y");
  }
}
