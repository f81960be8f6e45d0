package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static io.ait4j.fx.onnx.TestModel.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants, and arithmetic on shapes, of which nothing stays in the graph. */
class ConstructorTest {
  private static final DType F = DType.FLOAT32;
  private static final DType L = DType.INT64;

  @Test
  void constants() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.node("Constant", "", "a", attr("value", test.random(F, 2, 3)));
    test.node("Constant", "", "b", attr("value_float", 1.5));
    test.node("Constant", "", "c", ints("value_ints", 3, 2));
    test.node("Constant", "", "d", attr("value_int", 7));
    test.node("Add", "x a", "s").node("Mul", "s b", "m").node("Reshape", "m c", "y");
    Peer.check(test.out("y", F).out("c", L).out("d", L).out("b", F));
  }

  @Test
  void filled() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.init("s", test.longs(5, 4)).init("none", test.longs());
    test.node("ConstantOfShape", "s", "a").out("a", F);
    test.node("ConstantOfShape", "s", "b", attr("value", test.longs(3))).out("b", L);
    test.node(
        "ConstantOfShape", "s", "c", attr("value", test.tensor(DType.BOOL, new long[] {1}, 1)));
    test.node("ConstantOfShape", "none", "d", attr("value", test.floats(2.5))).out("d", F);
    Peer.check(test.out("c", DType.BOOL));
  }

  @Test
  void ranges() {
    TestModel test = TestModel.of(18);
    test.init("z", test.scalar(L, 0)).init("n", test.scalar(L, 7)).init("d", test.scalar(L, 2));
    test.init("m", test.scalar(L, -3))
        .init("f", test.scalar(F, 1.5))
        .init("g", test.scalar(F, 0.4));
    test.init("o", test.scalar(F, 0));
    test.node("Range", "z n d", "a").out("a", L);
    test.node("Range", "n z m", "b").out("b", L);
    test.node("Range", "o f g", "c").out("c", F);
    Peer.check(test);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 2})
  void triangles(long k) {
    TestModel test = TestModel.of(18).in("x", F, 2, 4, 5).in("e", L, 3, 4);
    test.init("k", test.scalar(L, k));
    test.node("Trilu", "x k", "u").node("Trilu", "x k", "l", attr("upper", 0));
    test.node("EyeLike", "e", "i", attr("dtype", 1)).out("i", F);
    Peer.check(test.out("u", F).out("l", F));
  }

  @Test
  void sizesNeverBecomeTensors() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 4);
    test.init("i0", test.scalar(L, 0)).init("i12", test.longs(1, 2)).init("zero", test.longs(0));
    test.init("m1", test.longs(-1));
    test.node("Shape", "x", "s").node("Gather", "s i0", "n").node("Gather", "s i12", "hw");
    test.node("ReduceProd", "hw", "p", attr("keepdims", 0)).node("Unsqueeze", "p zero", "pu");
    test.node("Unsqueeze", "n zero", "nu").node("Concat", "nu pu", "shape", attr("axis", 0));
    test.node("Reshape", "x shape", "y").out("y", F);
    test.node("Size", "x", "size").node("Cast", "size", "f", attr("to", 1));
    test.node("Sqrt", "f", "root").node("Div", "y root", "z").out("z", F);
    test.node("Shape", "x", "tail", attr("start", -2)).out("tail", L);
    FxGraph graph = Peer.check(test);
    assertThat(graph.nodes().stream().map(n -> n.target().name())).containsExactly("view", "div");
    assertThat(graph.weights()).hasSize(1);
  }

  /** How exporters write a broadcast to sizes of which some stay. */
  @Test
  void broadcastsWithSizesThatStay() {
    TestModel test = TestModel.of(18).in("x", F, 1, 3, 1);
    test.init("want", test.longs(2, -1, 5)).init("n", test.longs(3)).init("minus", test.longs(-1));
    test.node("ConstantOfShape", "n", "ones", attr("value", test.longs(1)));
    test.node("Mul", "ones minus", "ms").node("Equal", "want ms", "e");
    test.node("Where", "e ones want", "w").node("Expand", "x w", "y").out("y", F);
    FxGraph graph = Peer.check(test);
    assertThat(graph.nodes().stream().map(n -> n.target().name())).containsExactly("expand");
  }

  @Test
  void knownNumbersMoveAsTensorsDo() {
    TestModel test = TestModel.of(18);
    test.init("k", test.random(L, 3, 4))
        .init("row", test.longs(1, -2))
        .init("i", test.longs(-1, 0));
    test.init("s", test.longs(3)).init("e", test.longs(-100)).init("a", test.longs(1));
    test.init("t", test.longs(-2)).init("two", test.longs(2, -1));
    test.node("Slice", "k s e a t", "slice").out("slice", L);
    test.node("Gather", "k i", "g", attr("axis", 1)).out("g", L);
    test.node("Transpose", "k", "tr").out("tr", L);
    test.node("Split", "k", "p q", attr("axis", 1), attr("num_outputs", 2)).out("p", L).out("q", L);
    test.node("Concat", "q p", "c", attr("axis", 1)).out("c", L);
    test.node("Reshape", "k two", "r").out("r", L);
    test.node("Unsqueeze", "row i", "u").out("u", L);
    test.node("NonZero", "k", "nz").out("nz", L);
    test.node("ReduceMax", "k", "max").out("max", L);
    test.node("ReduceSum", "row", "sum", attr("keepdims", 0)).out("sum", L);
    test.init("three", test.scalar(L, 3));
    test.node("Div", "k three", "div").out("div", L);
    test.node("Mod", "k three", "mod").out("mod", L);
    test.node("Mod", "k three", "fmod", attr("fmod", 1)).out("fmod", L);
    test.node("Less", "k three", "less").node("Where", "less k three", "min").out("min", L);
    test.node("Abs", "k", "abs").out("abs", L);
    FxGraph graph = Peer.check(test);
    assertThat(graph.nodes()).isEmpty();
  }

  @Test
  void knownNumbersRoundAsTheirTypeDoes() {
    TestModel test = TestModel.of(18);
    test.init("a", test.floats(0.1, 3, -7.7, 1e-8)).init("b", test.floats(0.7, 1.1, 3.3, 1));
    for (String operator : new String[] {"Add", "Sub", "Mul", "Div", "Max"}) {
      test.node(operator, "a b", operator).out(operator, F);
    }
    test.node("Cast", "a", "half", attr("to", 10)).out("half", DType.FLOAT16);
    test.node("Cast", "a", "whole", attr("to", 7)).out("whole", L);
    test.node("Floor", "a", "floor").out("floor", F);
    test.node("Round", "b", "round").out("round", F);
    test.node("Abs", "a", "abs").node("Sqrt", "abs", "root").out("root", F);
    FxGraph graph = Peer.check(test, 0);
    assertThat(graph.nodes()).isEmpty();
  }
}
