package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewRulesTest {
  /** Another shape of as many elements: neighbours merged, sizes factored, ones put in. */
  private static long[] reshaped(RandomTensors t, long[] shape) {
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      sizes.add(size);
    }
    for (int i = 0; i < 3; i++) {
      int at = sizes.isEmpty() ? 0 : t.random.nextInt(sizes.size());
      switch (t.random.nextInt(3)) {
        case 0 -> {
          if (at + 1 < sizes.size()) {
            sizes.set(at, sizes.get(at) * sizes.remove(at + 1));
          }
        }
        case 1 -> {
          if (!sizes.isEmpty() && sizes.get(at) % 2 == 0) {
            sizes.set(at, sizes.get(at) / 2);
            sizes.add(at, 2L);
          }
        }
        default -> sizes.add(at, 1L);
      }
    }
    return sizes.stream().mapToLong(s -> s).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"view", "reshape"})
  void reshaped(String name) {
    RuleChecks.compare(
        name,
        1500,
        t -> {
          long[] shape = t.shape(t.random.nextInt(5));
          long[] wanted = reshaped(t, shape);
          if (wanted.length > 0 && t.random.nextInt(3) == 0) {
            wanted[t.random.nextInt(wanted.length)] = -1;
          }
          return List.of(t.tensor(DType.FLOAT32, shape), Arg.ints(wanted));
        });
  }

  @Test
  void permuted() {
    RuleChecks.compare(
        "permute",
        200,
        t -> {
          int rank = t.random.nextInt(5);
          List<Arg> dims = new ArrayList<>();
          for (int i = 0; i < rank; i++) {
            dims.add(new Arg.Int(t.random.nextBoolean() ? i : i - rank));
          }
          Collections.shuffle(dims, t.random);
          return List.of(t.tensor(DType.FLOAT32, t.shape(rank)), new Arg.Sequence(dims));
        });
  }

  @Test
  void expanded() {
    RuleChecks.compare(
        "expand",
        500,
        t -> {
          long[] shape = t.shape(t.random.nextInt(5));
          long[] own = t.broadcastable(shape);
          long[] wanted = shape.clone();
          for (int i = shape.length - own.length; i < shape.length; i++) {
            if (t.random.nextInt(5) == 0) {
              wanted[i] = -1;
            }
          }
          return List.of(t.tensor(DType.FLOAT32, own), Arg.ints(wanted));
        });
  }

  @Test
  void squeezed() {
    RuleChecks.compare(
        "squeeze.dims",
        300,
        t -> {
          int rank = t.random.nextInt(5);
          List<Arg> dims = new ArrayList<>();
          for (int i = 0; i < rank; i++) {
            if (t.random.nextBoolean()) {
              dims.add(new Arg.Int(t.random.nextBoolean() ? i : i - rank));
            }
          }
          return List.of(t.tensor(DType.FLOAT32, t.shape(rank)), new Arg.Sequence(dims));
        });
  }

  @Test
  void unsqueezed() {
    RuleChecks.compare(
        "unsqueeze",
        200,
        t -> {
          int rank = t.random.nextInt(5);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              new Arg.Int(t.random.nextInt(-rank - 1, rank + 1)));
        });
  }

  @Test
  void sliced() {
    RuleChecks.compare(
        "slice.Tensor",
        1000,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              new Arg.Int(t.random.nextInt(-rank, rank)),
              t.random.nextInt(4) == 0 ? Arg.NONE : new Arg.Int(t.random.nextInt(-10, 10)),
              t.random.nextInt(4) == 0 ? Arg.NONE : new Arg.Int(t.random.nextInt(-10, 10)),
              new Arg.Int(1 + t.random.nextInt(3)));
        });
  }

  @Test
  void selected() {
    RuleChecks.compare(
        "select.int",
        400,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              new Arg.Int(t.random.nextInt(-rank, rank)),
              new Arg.Int(t.random.nextInt(-3, 3)));
        });
  }
}
