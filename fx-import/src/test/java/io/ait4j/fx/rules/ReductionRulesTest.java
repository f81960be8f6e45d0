package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionRulesTest {
  private static Arg axes(RandomTensors t, int rank) {
    List<Arg> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (t.random.nextInt(3) == 0) {
        axes.add(new Arg.Int(t.random.nextBoolean() ? i : i - rank));
      }
    }
    return axes.isEmpty() && t.random.nextBoolean() ? Arg.NONE : new Arg.Sequence(axes);
  }

  private static Arg axis(RandomTensors t, int rank) {
    return new Arg.Int(t.random.nextInt(-Math.max(1, rank), Math.max(1, rank)));
  }

  private static Arg flag(RandomTensors t) {
    return new Arg.Bool(t.random.nextBoolean());
  }

  private static Arg dtype(RandomTensors t) {
    return t.random.nextInt(3) > 0 ? Arg.NONE : new Arg.Type(t.floating());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum.dim_IntList", "mean.dim"})
  void overDims(String name) {
    RuleChecks.compare(
        name,
        300,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(
              t.tensor(t.random.nextInt(3) == 0 ? t.anyType() : t.floating(), t.shape(rank)),
              axes(t, rank),
              flag(t),
              dtype(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"amax", "amin"})
  void extremes(String name) {
    RuleChecks.compare(
        name,
        300,
        t -> {
          int rank = t.random.nextInt(5);
          Arg axes = axes(t, rank);
          return List.of(
              t.tensor(t.anyType(), t.shape(rank)),
              axes instanceof Arg.None ? Arg.ints() : axes,
              flag(t));
        });
  }

  @Test
  void variance() {
    RuleChecks.compare(
        "var.correction",
        300,
        t -> {
          int rank = t.random.nextInt(5);
          DType dtype = t.random.nextInt(4) == 0 ? DType.COMPLEX64 : t.floating();
          return List.of(t.tensor(dtype, t.shape(rank)), axes(t, rank), new Arg.Int(1), flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"any.dim", "all.dim"})
  void truth(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(t.tensor(t.anyType(), t.shape(rank)), axis(t, rank), flag(t));
        });
  }

  @Test
  void product() {
    RuleChecks.compare(
        "prod.dim_int",
        200,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(t.tensor(t.anyType(), t.shape(rank)), axis(t, rank), flag(t), dtype(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"argmax", "argmin"})
  void extremeIndex(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          int rank = t.random.nextInt(5);
          Arg axis = t.random.nextInt(4) == 0 ? Arg.NONE : axis(t, rank);
          return List.of(t.tensor(t.floating(), t.shape(rank)), axis, flag(t));
        });
  }

  @Test
  void scan() {
    RuleChecks.compare(
        "cumsum",
        300,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(t.tensor(t.anyType(), t.shape(rank)), axis(t, rank), dtype(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"_softmax", "_log_softmax"})
  void softmax(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(t.tensor(t.floating(), t.shape(rank)), axis(t, rank), new Arg.Bool(false));
        });
  }
}
