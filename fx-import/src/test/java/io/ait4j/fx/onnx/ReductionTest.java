package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static io.ait4j.fx.onnx.TestModel.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions and scans, held against ONNX Runtime; axes moved from attribute to input. */
class ReductionTest {
  private static final DType F = DType.FLOAT32;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceSumSquare",
        "ReduceLogSumExp"
      })
  void reductions(String operator) {
    TestModel test = TestModel.of(18).in("x", F, 3, 4, 5);
    test.init("axes", test.longs(-1, 0));
    test.node(operator, "x", "all").out("all", F);
    test.node(operator, "x axes", "some", attr("keepdims", 0)).out("some", F);
    test.node(operator, "x axes", "kept").out("kept", F);
    Peer.check(test, 1e-5);
    if (!operator.equals("ReduceSum")) {
      Peer.check(
          TestModel.of(13)
              .in("x", F, 3, 4, 5)
              .node(operator, "x", "y", ints("axes", 1, -1), attr("keepdims", 0))
              .out("y", F),
          1e-5);
    }
  }

  @Test
  void logarithmOfSum() {
    TestModel test = TestModel.of(18).in("x", F, 3, 4);
    test.node("Exp", "x", "e").node("ReduceLogSum", "e", "y", attr("keepdims", 0)).out("y", F);
    Peer.check(test);
  }

  @ParameterizedTest
  @CsvSource({"ReduceSum,INT64", "ReduceSum,INT32", "ReduceMax,INT64", "ReduceProd,INT64"})
  void integers(String operator, DType dtype) {
    TestModel test = TestModel.of(18).in("x", dtype, 3, 4);
    test.init("axes", test.longs(1));
    Peer.check(test.node(operator, "x axes", "y").out("y", dtype));
  }

  /** ONNX Runtime cannot run it without its optimiser. */
  @Test
  void nothingToReduceLeavesTheTensorAlone() {
    TestModel test = TestModel.of(18).in("x", F, 3, 4);
    test.node("ReduceSum", "x", "y", attr("noop_with_empty_axes", 1)).out("y", F);
    FxGraph graph = Peer.graph(test);
    assertThat(graph.outputs()).containsExactly(new Arg.Value(graph.inputs().getFirst().name()));
    TestModel square = TestModel.of(18).in("x", F, 3, 4);
    square.node("ReduceSumSquare", "x", "y", attr("noop_with_empty_axes", 1)).out("y", F);
    assertThat(Peer.refusal(square)).hasMessageContaining("noop_with_empty_axes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ArgMax", "ArgMin"})
  void places(String operator) {
    TestModel test = TestModel.of(18).in("x", F, 3, 4, 5);
    test.node(operator, "x", "a").out("a", DType.INT64);
    test.node(operator, "x", "b", attr("axis", -1), attr("keepdims", 0)).out("b", DType.INT64);
    Peer.check(test);
    TestModel last =
        TestModel.of(18).in("x", F, 3).node(operator, "x", "y", attr("select_last_index", 1));
    assertThat(Peer.refusal(last.out("y", DType.INT64)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("select_last_index");
  }

  @Test
  void cumulativeSums() {
    TestModel test = TestModel.of(18).in("x", F, 3, 4, 2).in("i", DType.INT32, 5);
    test.init("axis", test.scalar(DType.INT64, 1)).init("zero", test.scalar(DType.INT32, 0));
    test.node("CumSum", "x axis", "a").out("a", F);
    test.node("CumSum", "x axis", "b", attr("exclusive", 1)).out("b", F);
    test.node("CumSum", "x axis", "c", attr("reverse", 1)).out("c", F);
    test.node("CumSum", "x axis", "d", attr("reverse", 1), attr("exclusive", 1)).out("d", F);
    test.node("CumSum", "i zero", "e").out("e", DType.INT32);
    Peer.check(test);
  }

  @Test
  void largest() {
    TestModel test = TestModel.of(18).in("x", F, 3, 7, 2);
    test.init("k", test.longs(3));
    test.node("TopK", "x k", "v i", attr("axis", 1)).out("v", F).out("i", DType.INT64);
    test.node("TopK", "x k", "w j", attr("axis", 1), attr("largest", 0)).out("w", F);
    test.out("j", DType.INT64);
    Peer.check(test);
  }
}
