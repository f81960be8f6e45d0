package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static io.ait4j.fx.onnx.TestModel.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Views, slices, joins and paddings, held against ONNX Runtime. */
class ShapeTest {
  private static final DType F = DType.FLOAT32;

  private static long[] sizes(String text) {
    return text.isEmpty()
        ? new long[0]
        : java.util.Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @ParameterizedTest
  @CsvSource({"6 4,0", "-1,0", "0 -1,0", "2 0 -1,0", "2 3 2 2,0", "4 -1 2,0", "2 -1,1"})
  void reshapes(String shape, long allowzero) {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 4);
    test.init("s", test.longs(sizes(shape)));
    test.node("Reshape", "x s", "y", attr("allowzero", allowzero));
    test.node("Transpose", "x", "t").node("Reshape", "t s", "z");
    if (shape.contains("0 ")) {
      Peer.check(test.out("y", F));
    } else {
      Peer.check(test.out("y", F).out("z", F));
    }
  }

  @Test
  void zeroSizesAreKeptIfAllowed() {
    TestModel test = TestModel.of(18).in("x", F, 0, 3);
    test.init("s", test.longs(3, 0, 2));
    Peer.check(test.node("Reshape", "x s", "y", attr("allowzero", 1)).out("y", F));
  }

  @Test
  void others() {
    TestModel test = TestModel.of(18).in("x", F, 2, 1, 3, 1);
    test.init("a", test.longs(1, -1)).init("b", test.longs(0, -1));
    test.init("r", test.longs(1, 2, 1, 3));
    test.node("Squeeze", "x", "s0").out("s0", F);
    test.node("Squeeze", "x a", "s1").out("s1", F);
    test.node("Unsqueeze", "x b", "u").out("u", F);
    test.node("Flatten", "x", "f1").out("f1", F);
    test.node("Flatten", "x", "f0", attr("axis", 0)).out("f0", F);
    test.node("Flatten", "x", "f4", attr("axis", 4)).out("f4", F);
    test.node("Flatten", "x", "fm", attr("axis", -1)).out("fm", F);
    test.node("Transpose", "x", "t0").out("t0", F);
    test.node("Transpose", "x", "t1", ints("perm", 2, 0, 3, 1)).out("t1", F);
    test.node("Tile", "x r", "ti").out("ti", F);
    Peer.check(test);
  }

  @Test
  void expands() {
    TestModel test = TestModel.of(18).in("x", F, 3, 1);
    test.init("s", test.longs(2, 1, 4)).init("one", test.longs(1));
    test.node("Expand", "x s", "y").node("Expand", "x one", "z").out("y", F).out("z", F);
    Peer.check(test);
  }

  @ParameterizedTest
  @CsvSource({
    "1,3,0,1",
    "0,9223372036854775807,1,1",
    "-2,-1,1,1",
    "0,5,1,2",
    "-1,-9223372036854775807,1,-1",
    "4,0,1,-2",
    "-1,-4,1,-1",
    "100,0,1,-3",
    "3,3,1,1",
    "4,1,1,1",
    "-100,100,0,1"
  })
  void slices(long start, long end, long axis, long step) {
    TestModel test = TestModel.of(18).in("x", F, 4, 5, 2);
    test.init("s", test.longs(start)).init("e", test.longs(end));
    test.init("a", test.longs(axis)).init("t", test.longs(step));
    Peer.check(test.node("Slice", "x s e a t", "y").out("y", F));
  }

  @Test
  void slicesOfSeveralAxes() {
    TestModel test = TestModel.of(18).in("x", F, 4, 5, 6);
    test.init("s", test.longs(1, -3)).init("e", test.longs(3, 100)).init("a", test.longs(2, -2));
    test.node("Slice", "x s e", "y").node("Slice", "x s e a", "z").out("y", F).out("z", F);
    Peer.check(test);
  }

  @Test
  void splits() {
    TestModel test = TestModel.of(18).in("x", F, 2, 7);
    test.init("s", test.longs(1, 4, 2));
    test.node("Split", "x s", "a b c", attr("axis", 1)).out("a", F).out("b", F).out("c", F);
    test.node("Split", "x", "d e f", attr("axis", -1), attr("num_outputs", 3));
    Peer.check(test.out("d", F).out("e", F).out("f", F));
    TestModel old = TestModel.of(13).in("x", F, 6, 2);
    old.node("Split", "x", "a b c").out("a", F).out("b", F).out("c", F);
    Peer.check(old);
  }

  @Test
  void joins() {
    TestModel test = TestModel.of(18).in("a", F, 2, 3).in("b", F, 2, 1).init("c", F, 2, 2);
    test.node("Concat", "a b c", "y", attr("axis", 1)).out("y", F);
    test.node("Concat", "a", "z", attr("axis", -1)).out("z", F);
    Peer.check(test);
  }

  @ParameterizedTest
  @CsvSource({
    "constant, 0 1 2 0 0 3",
    "constant, 0 -1 0 0 2 -1",
    "reflect, 0 1 2 0 0 3",
    "edge, 0 1 2 0 0 3",
    "edge, 1 1 0 2 0 1",
    "reflect, 0 0 2 0 0 1"
  })
  void paddings(String mode, String pads) {
    TestModel test = TestModel.of(18).in("x", F, 3, 4, 5);
    test.init("p", test.longs(sizes(pads))).init("v", test.scalar(F, 1.5));
    Peer.check(
        test.node("Pad", mode.equals("constant") ? "x p v" : "x p", "y", attr("mode", mode))
            .out("y", F));
  }

  @Test
  void paddingsOfNamedAxes() {
    TestModel test = TestModel.of(18).in("x", F, 3, 4, 5);
    test.init("p", test.longs(1, 2, 0, 1)).init("a", test.longs(-1, 0));
    test.node("Pad", "x p - a", "y").out("y", F);
    Peer.check(test);
    TestModel wrap = TestModel.of(19).in("x", F, 2, 3, 4);
    wrap.init("p", wrap.longs(0, 0, 1, 0, 0, 2));
    wrap.node("Pad", "x p", "z", attr("mode", "wrap")).out("z", F);
    Peer.check(wrap);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DCR", "CRD"})
  void blocks(String mode) {
    TestModel test = TestModel.of(18).in("x", F, 2, 8, 2, 3);
    test.node("DepthToSpace", "x", "y", attr("blocksize", 2), attr("mode", mode)).out("y", F);
    test.node("SpaceToDepth", "y", "z", attr("blocksize", 2)).out("z", F);
    Peer.check(test);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3);
    test.init("s", test.longs(4, 2)).node("Reshape", "x s", "y").out("y", F);
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("node_y (Reshape)");
  }

  @Test
  void shapesFromDataAreRefused() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3).in("s", DType.INT64, 2);
    test.node("Reshape", "x s", "y").out("y", F);
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'s' is computed from data");
  }
}
