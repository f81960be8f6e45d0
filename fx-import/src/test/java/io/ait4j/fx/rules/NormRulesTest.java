package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormRulesTest {
  private static final Arg EPS = new Arg.Float(1e-5);

  @Test
  void layers() {
    RuleChecks.compare(
        "layer_norm",
        300,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(4));
          int from = t.random.nextInt(shape.length);
          long[] normalized = Arrays.copyOfRange(shape, from, shape.length);
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, shape),
              Arg.ints(normalized),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, normalized),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, normalized));
        });
  }

  @Test
  void groups() {
    RuleChecks.compare(
        "group_norm",
        300,
        t -> {
          long[] shape = t.shape(2 + t.random.nextInt(4));
          long groups = 1 + t.random.nextInt(3);
          shape[1] = groups * (1 + t.random.nextInt(3));
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, shape),
              new Arg.Int(groups),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, shape[1]),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, shape[1]));
        });
  }

  @Test
  void batches() {
    RuleChecks.compare(
        "batch_norm",
        300,
        t -> {
          long[] shape = t.shape(2 + t.random.nextInt(4));
          DType dtype = t.floating();
          return List.of(
              t.tensor(dtype, shape),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, shape[1]),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, shape[1]),
              t.contiguous(dtype, shape[1]),
              t.positive(dtype, shape[1]),
              new Arg.Bool(false),
              new Arg.Float(0.1),
              EPS,
              new Arg.Bool(false));
        });
  }
}
