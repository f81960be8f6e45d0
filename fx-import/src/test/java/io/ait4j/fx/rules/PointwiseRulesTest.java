package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointwiseRulesTest {
  private static Arg number(RandomTensors t) {
    return switch (t.random.nextInt(3)) {
      case 0 -> new Arg.Int(1 + t.random.nextInt(3));
      case 1 -> new Arg.Float(1.5);
      default -> new Arg.Bool(true);
    };
  }

  private static long[] shape(RandomTensors t) {
    return t.shape(t.random.nextInt(6));
  }

  private static Arg second(RandomTensors t, long[] shape) {
    return t.random.nextInt(4) == 0 ? number(t) : t.tensor(t.anyType(), t.broadcastable(shape));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mul.Tensor",
        "eq.Tensor",
        "lt.Tensor",
        "logical_and",
        "logical_xor",
        "ne.Tensor",
        "div.Tensor",
        "add.Tensor",
        "pow.Tensor_Tensor"
      })
  void binaryOnAllTypes(String name) {
    RuleChecks.compare(
        name,
        600,
        t -> {
          long[] shape = shape(t);
          return List.of(t.tensor(t.anyType(), shape), second(t, shape));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sub.Tensor",
        "maximum",
        "minimum",
        "fmod.Tensor",
        "remainder.Tensor",
        "atan2",
        "floor_divide"
      })
  void binaryOnRealTypes(String name) {
    RuleChecks.compare(
        name,
        500,
        t -> {
          long[] shape = shape(t);
          DType a = t.random.nextBoolean() ? DType.INT32 : t.floating();
          DType b = t.random.nextBoolean() ? DType.FLOAT16 : DType.INT64;
          long[] other = t.broadcastable(shape);
          Arg second = t.random.nextInt(4) == 0 ? new Arg.Float(2) : t.add(positive(t, b, other));
          return List.of(t.tensor(a, shape), second);
        });
  }

  private static org.bytedeco.pytorch.Tensor positive(RandomTensors t, DType type, long[] shape) {
    Arg.Value made = (Arg.Value) t.contiguous(type, shape);
    return t.values().get(made.name()).abs().add(new org.bytedeco.pytorch.Scalar(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bitwise_and.Tensor", "bitwise_or.Tensor", "bitwise_xor.Tensor"})
  void bitwise(String name) {
    DType[] types = {DType.BOOL, DType.UINT8, DType.INT8, DType.INT16, DType.INT32, DType.INT64};
    RuleChecks.compare(
        name,
        300,
        t -> {
          long[] shape = shape(t);
          DType a = types[t.random.nextInt(types.length)];
          DType b = types[t.random.nextInt(types.length)];
          Arg second =
              t.random.nextInt(4) == 0 ? new Arg.Int(3) : t.tensor(b, t.broadcastable(shape));
          return List.of(t.tensor(a, shape), second);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eq.Scalar",
        "ne.Scalar",
        "lt.Scalar",
        "le.Scalar",
        "gt.Scalar",
        "ge.Scalar",
        "pow.Tensor_Scalar"
      })
  void tensorAndScalar(String name) {
    RuleChecks.compare(name, 400, t -> List.of(t.tensor(t.anyType(), shape(t)), number(t)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pow.Scalar"})
  void scalarAndTensor(String name) {
    RuleChecks.compare(name, 300, t -> List.of(number(t), t.tensor(t.anyType(), shape(t))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"div.Tensor_mode"})
  void dividedWithMode(String name) {
    RuleChecks.compare(
        name,
        300,
        t -> {
          long[] shape = shape(t);
          Arg mode = new Arg.Str(t.random.nextBoolean() ? "floor" : "trunc");
          Arg divisor = t.add(positive(t, DType.INT32, t.broadcastable(shape)));
          return List.of(
              t.tensor(t.random.nextBoolean() ? DType.INT64 : t.floating(), shape),
              divisor,
              t.random.nextInt(3) == 0 ? Arg.NONE : mode);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "neg", "abs", "sign", "exp", "expm1", "log", "log1p", "log2", "sqrt", "rsqrt",
        "reciprocal", "sin", "cos", "tan", "tanh", "sigmoid", "erf", "floor", "ceil", "round",
        "trunc", "relu", "logical_not", "isnan", "isinf"
      })
  void unary(String name) {
    RuleChecks.compare(name, 300, t -> List.of(t.tensor(t.anyType(), shape(t))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gelu",
        "silu",
        "leaky_relu",
        "elu",
        "hardtanh",
        "hardswish",
        "hardsigmoid",
        "softplus",
        "mish"
      })
  void activations(String name) {
    RuleChecks.compare(name, 200, t -> List.of(t.tensor(t.floating(), shape(t))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bitwise_not"})
  void integersOnly(String name) {
    RuleChecks.compare(
        name,
        100,
        t -> List.of(t.tensor(t.random.nextBoolean() ? DType.INT32 : DType.BOOL, shape(t))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clamp"})
  void clampedByNumbers(String name) {
    RuleChecks.compare(
        name,
        400,
        t ->
            List.of(
                t.tensor(t.anyType(), shape(t)),
                t.random.nextInt(4) == 0 ? Arg.NONE : number(t),
                t.random.nextInt(3) == 0 ? Arg.NONE : number(t)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clamp.Tensor"})
  void clampedByTensors(String name) {
    RuleChecks.compare(
        name,
        400,
        t -> {
          long[] shape = shape(t);
          return List.of(
              t.tensor(t.floating(), shape),
              t.random.nextInt(4) == 0 ? Arg.NONE : second(t, shape),
              t.random.nextInt(3) == 0 ? Arg.NONE : second(t, shape));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"where.self"})
  void chosen(String name) {
    RuleChecks.compare(
        name,
        800,
        t -> {
          long[] shape = shape(t);
          return List.of(
              t.tensor(DType.BOOL, t.broadcastable(shape)), second(t, shape), second(t, shape));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"masked_fill.Scalar"})
  void filled(String name) {
    RuleChecks.compare(
        name,
        400,
        t -> {
          long[] shape = shape(t);
          boolean maskIsSmall = t.random.nextBoolean();
          return List.of(
              t.tensor(t.floating(), maskIsSmall ? shape : t.broadcastable(shape)),
              t.tensor(DType.BOOL, maskIsSmall ? t.broadcastable(shape) : shape),
              new Arg.Float(-1));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"masked_fill.Tensor"})
  void filledByTensor(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          long[] shape = shape(t);
          return List.of(
              t.tensor(t.floating(), shape),
              t.tensor(DType.BOOL, t.broadcastable(shape)),
              t.contiguous(DType.FLOAT32));
        });
  }
}
