package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;

import io.ait4j.fx.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places that are data, negative ones among them, held against ONNX Runtime. */
class IndexingTest {
  private static final DType F = DType.FLOAT32;
  private static final DType L = DType.INT64;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1})
  void gathers(long axis) {
    TestModel test = TestModel.of(18).in("x", F, 4, 5, 4);
    test.in("i", test.tensor(L, new long[] {2, 2}, 0, 3, -1, -4));
    test.init("one", test.scalar(L, -2)).init("run", test.longs(1, 2, 3));
    test.init("any", test.longs(3, -1, 0))
        .init("narrow", test.tensor(DType.INT32, new long[] {2}, 1, -1));
    for (String index : new String[] {"i", "one", "run", "any", "narrow"}) {
      test.node("Gather", "x " + index, "y_" + index, attr("axis", axis)).out("y_" + index, F);
    }
    Peer.check(test);
  }

  @Test
  void embeddings() {
    TestModel test = TestModel.of(18).init("w", F, 7, 3);
    test.in("i", test.tensor(L, new long[] {2, 3}, 0, 6, 2, -1, -7, 3));
    test.init("k", test.tensor(L, new long[] {1, 3}, 0, 6, 2));
    Peer.check(test.node("Gather", "w i", "y").node("Gather", "w k", "z").out("y", F).out("z", F));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void gathersElements(long axis) {
    TestModel test = TestModel.of(18).in("x", F, 3, 3);
    test.in("i", test.tensor(L, new long[] {2, 3}, 0, 2, -1, -3, 1, 1));
    test.init("k", test.tensor(L, new long[] {2, 3}, 0, 2, 1, 0, 1, 1));
    test.node("GatherElements", "x i", "y", attr("axis", axis)).out("y", F);
    test.node("GatherElements", "x k", "z", attr("axis", axis)).out("z", F);
    Peer.check(test);
  }

  @Test
  void gathersPoints() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 4);
    test.in("i", test.tensor(L, new long[] {3, 2}, 0, 2, 1, -1, -2, 0));
    test.in("b", test.tensor(L, new long[] {2, 2, 1}, 0, 2, 1, -1));
    test.node("GatherND", "x i", "y").out("y", F);
    test.node("GatherND", "x b", "z", attr("batch_dims", 1)).out("z", F);
    Peer.check(test);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "add", "mul", "max", "min"})
  void scattersElements(String reduction) {
    TestModel test = TestModel.of(18).in("x", F, 3, 4).in("u", F, 2, 3);
    boolean unique = reduction.equals("none");
    test.in(
        "i",
        unique
            ? test.tensor(L, new long[] {2, 3}, 0, 3, -2, 1, -1, 2)
            : test.tensor(L, new long[] {2, 3}, 0, 0, -2, 1, -3, 2));
    test.node("ScatterElements", "x i u", "y", attr("axis", 1), attr("reduction", reduction));
    Peer.check(test.out("y", F));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "add"})
  void scattersPoints(String reduction) {
    TestModel test = TestModel.of(18).in("x", F, 4, 3, 2).in("u", F, 2, 3, 2).in("v", F, 2);
    test.in("i", test.tensor(L, new long[] {2, 1}, 3, -4));
    test.in("j", test.tensor(L, new long[] {2, 3}, 0, 2, 1, -1, 0, -1));
    test.node("ScatterND", "x i u", "y", attr("reduction", reduction)).out("y", F);
    test.node("ScatterND", "x j v", "z", attr("reduction", reduction)).out("z", F);
    Peer.check(test);
  }

  @Test
  void oneHot() {
    TestModel test = TestModel.of(18);
    test.in("i", test.tensor(L, new long[] {2, 3}, 0, 2, -1, 4, 1, -3));
    test.init("d", test.scalar(L, 4)).init("v", test.floats(-1, 2));
    test.node("OneHot", "i d v", "y").out("y", F);
    test.node("OneHot", "i d v", "z", attr("axis", 0)).out("z", F);
    Peer.check(test);
  }
}
