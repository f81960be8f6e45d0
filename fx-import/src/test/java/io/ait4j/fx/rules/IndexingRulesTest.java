package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexingRulesTest {
  private static DType indexType(RandomTensors t) {
    return t.random.nextBoolean() ? DType.INT64 : DType.INT32;
  }

  @Test
  void embedding() {
    RuleChecks.compare(
        "embedding",
        200,
        t -> {
          long rows = 1 + t.random.nextInt(5);
          return List.of(
              t.tensor(t.floating(), rows, t.size()),
              t.indices(indexType(t), rows, t.shape(t.random.nextInt(4))));
        });
  }

  @Test
  void gathered() {
    RuleChecks.compare(
        "gather",
        300,
        t -> {
          int rank = t.random.nextInt(5);
          long[] shape = t.shape(rank);
          int axis = rank == 0 ? 0 : t.random.nextInt(rank);
          long[] index = shape.clone();
          for (int i = 0; i < rank; i++) {
            index[i] = i == axis ? t.size() : Math.min(shape[i], t.size());
          }
          long limit = rank == 0 ? 1 : shape[axis];
          return List.of(
              t.tensor(t.anyType(), shape),
              new Arg.Int(axis),
              t.indices(DType.INT64, limit, index));
        });
  }

  @Test
  void selected() {
    RuleChecks.compare(
        "index_select",
        300,
        t -> {
          int rank = t.random.nextInt(5);
          long[] shape = t.shape(rank);
          int axis = rank == 0 ? 0 : t.random.nextInt(rank);
          long limit = rank == 0 ? 1 : shape[axis];
          Arg index =
              t.random.nextInt(4) == 0 || rank == 0
                  ? t.indices(indexType(t), limit)
                  : t.indices(indexType(t), limit, t.size());
          return List.of(t.tensor(t.anyType(), shape), new Arg.Int(axis), index);
        });
  }

  @Test
  void indexed() {
    RuleChecks.compare(
        "index.Tensor",
        1500,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          long[] shape = t.shape(rank);
          long[] replacement = t.shape(t.random.nextInt(4));
          List<Arg> indices = new ArrayList<>();
          for (int i = 0; i < 1 + t.random.nextInt(rank); i++) {
            boolean last = i == 0;
            indices.add(
                !last && t.random.nextInt(3) == 0
                    ? Arg.NONE
                    : t.indices(indexType(t), shape[i], t.broadcastable(replacement)));
          }
          if (t.random.nextInt(3) == 0 && indices.size() < rank) {
            indices.addFirst(Arg.NONE);
            indices.set(1, t.indices(DType.INT64, shape[1], replacement));
          }
          return List.of(t.tensor(t.anyType(), shape), new Arg.Sequence(indices));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"scatter.src", "scatter_add", "scatter.value"})
  void scattered(String name) {
    RuleChecks.compare(
        name,
        200,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          long[] shape = t.shape(rank);
          int axis = t.random.nextInt(rank);
          long[] index = shape.clone();
          index[axis] = Math.min(shape[axis], t.size());
          return List.of(
              t.tensor(DType.FLOAT32, shape),
              new Arg.Int(axis),
              t.indices(DType.INT64, shape[axis], index),
              name.endsWith("value") ? new Arg.Float(2) : t.contiguous(DType.FLOAT32, index));
        });
  }
}
