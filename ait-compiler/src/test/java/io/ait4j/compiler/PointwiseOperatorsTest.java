package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Element by element: every operator, every dtype it takes, extremes, promotion, any layout. */
class PointwiseOperatorsTest {
  private static final List<DType> INTEGERS =
      List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8);
  private static final Number[] FLOATS = {
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    -2.5,
    2.5,
    3.75,
    -3.25,
    1e-30,
    -1e-30,
    1e-8,
    20.5,
    -20.5,
    87.0,
    -87.0,
    89.5,
    -104.0,
    1e10,
    -1e10,
    1e30,
    -3e38,
    0.9999999,
    1.0000001,
    2.0,
    3.0,
    7.0,
    -7.0,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    1.5707963,
    3.1415927,
    100.5,
    6.0,
    -3.0,
    16777216.0,
    1e-40
  };

  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, System.nanoTime());
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private static Number[] integers(DType dtype) {
    long high =
        switch (dtype) {
          case INT64 -> Long.MAX_VALUE;
          case INT32 -> Integer.MAX_VALUE;
          case INT16 -> Short.MAX_VALUE;
          case INT8 -> Byte.MAX_VALUE;
          default -> 255;
        };
    long low = dtype == DType.UINT8 ? 0 : -high - 1;
    return new Number[] {0L, 1L, 2L, 3L, 7L, low, low + 1, high, high - 1, 5L, -1L, -2L, -7L, 100L};
  }

  @Test
  void unaryOperatorsOnExtremes() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Arg x = t.values(dtype, of(FLOATS.length), FLOATS);
      for (String exact :
          List.of(
              "neg",
              "abs",
              "sign",
              "sqrt",
              "reciprocal",
              "floor",
              "ceil",
              "round",
              "trunc",
              "relu",
              "logical_not",
              "isnan",
              "isinf")) {
        t.expect(exact + " of " + dtype, 0, t.call(exact, x));
      }
      for (String near :
          List.of(
              "exp",
              "expm1",
              "log",
              "log1p",
              "log2",
              "rsqrt",
              "tanh",
              "sigmoid",
              "erf",
              "silu",
              "hardswish",
              "hardsigmoid",
              "softplus",
              "mish",
              "leaky_relu",
              "elu",
              "hardtanh")) {
        t.expect(near + " of " + dtype, 1e-6, t.call(near, x));
      }
      Arg finite = t.values(dtype, of(30), FLOATS); // libtorch's own kernels disagree on infinities
      t.expect("gelu of " + dtype, 1e-6, t.call("gelu", finite));
      t.expect("gelu tanh of " + dtype, 1e-6, t.call("gelu", finite, "tanh"));
    }
    t.check();
  }

  @Test
  void binaryOperatorsOnEveryPairOfExtremes() {
    int n = FLOATS.length;
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Arg x = t.values(dtype, of(n, 1), FLOATS);
      Arg y = t.values(dtype, of(n), FLOATS);
      for (String exact :
          List.of(
              "add.Tensor",
              "sub.Tensor",
              "mul.Tensor",
              "div.Tensor",
              "maximum",
              "minimum",
              "eq.Tensor",
              "ne.Tensor",
              "lt.Tensor",
              "le.Tensor",
              "gt.Tensor",
              "ge.Tensor",
              "logical_and",
              "logical_or",
              "logical_xor")) {
        t.expect(exact + " of " + dtype, 0, t.call(exact, x, y));
      }
      t.expect("atan2 of " + dtype, 1e-6, t.call("atan2", x, y));
      t.expect("pow of " + dtype, 2e-6, t.call("pow.Tensor_Tensor", x, y));
      // libtorch's quotients of numbers that are too far apart are NaN
      Number[] near =
          java.util.Arrays.stream(FLOATS)
              .filter(v -> !(Math.abs(v.doubleValue()) > 1e6 && Double.isFinite(v.doubleValue())))
              .filter(v -> v.doubleValue() == 0 || !(Math.abs(v.doubleValue()) < 0.5))
              .toArray(Number[]::new);
      Arg a = t.values(dtype, of(near.length, 1), near);
      Arg b = t.values(dtype, of(near.length), near);
      t.expect("fmod of " + dtype, 0, t.call("fmod.Tensor", a, b));
      t.expect("remainder of " + dtype, 0, t.call("remainder.Tensor", a, b));
      t.expect("floor_divide of " + dtype, 0, t.call("floor_divide", x, y));
      t.expect("floor of " + dtype, 0, t.call("div.Tensor_mode", x, y, "floor"));
      t.expect("trunc of " + dtype, 0, t.call("div.Tensor_mode", x, y, "trunc"));
      t.expect("no mode of " + dtype, 0, t.call("div.Tensor_mode", x, y, null));
      // What alpha multiplies must not overflow by that: whether the product is rounded before it
      // is added is the C++ compiler's choice, here as in libtorch.
      t.expect("add with alpha of " + dtype, 1e-6, t.call("add.Tensor", x, b, -1.5));
      t.expect("sub with alpha of " + dtype, 1e-6, t.call("sub.Tensor", x, b, 2));
      for (double exponent : new double[] {0, 1, 2, 3, 0.5, -0.5, -1, -2, 4, 1.5, -3, 0.25}) {
        t.expect(
            "pow " + exponent + " of " + dtype, 2e-6, t.call("pow.Tensor_Scalar", x, exponent));
      }
      t.expect("2 pow of " + dtype, 2e-6, t.call("pow.Scalar", 2, x));
      t.expect("-1.5 pow of " + dtype, 2e-6, t.call("pow.Scalar", -1.5, x));
    }
    t.check();
  }

  @Test
  void integersWrapAround() {
    for (DType dtype : INTEGERS) {
      Number[] all = integers(dtype);
      Arg x = t.values(dtype, of(all.length, 1), all);
      Arg y = t.values(dtype, of(all.length), all);
      Arg divisor = t.values(dtype, of(5), 1L, 2L, 3L, 7L, 100L);
      for (String name : List.of("neg", "abs", "sign", "bitwise_not", "logical_not")) {
        if (dtype != DType.UINT8 || !name.equals("neg")) {
          t.expect(name + " of " + dtype, 0, t.call(name, x));
        }
      }
      for (String name : List.of("relu", "floor", "ceil", "round", "trunc", "isnan", "isinf")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x));
      }
      for (String name :
          List.of(
              "add.Tensor",
              "sub.Tensor",
              "mul.Tensor",
              "maximum",
              "minimum",
              "eq.Tensor",
              "ne.Tensor",
              "lt.Tensor",
              "le.Tensor",
              "gt.Tensor",
              "ge.Tensor",
              "logical_and",
              "logical_or",
              "logical_xor",
              "bitwise_and.Tensor",
              "bitwise_or.Tensor",
              "bitwise_xor.Tensor")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x, y));
      }
      for (String name : List.of("floor_divide", "remainder.Tensor", "fmod.Tensor")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x, divisor));
      }
      t.expect("floor of " + dtype, 0, t.call("div.Tensor_mode", x, divisor, "floor"));
      t.expect("trunc of " + dtype, 0, t.call("div.Tensor_mode", x, divisor, "trunc"));
      t.expect("div of " + dtype, 1e-7, t.call("div.Tensor", x, divisor));
      t.expect("sqrt of " + dtype, 1e-6, t.call("sqrt", t.call("abs", divisor)));
      t.expect("sigmoid of " + dtype, 1e-6, t.call("sigmoid", divisor));
      t.expect("reciprocal of " + dtype, 1e-7, t.call("reciprocal", divisor));
      t.expect("alpha of " + dtype, 0, t.call("add.Tensor", x, y, 3));
      t.expect("square of " + dtype, 0, t.call("pow.Tensor_Scalar", x, 2));
      t.expect("cube of " + dtype, 0, t.call("pow.Tensor_Scalar", x, 3));
      t.expect("fifth power of " + dtype, 0, t.call("pow.Tensor_Scalar", x, 5));
      t.expect("zeroth power of " + dtype, 0, t.call("pow.Tensor_Scalar", x, 0));
      t.expect("power of " + dtype, 0, t.call("pow.Tensor_Tensor", x, divisor));
      t.expect("2 to the power of " + dtype, 0, t.call("pow.Scalar", 2, divisor));
      t.expect("float power of " + dtype, 2e-6, t.call("pow.Tensor_Scalar", divisor, 1.5));
      t.expect("clamp of " + dtype, 0, t.call("clamp", x, 2, 50));
    }
    t.check();
  }

  @Test
  void shifts() {
    for (DType dtype : INTEGERS) {
      Number[] all = integers(dtype);
      Arg x = t.values(dtype, of(all.length, 1), all);
      Arg by = t.values(dtype, of(9), 0L, 1L, 2L, 7L, 8L, 15L, 31L, 63L, 100L);
      for (String way : List.of("left", "right")) {
        String name = "bitwise_" + way + "_shift.Tensor";
        t.expect(name + " of " + dtype, 0, t.call(name, x, by));
        t.expect(name + " of " + dtype + " by 3", 0, t.call(name + "_Scalar", x, 3));
        if (dtype != DType.UINT8) {
          t.expect(name + " back of " + dtype, 0, t.call(name + "_Scalar", x, -3));
        }
      }
    }
    t.check();
  }

  @Test
  void negativeDivisors() {
    for (DType dtype : List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8)) {
      Arg x = t.values(dtype, of(8, 1), 0L, 1L, -1L, 7L, -7L, 8L, -8L, -100L);
      Arg y = t.values(dtype, of(5), -1L, -2L, -3L, 4L, 5L);
      for (String name : List.of("floor_divide", "remainder.Tensor", "fmod.Tensor")) {
        t.expect(name + " of " + dtype, 0, t.call(name, x, y));
        t.expect(name + " of " + dtype + " and a number", 0, t.call(name, x, -3));
      }
      t.expect("trunc of " + dtype, 0, t.call("div.Tensor_mode", x, y, "trunc"));
    }
    t.check();
  }

  @Test
  void truthValues() {
    Arg x = t.values(DType.BOOL, of(2, 1), 0L, 1L);
    Arg y = t.values(DType.BOOL, of(2), 0L, 1L);
    for (String name :
        List.of(
            "add.Tensor",
            "mul.Tensor",
            "maximum",
            "minimum",
            "eq.Tensor",
            "ne.Tensor",
            "lt.Tensor",
            "le.Tensor",
            "gt.Tensor",
            "ge.Tensor",
            "logical_and",
            "logical_or",
            "logical_xor",
            "bitwise_and.Tensor",
            "bitwise_or.Tensor",
            "bitwise_xor.Tensor")) {
      t.expect(name, 0, t.call(name, x, y));
    }
    for (String name : List.of("bitwise_not", "logical_not", "isnan", "isinf", "sign")) {
      t.expect(name, 0, t.call(name, x));
    }
    t.expect("add a number", 0, t.call("add.Tensor", x, 2));
    t.expect("add a fraction", 0, t.call("add.Tensor", x, 0.5));
    t.expect("mul a truth value", 0, t.call("mul.Tensor", x, true));
    t.expect("div", 0, t.call("div.Tensor", x, 3));
    t.expect("exp", 1e-6, t.call("exp", x));
    t.expect("eq 1", 0, t.call("eq.Scalar", x, 1));
    t.expect("square", 0, t.call("pow.Tensor_Scalar", x, 2));
    t.check();
  }

  @Test
  void typesArePromoted() {
    List<DType> all =
        List.of(
            DType.FLOAT64,
            DType.FLOAT32,
            DType.INT64,
            DType.INT32,
            DType.INT16,
            DType.INT8,
            DType.UINT8,
            DType.BOOL);
    Number[] some = {0L, 1L, 3L, 100L};
    Arg[] vectors = new Arg[all.size()];
    Arg[] scalars = new Arg[all.size()];
    for (int i = 0; i < all.size(); i++) {
      vectors[i] = t.values(all.get(i), of(4), some);
      scalars[i] = t.values(all.get(i), of(), 3L);
    }
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < all.size(); j++) {
        String types = " of " + all.get(i) + " and " + all.get(j);
        t.expect("add" + types, 0, t.call("add.Tensor", vectors[i], vectors[j]));
        t.expect("mul 0-d" + types, 0, t.call("mul.Tensor", vectors[i], scalars[j]));
        t.expect("lt 0-d" + types, 0, t.call("lt.Tensor", scalars[j], vectors[i]));
        t.expect("0-d both" + types, 0, t.call("maximum", scalars[i], scalars[j]));
      }
      t.expect("add 300 to " + all.get(i), 0, t.call("add.Tensor", vectors[i], 300));
      t.expect("mul " + all.get(i) + " by a fraction", 0, t.call("mul.Tensor", vectors[i], 0.5));
      t.expect("gt of " + all.get(i), 0, t.call("gt.Scalar", vectors[i], 2.5));
      t.expect("eq of " + all.get(i), 0, t.call("eq.Scalar", vectors[i], 3));
      t.expect("ge of 0-d " + all.get(i), 0, t.call("ge.Scalar", scalars[i], 0.5));
    }
    t.check();
  }

  @Test
  void castsBetweenAllTypes() {
    List<DType> all =
        List.of(
            DType.FLOAT64,
            DType.FLOAT32,
            DType.INT64,
            DType.INT32,
            DType.INT16,
            DType.INT8,
            DType.UINT8,
            DType.BOOL);
    for (DType from : all) {
      Number[] values =
          from.isFloating()
              ? new Number[] {0.0, -0.0, 0.3, 1.0, 2.9, 100.0, 1e-30}
              : integers(from == DType.BOOL ? DType.UINT8 : from);
      Arg x = t.values(from, of(values.length), values);
      for (DType to : all) {
        t.expect(from + " to " + to, 0, t.call("_to_copy", x, to));
      }
    }
    Arg x = t.values(DType.FLOAT32, of(4), Double.NaN, Double.POSITIVE_INFINITY, -2.5, 1e-40);
    t.expect("NaN is true", 0, t.call("_to_copy", x, DType.BOOL));
    t.expect(
        "negatives truncate", 0, t.call("_to_copy", t.call("clamp", x, -3, 3.5), DType.FLOAT64));
    Arg negative = t.values(DType.FLOAT32, of(3), -0.9, -1.0, -100.7);
    for (DType to : List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8)) {
      t.expect("negatives to " + to, 0, t.call("_to_copy", negative, to));
    }
    t.check();
  }

  @Test
  void selections() {
    Arg condition = t.input(DType.BOOL, 5, 1);
    Arg bytes = t.input(DType.UINT8, 5, 1);
    Arg x = t.input(DType.FLOAT32, 5, 7);
    Arg y = t.input(DType.FLOAT64, 7);
    Arg k = t.input(DType.INT32, 1, 7);
    Arg extremes = t.values(DType.FLOAT32, of(FLOATS.length), FLOATS);
    t.expect("where", 0, t.call("where.self", condition, x, y));
    t.expect("where of integers", 0, t.call("where.self", condition, x, k));
    t.expect("where of bytes", 0, t.call("where.self", bytes, k, k));
    t.expect("where with numbers", 0, t.call("where.Scalar", condition, 1.5, 2));
    t.expect("where with a number", 0, t.call("where.ScalarOther", condition, k, 2.5));
    t.expect("where with a number first", 0, t.call("where.ScalarSelf", condition, 2, x));
    t.expect("masked_fill", 0, t.call("masked_fill.Scalar", x, condition, -1e9));
    t.expect(
        "masked_fill with infinity",
        0,
        t.call("masked_fill.Scalar", x, condition, Double.NEGATIVE_INFINITY));
    t.expect(
        "masked_fill with a tensor",
        0,
        t.call("masked_fill.Tensor", x, condition, t.input(DType.FLOAT64)));
    t.expect("clamp", 0, t.call("clamp", extremes, -2, 2.5));
    t.expect("clamp below", 0, t.call("clamp", extremes, 0, null));
    t.expect("clamp above", 0, t.call("clamp", extremes, null, 0));
    t.expect("clamp crossed", 0, t.call("clamp", extremes, 3, 1));
    t.expect("clamp to NaN", 0, t.call("clamp", extremes, Double.NaN, 1.0));
    t.expect("clamp to tensors", 0, t.call("clamp.Tensor", x, y, t.call("add.Tensor", y, 1)));
    t.expect("clamp integers by a fraction", 0, t.call("clamp", k, 0.5, 3.5));
    t.expect("isfinite", 0, t.call("isfinite", extremes));
    t.expect("nan_to_num", 0, t.call("nan_to_num", extremes));
    t.expect("addcmul", 1e-6, t.call("addcmul", x, x, x, 0.5));
    t.expect("prelu", 0, t.call("prelu", x, t.weight(7)));
    t.check();
  }

  @Test
  void activationsWithParameters() {
    Arg x = t.input(DType.FLOAT32, 77);
    t.expect("leaky_relu", 1e-6, t.call("leaky_relu", x, 0.2));
    t.expect("leaky_relu negative", 1e-6, t.call("leaky_relu", x, -0.2));
    t.expect("elu", 1e-6, t.call("elu", x, 1.5, 2.0, 0.5));
    t.expect("selu", 1e-6, t.call("selu", x));
    t.expect("celu", 1e-6, t.call("celu", x, 0.7));
    t.expect("hardtanh", 0, t.call("hardtanh", x, -0.5, 0.25));
    t.expect("relu6", 0, t.call("relu6", x));
    t.expect("softplus", 1e-6, t.call("softplus", x, 2.0, 1.0));
    t.expect("log_sigmoid", 1e-6, t.call("log_sigmoid", x));
    t.expect("glu", 1e-6, t.call("glu", t.input(DType.FLOAT32, 3, 8), -1));
    t.expect("hardshrink", 0, t.call("hardshrink", x, 0.5));
    t.expect("softshrink", 0, t.call("softshrink", x, 0.5));
    t.expect("threshold", 0, t.call("threshold", x, 0.1, 20.0));
    t.expect("logit by parts", 1e-6, t.call("log", t.call("sigmoid", x)));
    t.check();
  }

  @Test
  void anyLayoutAndAnySize() {
    Arg a = t.input(DType.FLOAT32, 3, 5, 7);
    Arg b = t.permuted(DType.FLOAT32, of(3, 5, 7), 2, 0, 1);
    Arg c = t.spread(DType.FLOAT32, 3, 5, 7);
    Arg d = t.call("expand", t.input(DType.FLOAT32, 3, 1, 7), of(3, 5, 7));
    Arg e = t.input(new TensorMeta(DType.FLOAT32, Dim.ofAll(3, 5, 7), Dim.ofAll(0, 1, 0)));
    List<Arg> all = List.of(a, b, c, d, e, t.input(DType.FLOAT32), t.input(DType.FLOAT32, 1, 1, 1));
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        t.expect("sub of " + i + " and " + j, 0, t.call("sub.Tensor", all.get(i), all.get(j)));
      }
      t.expect("exp of " + i, 1e-6, t.call("exp", all.get(i)));
    }
    Arg none = t.input(DType.FLOAT32, 4, 0, 3);
    t.expect("nothing", 0, t.call("exp", none));
    t.expect("nothing and something", 0, t.call("add.Tensor", none, t.input(DType.FLOAT32, 3)));
    t.expect("nothing of integers", 0, t.call("add.Tensor", t.input(DType.INT64, 0), 1));
    Arg image = t.permuted(DType.FLOAT32, of(2, 5, 3, 4), 0, 2, 3, 1);
    t.expect("channels last", 1e-6, t.call("tanh", image));
    t.expect("channels last by channel", 0, t.call("mul.Tensor", image, t.weight(5, 1, 1)));
    t.expect("one element", 1e-6, t.call("tanh", t.input(DType.FLOAT32, 1)));
    t.expect("a scalar", 1e-6, t.call("tanh", t.input(DType.FLOAT32)));
    t.expect("an input itself", 0, t.input(DType.INT16, 3));
    t.check();
  }

  @Test
  void precisionOverTheWholeRange() {
    Number[] values = new Number[4000];
    java.util.Random random = new java.util.Random();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3);
    }
    Arg x = t.values(DType.FLOAT32, of(values.length), values);
    for (String name :
        List.of("exp", "expm1", "sin", "cos", "tanh", "sigmoid", "silu", "softplus", "mish")) {
      t.expect(name, 5e-7, t.call(name, x));
    }
    t.expect("erf", 1e-6, t.call("erf", x)); // libtorch's vectorised one is good to 5e-7
    t.expect("gelu", 1e-6, t.call("gelu", x));
    Arg positive = t.call("abs", x);
    for (String name : List.of("log", "log1p", "log2", "sqrt", "rsqrt")) {
      t.expect(name, 5e-7, t.call(name, positive));
    }
    t.expect("pow", 1e-6, t.call("pow.Tensor_Scalar", positive, 0.7));
    t.check();
  }
}
