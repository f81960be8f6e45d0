package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;
import static io.ait4j.fx.decompose.DecompositionChecks.compare;
import static io.ait4j.fx.decompose.DecompositionChecks.comparePartly;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionDecompositionsTest {
  private static Arg flag(RandomTensors t) {
    return new Arg.Bool(t.random.nextBoolean());
  }

  private static int axis(RandomTensors t, int rank) {
    return t.random.nextInt(-Math.max(1, rank), Math.max(1, rank));
  }

  private static Arg axes(RandomTensors t, int rank) {
    List<Arg> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (t.random.nextInt(3) == 0) {
        axes.add(of(t.random.nextBoolean() ? i : i - rank));
      }
    }
    return new Arg.Sequence(axes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum", "mean", "max", "min", "prod", "any", "all", "var", "std"})
  void everything(String name) {
    compare(name, 80, t -> List.of(t.tensor(t.floating(), t.shape(t.random.nextInt(4)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum", "any", "all", "prod", "max", "count_nonzero"})
  void everythingOfIntegers(String name) {
    comparePartly(
        name,
        60,
        t ->
            List.of(
                t.tensor(
                    t.random.nextBoolean() ? DType.INT32 : DType.BOOL,
                    t.shape(t.random.nextInt(4)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum.dim_IntList",
        "mean.dim",
        "amax",
        "amin",
        "any.dims",
        "all.dims",
        "logsumexp",
        "frobenius_norm.dim",
        "count_nonzero.dim_IntList"
      })
  void overDims(String name) {
    compare(
        name,
        100,
        t -> {
          int rank = t.random.nextInt(4);
          Arg x = t.tensor(t.floating(), t.shape(rank));
          return name.startsWith("count")
              ? List.of(x, axes(t, rank))
              : List.of(x, axes(t, rank), flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"max.dim", "min.dim", "argmax", "argmin", "any.dim"})
  void overOne(String name) {
    compare(
        name,
        100,
        t -> {
          int rank = t.random.nextInt(4);
          Arg axis =
              name.startsWith("arg") && t.random.nextInt(3) == 0 ? Arg.NONE : of(axis(t, rank));
          return List.of(t.tensor(t.floating(), t.shape(rank)), axis, flag(t));
        });
  }

  @Test
  void bothExtremes() {
    compare("aminmax", 40, t -> List.of(t.tensor(t.floating(), t.shape(2)), of(-1), flag(t)));
    compare("aminmax", 40, t -> List.of(t.tensor(t.floating(), t.shape(2))));
  }

  @Test
  void infinitiesInLogSumExp() {
    compare(
        "logsumexp",
        20,
        t -> {
          Arg ints = t.contiguous(DType.INT64, 3, 2);
          Arg x =
              t.add(
                  t.values()
                      .get(((Arg.Value) ints).name())
                      .abs()
                      .to(org.bytedeco.pytorch.global.torch.ScalarType.Float)
                      .log());
          return List.of(x, Arg.ints(-1), flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "var.dim",
        "std.dim",
        "var.correction",
        "std.correction",
        "var_mean.correction",
        "std_mean.correction"
      })
  void spread(String name) {
    compare(
        name,
        80,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          Arg x = t.tensor(t.floating(), t.shape(rank));
          Arg second = name.endsWith("dim") ? flag(t) : of(t.random.nextInt(3));
          return List.of(x, axes(t, rank), second, flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 1, 0, 3, 0.5, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void norms(double p) {
    compare(
        "linalg_vector_norm",
        60,
        t -> {
          int rank = t.random.nextInt(4);
          Arg axes = t.random.nextInt(3) == 0 ? Arg.NONE : axes(t, rank);
          return List.of(t.tensor(t.floating(), t.shape(rank)), new Arg.Float(p), axes, flag(t));
        });
    compare(
        "norm.ScalarOpt_dim",
        60,
        t -> {
          int rank = t.random.nextInt(4);
          return List.of(
              t.tensor(t.floating(), t.shape(rank)),
              p == 2 ? Arg.NONE : new Arg.Float(p),
              axes(t, rank),
              flag(t));
        });
    compare("norm.Scalar", 40, t -> List.of(t.tensor(t.floating(), t.shape(2)), new Arg.Float(p)));
  }

  @Test
  void spreadAndMean() {
    for (String name : List.of("var_mean", "std_mean")) {
      compare(name, 40, t -> List.of(t.tensor(t.floating(), t.shape(3)), flag(t)));
      compare(
          name + ".dim",
          40,
          t -> List.of(t.tensor(t.floating(), t.shape(3)), axes(t, 3), flag(t), flag(t)));
    }
  }

  @Test
  void linearAlgebra() {
    comparePartly(
        "linalg_norm",
        100,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(
              t.tensor(t.floating(), t.shape(rank)),
              t.random.nextBoolean() ? Arg.NONE : new Arg.Float(1),
              t.random.nextBoolean() ? Arg.NONE : Arg.ints(axis(t, rank)),
              flag(t));
        });
  }

  @Test
  void cosine() {
    compare(
        "cosine_similarity",
        60,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, shape),
              t.tensor(dtype, t.broadcastable(shape)),
              of(-1),
              new Arg.Float(1e-8));
        });
  }
}
