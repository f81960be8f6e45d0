package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GemmRulesTest {
  @Test
  void matrices() {
    RuleChecks.compare(
        "mm",
        200,
        t -> {
          DType dtype = t.floating();
          long k = t.size();
          return List.of(t.tensor(dtype, t.size(), k), t.tensor(dtype, k, t.size()));
        });
  }

  @Test
  void batches() {
    RuleChecks.compare(
        "bmm",
        200,
        t -> {
          DType dtype = t.floating();
          long b = t.size();
          long k = t.size();
          return List.of(t.tensor(dtype, b, t.size(), k), t.tensor(dtype, b, k, t.size()));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"addmm", "baddbmm"})
  void added(String name) {
    RuleChecks.compare(
        name,
        300,
        t -> {
          DType dtype = t.floating();
          boolean batched = name.equals("baddbmm");
          long b = t.size();
          long m = t.size();
          long k = t.size();
          long n = t.size();
          long[] shape = batched ? new long[] {b, m, n} : new long[] {m, n};
          return List.of(
              t.tensor(dtype, t.broadcastable(shape)),
              batched ? t.tensor(dtype, b, m, k) : t.tensor(dtype, m, k),
              batched ? t.tensor(dtype, b, k, n) : t.tensor(dtype, k, n));
        });
  }

  @Test
  void linear() {
    RuleChecks.compare(
        "linear",
        400,
        t -> {
          DType dtype = t.floating();
          long n = t.size();
          long k = t.size();
          long[] shape = t.shape(1 + t.random.nextInt(4));
          shape[shape.length - 1] = k;
          return List.of(
              t.tensor(dtype, shape),
              t.tensor(dtype, n, k),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, n));
        });
  }
}
