package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static io.ait4j.fx.onnx.TestModel.info;
import static io.ait4j.fx.onnx.TestModel.nodeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import io.ait4j.fx.onnx.proto.FunctionMessage;
import io.ait4j.fx.onnx.proto.GraphMessage;
import io.ait4j.fx.onnx.proto.OperatorSetMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Branches, loops, sequences and functions: all gone after import. */
class ControlFlowTest {
  private static final DType F = DType.FLOAT32;
  private static final DType L = DType.INT64;

  private static GraphMessage branch(String operator, String output) {
    return GraphMessage.newBuilder()
        .setName(output)
        .addNode(nodeOf(operator, "x", output))
        .addOutput(info(output, F, null))
        .build();
  }

  @Test
  void knownBranches() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.init("two", test.scalar(L, 2)).init("i", test.scalar(L, 0));
    test.node("Shape", "x", "s").node("Gather", "s i", "n").node("Equal", "n two", "c");
    test.node(
        "If",
        "c",
        "y",
        attr("then_branch", branch("Relu", "t")),
        attr("else_branch", branch("Neg", "e")));
    FxGraph graph = Peer.check(test.out("y", F));
    assertThat(graph.nodes().stream().map(n -> n.target().name())).containsExactly("relu");
  }

  @Test
  void branchesOnDataStayWhole() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.in("c", test.scalar(DType.BOOL, 1));
    GraphMessage product =
        GraphMessage.newBuilder()
            .setName("product")
            .addInitializer(TestModel.message("w", test.random(F, 2, 3)))
            .addNode(nodeOf("Transpose", "w", "wt"))
            .addNode(nodeOf("Transpose", "wt", "w2"))
            .addNode(nodeOf("Mul", "x w2", "p"))
            .addOutput(info("p", F, null))
            .build();
    test.node(
        "If", "c", "y", attr("then_branch", branch("Relu", "t")), attr("else_branch", product));
    FxGraph graph =
        Peer.check(
            test.out("y", F),
            List.of(test.inputs, List.of(test.inputs.getFirst(), test.scalar(DType.BOOL, 0))),
            0);
    assertThat(graph.nodes().stream().map(n -> n.target().toString()))
        .containsExactly("aten::Bool.Tensor", "prim::If");
  }

  @Test
  void branchesOnDataYieldOneType() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.in("c", test.scalar(DType.BOOL, 1));
    test.node(
        "If",
        "c",
        "y",
        attr("then_branch", branch("Relu", "t")),
        attr("else_branch", branch("Transpose", "e")));
    assertThat(Peer.refusal(test.out("y", F)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("node_y (If)")
        .hasMessageContaining("float32[3,2]");
  }

  @Test
  void loopsOfKnownLength() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.init("n", test.scalar(L, 3)).init("go", test.scalar(DType.BOOL, 1));
    GraphMessage body =
        GraphMessage.newBuilder()
            .setName("body")
            .addInput(info("k", L, TestModel.shape("1").clear()))
            .addInput(info("c", DType.BOOL, TestModel.shape("1").clear()))
            .addInput(info("a", F, null))
            .addNode(nodeOf("Cast", "k", "kf", attr("to", 1)))
            .addNode(nodeOf("Mul", "x kf", "m"))
            .addNode(nodeOf("Add", "a m", "a2"))
            .addNode(nodeOf("Identity", "c", "c2"))
            .addNode(nodeOf("Neg", "a2", "scan"))
            .addOutput(info("c2", DType.BOOL, null))
            .addOutput(info("a2", F, null))
            .addOutput(info("scan", F, null))
            .build();
    test.node("Loop", "n go x", "y z", attr("body", body)).out("y", F).out("z", F);
    FxGraph graph = Peer.check(test);
    assertThat(graph.nodes().stream().filter(n -> n.target().name().equals("add"))).hasSize(3);
  }

  @Test
  void sequences() {
    TestModel test = TestModel.of(18).in("x", F, 4, 6);
    test.init("two", test.scalar(L, 2)).init("one", test.scalar(L, -1));
    test.node("SplitToSequence", "x two", "s", attr("axis", 1));
    test.node("SequenceAt", "s one", "a").out("a", F);
    test.node("SequenceLength", "s", "n").out("n", L);
    test.node("ConcatFromSequence", "s", "b", attr("axis", 0)).out("b", F);
    test.node("ConcatFromSequence", "s", "c", attr("axis", 1), attr("new_axis", 1)).out("c", F);
    test.node("SplitToSequence", "x", "t", attr("keepdims", 0));
    test.node("SequenceAt", "t one", "d").out("d", F);
    test.node("SequenceConstruct", "a d", "u").node("SequenceAt", "u one", "e").out("e", F);
    Peer.check(test);
  }

  @Test
  void functionsOfTheModel() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.model.addOpsetImport(OperatorSetMessage.newBuilder().setDomain("mine").setVersion(1));
    AttributeMessage axis =
        AttributeMessage.newBuilder().setName("axis").setType(2).setRefAttrName("dim").build();
    test.model.addFunctions(
        FunctionMessage.newBuilder()
            .setDomain("mine")
            .setName("Twice")
            .addInput("a")
            .addOutput("b")
            .addAttribute("dim")
            .addAttributeProto(attr("alpha", 0.25))
            .addNode(nodeOf("Softmax", "a", "s", axis))
            .addNode(
                nodeOf(
                    "LeakyRelu",
                    "a",
                    "r",
                    AttributeMessage.newBuilder()
                        .setName("alpha")
                        .setType(1)
                        .setRefAttrName("alpha")
                        .build()))
            .addNode(nodeOf("Add", "s r", "b"))
            .addOpsetImport(OperatorSetMessage.newBuilder().setVersion(18)));
    test.node("Twice", "x", "t", attr("dim", 0)).node("Twice", "t", "y", attr("dim", 1));
    test.graph.getNodeBuilder(0).setDomain("mine");
    test.graph.getNodeBuilder(1).setDomain("mine").addAttribute(attr("alpha", 0.5));
    Peer.check(test.out("y", F));
  }

  /** Each function calls the next one twice: a few lines that stand for 2^40 nodes. */
  @Test
  void functionsThatMultiplyAreRefused() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    for (int i = 0; i < 40; i++) {
      String next = i < 39 ? "F" + (i + 1) : "Relu";
      String domain = i < 39 ? "mine" : "";
      test.model.addFunctions(
          FunctionMessage.newBuilder()
              .setDomain("mine")
              .setName("F" + i)
              .addInput("a")
              .addOutput("c")
              .addNode(nodeOf(next, "a", "b").toBuilder().setDomain(domain))
              .addNode(nodeOf(next, "b", "c").toBuilder().setDomain(domain))
              .addOpsetImport(OperatorSetMessage.newBuilder().setVersion(18)));
    }
    test.node("F0", "x", "y").out("y", F).graph.getNodeBuilder(0).setDomain("mine");
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("200000");
  }

  @Test
  void functionsThatCallThemselvesAreRefused() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.model.addFunctions(
        FunctionMessage.newBuilder()
            .setDomain("mine")
            .setName("Again")
            .addInput("a")
            .addOutput("b")
            .addNode(nodeOf("Again", "a", "b").toBuilder().setDomain("mine"))
            .addOpsetImport(OperatorSetMessage.newBuilder().setVersion(18)));
    test.node("Again", "x", "y").out("y", F).graph.getNodeBuilder(0).setDomain("mine");
    assertThat(Peer.refusal(test)).isInstanceOf(ModelException.class).hasMessageContaining("deep");
  }
}
