package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators element by element, held against ONNX Runtime. */
class PointwiseTest {
  private static final DType F = DType.FLOAT32;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Abs",
        "Neg",
        "Ceil",
        "Floor",
        "Round",
        "Sign",
        "Exp",
        "Sin",
        "Cos",
        "Tan",
        "Sinh",
        "Cosh",
        "Atan",
        "Asinh",
        "Erf",
        "Reciprocal",
        "Relu",
        "Sigmoid",
        "Tanh",
        "HardSwish",
        "Mish",
        "Softplus",
        "Softsign",
        "LeakyRelu",
        "Elu",
        "Celu",
        "Selu",
        "HardSigmoid",
        "ThresholdedRelu",
        "Shrink",
        "Identity",
        "Softmax",
        "LogSoftmax",
        "Gelu"
      })
  void unary(String operator) {
    Peer.check(TestModel.of(20).in("x", F, 3, 1, 7).node(operator, "x", "y").out("y", F), 5e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Log", "Sqrt", "Asin", "Acos", "Atanh", "Acosh"})
  void domains(String operator) {
    TestModel test = TestModel.of(20);
    test.in("x", test.floats(0, 0.25, 0.5, 1, 2.5, -0.5, Double.NaN));
    Peer.check(test.node(operator, "x", "y").out("y", F));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean", "PRelu"})
  void binaryBroadcasts(String operator) {
    TestModel test = TestModel.of(18).in("a", F, 2, 3, 4).in("b", F, 3, 1);
    Peer.check(test.node(operator, "a b", "y").out("y", F));
  }

  /** A lone number on either side becomes a number of the graph. */
  @ParameterizedTest
  @ValueSource(strings = {"Add", "Sub", "Mul", "Div", "Pow", "Min", "Max"})
  void numbers(String operator) {
    TestModel test = TestModel.of(18).in("a", F, 2, 3);
    test.init("n", test.scalar(F, 2.5)).init("m", test.floats(1));
    Peer.check(
        test.node(operator, "a n", "y")
            .node(operator, "n a", "z")
            .node(operator, "m a", "w")
            .out("y", F)
            .out("z", F)
            .out("w", F));
  }

  /** Rounding is towards zero, and the smallest integer stays one. */
  @ParameterizedTest
  @CsvSource({
    "Add,INT64",
    "Sub,INT32",
    "Mul,INT64",
    "Div,INT64",
    "Div,INT32",
    "Mod,INT64",
    "Max,INT32",
    "Min,INT64",
    "Div,INT8"
  })
  void integers(String operator, DType dtype) {
    TestModel test = TestModel.of(18).in("a", dtype, 5, 4);
    test.init("b", test.tensor(dtype, new long[] {4}, 3, -2, 1, -5));
    test.init("n", test.scalar(dtype, -3));
    Peer.check(
        test.node(operator, "a b", "y").node(operator, "a n", "z").out("y", dtype).out("z", dtype));
  }

  @Test
  void remainders() {
    TestModel test = TestModel.of(18).in("a", F, 5, 4).in("i", DType.INT64, 5);
    test.init("b", test.floats(3, -2, 1.5, -5)).init("n", test.scalar(DType.INT64, -3));
    Peer.check(
        test.node("Mod", "a b", "y", attr("fmod", 1))
            .node("Mod", "i n", "z", attr("fmod", 1))
            .node("Mod", "i n", "w")
            .out("y", F)
            .out("z", DType.INT64)
            .out("w", DType.INT64));
  }

  @Test
  void powersKeepTheBasesType() {
    TestModel test = TestModel.of(18).in("a", F, 5).in("i", DType.INT64, 5);
    test.init("two", test.scalar(DType.INT64, 2)).init("half", test.scalar(F, 0.5));
    test.init("e", test.tensor(DType.INT64, new long[] {5}, 0, 1, 2, 3, 1));
    test.init("f", test.floats(0, 1, 2, 3, 2));
    for (String pair : new String[] {"a two", "a e", "i two", "i e", "i f"}) {
      String name = pair.replace(' ', '_');
      test.node("Pow", pair, name).out(name, pair.startsWith("a") ? F : DType.INT64);
    }
    Peer.check(test);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"})
  void comparisons(String operator) {
    TestModel test = TestModel.of(18).in("a", DType.INT64, 4, 6).in("b", DType.INT64, 6);
    test.init("n", test.scalar(DType.INT64, 2));
    Peer.check(
        test.node(operator, "a b", "y")
            .node(operator, "a n", "z")
            .node(operator, "n a", "w")
            .out("y", DType.BOOL)
            .out("z", DType.BOOL)
            .out("w", DType.BOOL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"And", "Or", "Xor"})
  void truths(String operator) {
    Peer.check(
        TestModel.of(18)
            .in("a", DType.BOOL, 4, 3)
            .in("b", DType.BOOL, 3)
            .node(operator, "a b", "y")
            .node("Not", "y", "z")
            .out("z", DType.BOOL));
  }

  @Test
  void choices() {
    TestModel test = TestModel.of(18).in("c", DType.BOOL, 3, 1).in("a", F, 4).in("b", F, 3, 4);
    test.init("n", test.scalar(F, Double.NEGATIVE_INFINITY)).init("m", test.scalar(F, 0));
    Peer.check(
        test.node("Where", "c a b", "y")
            .node("Where", "c a n", "z")
            .node("Where", "c n b", "w")
            .node("Where", "c n m", "v")
            .out("y", F)
            .out("z", F)
            .out("w", F)
            .out("v", F));
  }

  @Test
  void strangeNumbers() {
    TestModel test = TestModel.of(20);
    test.in("x", test.floats(1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0));
    Peer.check(
        test.node("IsNaN", "x", "a")
            .node("IsInf", "x", "b")
            .node("IsInf", "x", "c", attr("detect_negative", 0))
            .node("IsInf", "x", "d", attr("detect_positive", 0))
            .out("a", DType.BOOL)
            .out("b", DType.BOOL)
            .out("c", DType.BOOL)
            .out("d", DType.BOOL));
  }

  @Test
  void clips() {
    TestModel test = TestModel.of(18).in("x", F, 4, 5).in("i", DType.INT64, 7).in("t", test0());
    test.init("lo", test.scalar(F, -0.5)).init("hi", test.scalar(F, 1));
    test.init("one", test.scalar(DType.INT64, 1));
    Peer.check(
        test.node("Clip", "x lo hi", "a")
            .node("Clip", "x - hi", "b")
            .node("Clip", "x lo", "c")
            .node("Clip", "x", "d")
            .node("Clip", "i - one", "e")
            .node("Clip", "x t hi", "f")
            .node("Clip", "x hi lo", "g")
            .out("a", F)
            .out("b", F)
            .out("c", F)
            .out("d", F)
            .out("e", DType.INT64)
            .out("f", F)
            .out("g", F));
  }

  private static io.ait4j.fx.NativeTensor test0() {
    TestModel other = TestModel.of(18);
    return other.scalar(F, 0.25);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32,INT64",
    "FLOAT32,BOOL",
    "FLOAT32,FLOAT16",
    "FLOAT32,FLOAT64",
    "INT64,FLOAT32",
    "BOOL,FLOAT32",
    "BOOL,INT64",
    "INT64,BOOL",
    "INT32,INT64",
    "FLOAT32,INT32",
    "UINT8,FLOAT32",
    "FLOAT32,FLOAT32"
  })
  void casts(DType from, DType to) {
    Peer.check(
        TestModel.of(19)
            .in("x", from, 3, 5)
            .in("like", to, 1)
            .node("Cast", "x", "y", attr("to", (long) TestModel.code(to)))
            .node("CastLike", "x like", "z")
            .out("y", to)
            .out("z", to));
  }

  @Test
  void attributesOfActivations() {
    TestModel test = TestModel.of(20).in("x", F, 4, 9);
    AttributeMessage alpha = attr("alpha", 0.3);
    test.node("LeakyRelu", "x", "a", alpha).out("a", F);
    test.node("Elu", "x", "b", alpha).out("b", F);
    test.node("Celu", "x", "c", alpha).out("c", F);
    test.node("Selu", "x", "d", attr("alpha", 1.2), attr("gamma", 1.1)).out("d", F);
    test.node("HardSigmoid", "x", "e", attr("alpha", 1 / 6.0)).out("e", F);
    test.node("ThresholdedRelu", "x", "f", alpha).out("f", F);
    test.node("Shrink", "x", "g", attr("lambd", 0.7), attr("bias", 0.1)).out("g", F);
    test.node("Gelu", "x", "h", attr("approximate", "tanh")).out("h", F);
    test.node("Softmax", "x", "i", attr("axis", 0)).out("i", F);
    test.node("LogSoftmax", "x", "j", attr("axis", -2)).out("j", F);
    assertThat(Peer.check(test, 5e-6).nodes()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Mul", "Sub", "Div"})
  void halfPrecision(String operator) {
    TestModel test = TestModel.of(18).in("a", DType.FLOAT16, 3, 5).in("b", DType.FLOAT16, 5);
    test.init("n", test.scalar(DType.FLOAT16, 0.3));
    Peer.check(
        test.node(operator, "a b", "y")
            .node(operator, "a n", "z")
            .out("y", DType.FLOAT16)
            .out("z", DType.FLOAT16),
        1e-3);
  }

  @Test
  void bits() {
    TestModel test = TestModel.of(18).in("a", DType.UINT8, 6).in("b", DType.UINT8, 6);
    test.node("BitShift", "a b", "l", attr("direction", "LEFT")).out("l", DType.UINT8);
    test.node("BitShift", "a b", "r", attr("direction", "RIGHT")).out("r", DType.UINT8);
    test.node("BitwiseAnd", "a b", "x").out("x", DType.UINT8);
    test.node("BitwiseOr", "a b", "y").out("y", DType.UINT8);
    test.node("BitwiseXor", "a b", "z").out("z", DType.UINT8);
    test.node("BitwiseNot", "a", "w").out("w", DType.UINT8);
    Peer.check(test);
  }

  @ParameterizedTest
  @CsvSource({"UINT8,9", "INT8,-3"})
  void quantisation(DType dtype, double zero) {
    TestModel test = TestModel.of(19).in("x", F, 2, 3, 5);
    test.init("s", test.scalar(F, 0.05)).init("z", test.scalar(dtype, zero));
    test.init("each", test.floats(0.01, 0.2, 0.5));
    test.init("zeros", test.tensor(dtype, new long[] {3}, 1, 2, 0));
    test.node("QuantizeLinear", "x s z", "a").out("a", dtype);
    test.node("DequantizeLinear", "a s z", "b").out("b", F);
    test.node("QuantizeLinear", "x each zeros", "c", attr("axis", 1)).out("c", dtype);
    test.node("DequantizeLinear", "c each zeros", "d", attr("axis", 1)).out("d", F);
    test.node("DequantizeLinear", "a s", "e").out("e", F);
    Peer.check(test);
  }
}
