package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalisations, held against ONNX Runtime. */
class NormTest {
  private static final DType F = DType.FLOAT32;

  @Test
  void batch() {
    TestModel test = TestModel.of(15).in("x", F, 2, 3, 4, 5);
    test.init("w", F, 3).init("b", F, 3).init("m", F, 3);
    test.init("v", test.floats(0.5, 1, 2));
    test.node("BatchNormalization", "x w b m v", "y", attr("epsilon", 1e-3)).out("y", F);
    Peer.check(test, 5e-6);
    test.graph.getNodeBuilder(0).addAttribute(attr("training_mode", 1));
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("training mode");
  }

  @Test
  void instance() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 4, 5).init("w", F, 3).init("b", F, 3);
    test.node("InstanceNormalization", "x w b", "y", attr("epsilon", 1e-3)).out("y", F);
    Peer.check(test, 5e-6);
  }

  @Test
  void layer() {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 4);
    test.init("w", F, 4).init("b", F, 4).init("w2", F, 3, 4).init("b2", F, 3, 4);
    test.node("LayerNormalization", "x w b", "y", attr("epsilon", 1e-3)).out("y", F);
    test.node("LayerNormalization", "x w", "z").out("z", F);
    test.node("LayerNormalization", "x w2 b2", "u", attr("axis", 1)).out("u", F);
    Peer.check(test, 5e-6);
  }

  @ParameterizedTest
  @ValueSource(longs = {18, 21})
  void group(long version) {
    long parameters = version < 21 ? 2 : 6;
    TestModel test = TestModel.of(version).in("x", F, 2, 6, 4, 5);
    test.init("w", F, parameters).init("b", F, parameters);
    test.node("GroupNormalization", "x w b", "y", attr("num_groups", 2)).out("y", F);
    Peer.check(test, 5e-6);
  }

  @Test
  void dropoutDoesNothing() {
    TestModel test = TestModel.of(18).in("x", F, 3, 4);
    test.init("ratio", test.scalar(F, 0.5)).init("training", test.scalar(DType.BOOL, 0));
    test.node("Dropout", "x ratio training", "y mask").node("Dropout", "y", "z");
    Peer.check(test.out("z", F).out("mask", DType.BOOL));
    TestModel training = TestModel.of(18).in("x", F, 3, 4).in("t", training());
    training.node("Dropout", "x - t", "y").out("y", F);
    assertThat(Peer.refusal(training)).hasMessageContaining("training mode");
  }

  private static io.ait4j.fx.NativeTensor training() {
    return TestModel.of(18).scalar(DType.BOOL, 0);
  }
}
