package io.ait4j.fx.decompose;

import static io.ait4j.fx.decompose.DecompositionChecks.compare;
import static io.ait4j.fx.decompose.DecompositionChecks.comparePartly;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointwiseDecompositionsTest {
  private static long[] shape(RandomTensors t) {
    return t.shape(t.random.nextInt(5));
  }

  private static Arg number(RandomTensors t) {
    return t.random.nextBoolean()
        ? new Arg.Int(1 + t.random.nextInt(3))
        : new Arg.Float(t.random.nextInt(8) / 4.0 + 0.25);
  }

  private static DType number32(RandomTensors t) {
    return switch (t.random.nextInt(4)) {
      case 0 -> DType.INT64;
      case 1 -> DType.INT32;
      default -> t.floating();
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add.Scalar",
        "sub.Scalar",
        "mul.Scalar",
        "div.Scalar",
        "remainder.Scalar",
        "fmod.Scalar",
        "floor_divide.Scalar",
        "subtract.Scalar",
        "multiply.Scalar",
        "divide.Scalar",
        "true_divide.Scalar",
        "not_equal.Scalar",
        "less.Scalar",
        "greater_equal.Scalar",
        "where.ScalarOther",
        "where.ScalarSelf",
        "rsub.Scalar",
        "clamp_min",
        "clamp_max"
      })
  void tensorAndNumber(String name) {
    compare(
        name,
        80,
        t -> {
          Arg x = t.tensor(number32(t), shape(t));
          return switch (name) {
            case "where.ScalarOther" -> List.of(t.tensor(DType.BOOL, shape(t)), x, number(t));
            case "where.ScalarSelf" -> List.of(t.tensor(DType.BOOL, shape(t)), number(t), x);
            case "add.Scalar", "sub.Scalar", "rsub.Scalar" ->
                t.random.nextBoolean()
                    ? List.of(x, number(t))
                    : List.of(x, number(t), new Arg.Int(2));
            default -> List.of(x, number(t));
          };
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subtract.Tensor", "multiply.Tensor", "divide.Tensor", "true_divide.Tensor", "arctan2",
        "max.other", "min.other", "not_equal.Tensor", "less_equal.Tensor", "greater.Tensor",
        "rsub.Tensor", "clamp_min.Tensor", "clamp_max.Tensor", "logaddexp"
      })
  void twoTensors(String name) {
    compare(
        name,
        80,
        t -> {
          long[] shape = shape(t);
          return List.of(
              t.tensor(number32(t), shape), t.tensor(t.floating(), t.broadcastable(shape)));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"__and__.Tensor", "__or__.Scalar", "bitwise_xor.Scalar"})
  void bitwise(String name) {
    compare(
        name,
        60,
        t -> {
          long[] shape = shape(t);
          Arg second =
              name.endsWith("Scalar")
                  ? new Arg.Int(t.random.nextInt(7))
                  : t.tensor(DType.INT32, t.broadcastable(shape));
          return List.of(t.tensor(DType.INT64, shape), second);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "square",
        "positive",
        "frac",
        "exp2",
        "special_exp2",
        "negative",
        "absolute",
        "fix",
        "special_expit",
        "special_erf",
        "special_expm1",
        "relu6",
        "selu",
        "log_sigmoid",
        "isposinf",
        "isneginf",
        "sgn",
        "isfinite"
      })
  void unary(String name) {
    compare(name, 60, t -> List.of(t.tensor(t.floating(), shape(t))));
  }

  @Test
  void infinitiesAndNan() {
    for (String name : List.of("isfinite", "nan_to_num", "isposinf", "isneginf", "log_sigmoid")) {
      compare(
          name,
          40,
          t -> {
            Arg zeros = t.contiguous(DType.INT64, shape(t));
            Arg x =
                t.add(
                    t.values()
                        .get(((Arg.Value) zeros).name())
                        .to(org.bytedeco.pytorch.global.torch.ScalarType.Float)
                        .reciprocal()
                        .mul(new org.bytedeco.pytorch.Scalar(t.random.nextInt(2)))
                        .mul(new org.bytedeco.pytorch.Scalar(2)));
            return List.of(x);
          });
    }
    compare(
        "nan_to_num",
        20,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, shape(t)),
                new Arg.Float(1),
                new Arg.Float(2),
                new Arg.Float(-3)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"addcmul", "addcdiv"})
  void threeTensors(String name) {
    compare(
        name,
        100,
        t -> {
          long[] shape = shape(t);
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, t.broadcastable(shape)),
              t.tensor(dtype, shape),
              t.positive(dtype, t.broadcastable(shape)),
              new Arg.Float(t.random.nextBoolean() ? 1 : 0.5));
        });
  }

  @Test
  void interpolation() {
    compare(
        "lerp.Scalar",
        80,
        t -> {
          long[] shape = shape(t);
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, shape),
              t.tensor(dtype, t.broadcastable(shape)),
              new Arg.Float(t.random.nextInt(5) / 4.0));
        });
    compare(
        "lerp.Tensor",
        80,
        t -> {
          long[] shape = shape(t);
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, shape),
              t.tensor(dtype, t.broadcastable(shape)),
              t.tensor(dtype, t.broadcastable(shape)));
        });
  }

  @Test
  void activations() {
    compare("celu", 60, t -> List.of(t.tensor(t.floating(), shape(t)), new Arg.Float(0.7)));
    compare("hardshrink", 60, t -> List.of(t.tensor(t.floating(), shape(t)), new Arg.Float(0.5)));
    compare("softshrink", 60, t -> List.of(t.tensor(t.floating(), shape(t)), new Arg.Float(0.5)));
    compare(
        "threshold",
        60,
        t -> List.of(t.tensor(number32(t), shape(t)), new Arg.Int(1), new Arg.Int(-7)));
    compare(
        "glu",
        80,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          long[] shape = t.shape(rank);
          int axis = t.random.nextInt(rank);
          shape[axis] = 2 * t.size();
          return List.of(t.tensor(t.floating(), shape), new Arg.Int(axis - rank));
        });
    compare(
        "prelu",
        80,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(4));
          long channels = shape.length > 1 && t.random.nextBoolean() ? shape[1] : 1;
          DType dtype = t.floating();
          return List.of(t.tensor(dtype, shape), t.contiguous(dtype, channels));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax.int", "log_softmax.int"})
  void softmax(String name) {
    compare(
        name,
        80,
        t -> {
          int rank = t.random.nextInt(5);
          Arg type = t.random.nextBoolean() ? Arg.NONE : new Arg.Type(DType.FLOAT64);
          DType own = type instanceof Arg.Type ? DType.INT32 : t.floating();
          return List.of(
              t.tensor(own, t.shape(rank)),
              new Arg.Int(t.random.nextInt(-Math.max(1, rank), Math.max(1, rank))),
              type);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"triu", "tril"})
  void triangles(String name) {
    compare(
        name,
        80,
        t ->
            List.of(
                t.tensor(t.anyType(), t.shape(2 + t.random.nextInt(3))),
                new Arg.Int(t.random.nextInt(-3, 4))));
  }

  @Test
  void oneHot() {
    compare(
        "one_hot",
        40,
        t -> {
          long classes = 1 + t.random.nextInt(5);
          return List.of(t.indices(DType.INT64, classes, shape(t)), new Arg.Int(classes));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"dropout", "feature_dropout", "alpha_dropout"})
  void dropoutIsNothing(String name) {
    compare(
        name,
        20,
        t -> List.of(t.tensor(t.floating(), t.shape(3)), new Arg.Float(0.5), new Arg.Bool(false)));
  }

  @Test
  void nativeDropout() {
    compare(
        "native_dropout",
        20,
        t -> List.of(t.tensor(t.floating(), t.shape(3)), new Arg.Float(0.5), new Arg.Bool(false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"detach", "alias", "lift_fresh", "resolve_neg"})
  void identities(String name) {
    comparePartly(name, 20, t -> List.of(t.tensor(t.anyType(), shape(t))));
  }

  @Test
  void casts() {
    compare(
        "to.dtype",
        200,
        t ->
            List.of(
                t.tensor(t.anyType(), shape(t)),
                new Arg.Type(t.anyType()),
                new Arg.Bool(false),
                new Arg.Bool(t.random.nextBoolean()),
                t.random.nextBoolean() ? Arg.NONE : new Arg.MemoryFormat("contiguous_format")));
    compare(
        "to.other",
        60,
        t -> List.of(t.tensor(t.anyType(), shape(t)), t.tensor(t.anyType(), shape(t))));
    compare(
        "type_as",
        60,
        t -> List.of(t.tensor(t.anyType(), shape(t)), t.tensor(t.anyType(), shape(t))));
    compare(
        "to.dtype_layout",
        60,
        t -> List.of(t.tensor(t.anyType(), shape(t)), new Arg.Type(t.anyType())));
    compare("contiguous", 100, t -> List.of(t.tensor(t.anyType(), shape(t))));
    compare(
        "clone",
        100,
        t ->
            List.of(
                t.tensor(t.anyType(), t.shape(4)),
                t.random.nextBoolean() ? Arg.NONE : new Arg.MemoryFormat("channels_last")));
  }
}
