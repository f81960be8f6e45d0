package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Models whose sizes are open: what becomes of names, and that each size computes what it should.
 */
class SymbolTest {
  private static final DType F = DType.FLOAT32;
  private static final DType L = DType.INT64;

  private static InputSpec spec(String name, DType dtype, Dim... shape) {
    return new InputSpec(name, TensorMeta.contiguous(dtype, List.of(shape)));
  }

  private static Dim range(String name, long min, long max) {
    return Dim.symbol(name, min, max);
  }

  /** The reshapes and broadcasts of an attention block, written over Shape. */
  private static TestModel attention() {
    TestModel test = TestModel.of(18);
    test.dynamic("x", "batch,seq,8", test.random(F, 2, 5, 8));
    test.init("w", F, 8, 8).init("i0", test.scalar(L, 0)).init("i1", test.scalar(L, 1));
    test.init("zero", test.longs(0)).init("heads", test.longs(2)).init("rest", test.longs(-1));
    test.node("Shape", "x", "s").node("Gather", "s i0", "b").node("Gather", "s i1", "n");
    test.node("Unsqueeze", "b zero", "b1").node("Unsqueeze", "n zero", "n1");
    test.node("Concat", "b1 n1 heads rest", "split", attr("axis", 0));
    test.node("Concat", "b1 n1 rest", "join", attr("axis", 0));
    test.node("MatMul", "x w", "p").node("Reshape", "p split", "h");
    test.node("Transpose", "h", "q", TestModel.ints("perm", 0, 2, 1, 3));
    test.node("Transpose", "h", "k", TestModel.ints("perm", 0, 2, 3, 1));
    test.node("MatMul", "q k", "a").node("Softmax", "a", "soft").node("MatMul", "soft q", "o");
    test.node("Transpose", "o", "t", TestModel.ints("perm", 0, 2, 1, 3));
    return test.node("Reshape", "t join", "y").out("y", F);
  }

  @Test
  void sizesBetweenReshapesStaySymbolic() {
    TestModel test = attention();
    test.spec(spec("x", F, range("a", 1, 16), range("b", 1, 64), Dim.of(8)));
    List<List<NativeTensor>> runs = new ArrayList<>();
    for (long[] size : new long[][] {{1, 1}, {2, 5}, {7, 13}, {16, 64}}) {
      runs.add(List.of(test.random(F, size[0], size[1], 8)));
    }
    FxGraph graph = Peer.check(test, runs, 5e-6);
    TensorMeta input = graph.inputs().getFirst().tensor();
    assertThat(input.shape()).hasToString("[batch, seq, 8]");
    assertThat(input.shape().get(1).max()).isEqualTo(64);
    assertThat(graph.nodes().stream().map(n -> n.target().name()))
        .doesNotContain("full", "cat", "mul");
  }

  @Test
  void constantsSpecialise() {
    TestModel test = attention();
    test.spec(spec(null, F, Dim.of(2), range("any", 2, 9), Dim.of(8)));
    FxGraph graph = Peer.check(test, 5e-6);
    assertThat(graph.inputs().getFirst().tensor().shape()).hasToString("[2, seq, 8]");
  }

  @Test
  void openSizesAskForBounds() {
    assertThat(Peer.refusal(attention()))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContaining("batch")
        .hasMessageContaining("--input 'x=float32[1..16,1..16,8]'");
  }

  @Test
  void contradictionsAreNamed() {
    for (InputSpec wrong :
        new InputSpec[] {
          spec("x", F, Dim.of(1), Dim.of(5), Dim.of(9)),
          spec("x", F, Dim.of(1), Dim.of(5)),
          spec("x", L, Dim.of(1), Dim.of(5), Dim.of(8)),
          spec("z", F, Dim.of(1), Dim.of(5), Dim.of(8)),
          spec("x", F, Dim.of(1), Dim.of(5), range("c", 1, 8))
        }) {
      assertThat(Peer.refusal(attention().spec(wrong)))
          .as(wrong.toString())
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
          .hasMessageContaining("x");
    }
  }

  @Test
  void oneNameIsOneSize() {
    TestModel test = TestModel.of(18);
    test.dynamic("a", "n,3", test.random(F, 4, 3)).dynamic("b", "n,3", test.random(F, 4, 3));
    test.node("Add", "a b", "y").out("y", F);
    test.spec(spec("a", F, range("u", 1, 9), Dim.of(3)));
    FxGraph graph = Peer.check(test);
    assertThat(graph.inputs().get(1).tensor().shape()).hasToString("[n, 3]");
    test.spec(spec("b", F, Dim.of(4), Dim.of(3)));
    assertThat(Peer.refusal(test)).hasMessageContaining("'n' of the model is given twice");
  }

  /** Two names of the file that the user gives one name are one size. */
  @Test
  void usersCanSayThatSizesAreEqual() {
    TestModel test = TestModel.of(18);
    test.dynamic("a", "n,3", test.random(F, 4, 3)).dynamic("b", "m,3", test.random(F, 4, 3));
    test.node("Add", "a b", "y").out("y", F);
    Dim rows = range("rows", 2, 9);
    test.spec(spec("a", F, rows, Dim.of(3))).spec(spec("b", F, rows, Dim.of(3)));
    FxGraph graph = Peer.check(test);
    assertThat(graph.inputs().get(1).tensor().shape()).hasToString("[n, 3]");
  }

  @Test
  void sizesAsData() {
    TestModel test = TestModel.of(18);
    test.dynamic("x", "n,m", test.random(F, 4, 3));
    test.init("zero", test.scalar(L, 0)).init("one", test.scalar(L, 1));
    test.init("half", test.scalar(F, 0.5));
    test.node("Shape", "x", "s").out("s", L).node("Gather", "s one", "m").out("m", L);
    test.node("Range", "zero m one", "r").node("Cast", "r", "rf", attr("to", 1));
    test.node("Cast", "m", "mf", attr("to", 1)).node("Div", "rf mf", "f").node("Add", "x f", "y");
    test.node("Mul", "mf half", "h").node("Mul", "y h", "z").out("z", F);
    test.spec(spec("x", F, range("n", 1, 8), range("m", 1, 8)));
    Peer.check(
        test,
        List.of(test.inputs, List.of(test.random(F, 1, 1)), List.of(test.random(F, 8, 7))),
        2e-6);
  }

  @Test
  void slicesPoolingsAndResizesOfOpenSizes() {
    TestModel test = TestModel.of(18);
    test.dynamic("x", "1,2,h,w", test.random(F, 1, 2, 8, 6));
    test.init("s", test.longs(1, 0)).init("e", test.longs(-1, 3)).init("a", test.longs(2, 3));
    test.init("twice", test.floats(1, 1, 2, 2)).init("k", F, 3, 2, 3, 3);
    test.node("Slice", "x s e a", "part").out("part", F);
    test.node(
        "Conv", "x k", "c", TestModel.ints("pads", 1, 1, 1, 1), TestModel.ints("strides", 2, 2));
    test.node("MaxPool", "c", "p", TestModel.ints("kernel_shape", 2, 2)).out("p", F);
    test.node(
        "Resize",
        "x - twice",
        "up",
        attr("coordinate_transformation_mode", "asymmetric"),
        attr("nearest_mode", "floor"));
    test.node("Split", "x", "l r", attr("axis", 2), attr("num_outputs", 2)).out("r", F);
    test.node("Flatten", "x", "f", attr("axis", 2)).out("f", F).out("up", F);
    test.spec(spec("x", F, Dim.of(1), Dim.of(2), range("h", 4, 32), range("w", 4, 32)));
    Peer.check(
        test,
        List.of(
            test.inputs,
            List.of(test.random(F, 1, 2, 4, 4)),
            List.of(test.random(F, 1, 2, 13, 32))),
        5e-6);
  }

  /** As exporters write floor division of integers, and a choice by it. */
  @Test
  void decisionsOnSizesStaySymbolic() {
    TestModel test = TestModel.of(18);
    test.dynamic("x", "n,6", test.random(F, 7, 6));
    test.init("i0", test.scalar(L, 0))
        .init("two", test.scalar(L, 2))
        .init("five", test.scalar(L, 5));
    test.init("zero", test.longs(0)).init("six", test.longs(6));
    test.node("Shape", "x", "s").node("Gather", "s i0", "n");
    test.node("Sign", "n", "sn").node("Sign", "two", "st").node("Equal", "sn st", "same");
    test.node("Not", "same", "differ")
        .node("Mod", "n two", "m")
        .node("Cast", "m", "odd", attr("to", 9));
    test.node("And", "differ odd", "off").node("Cast", "off", "offset", attr("to", 7));
    test.node("Div", "n two", "q").node("Sub", "q offset", "half");
    test.node("Less", "n five", "small")
        .node("Xor", "small odd", "x2")
        .node("Or", "x2 small", "or");
    test.node("Where", "or half n", "rows").node("Where", "odd rows half", "k");
    test.node("Unsqueeze", "k zero", "end").node("Slice", "x zero end zero", "y").out("y", F);
    test.node("GreaterOrEqual", "n five", "big").out("big", DType.BOOL).out("or", DType.BOOL);
    test.spec(spec("x", F, range("n", 1, 32), Dim.of(6)));
    List<List<NativeTensor>> runs = new ArrayList<>();
    for (long n : new long[] {1, 2, 3, 4, 5, 6, 7, 32}) {
      runs.add(List.of(test.random(F, n, 6)));
    }
    FxGraph graph = Peer.check(test, runs, 0);
    assertThat(graph.nodes().stream().map(n -> n.target().name()))
        .containsOnly("slice", "full", "view", "_to_copy");
  }

  @Test
  void unprovenEqualityIsRefused() {
    TestModel test = TestModel.of(18);
    test.dynamic("a", "n,3", test.random(F, 4, 3)).dynamic("b", "m,3", test.random(F, 4, 3));
    test.node("Add", "a b", "y").out("y", F);
    test.spec(spec("a", F, range("n", 2, 9), Dim.of(3)));
    test.spec(spec("b", F, range("m", 2, 9), Dim.of(3)));
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("node_y");
  }
}
