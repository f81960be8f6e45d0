package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolution, pooling, resizing. */
class SpatialRulesTest {
  private static Arg ints(RandomTensors t, int n, int from, int to) {
    long[] values = new long[n];
    for (int i = 0; i < n; i++) {
      values[i] = t.random.nextInt(from, to);
    }
    return Arg.ints(values);
  }

  private static long[] image(RandomTensors t, boolean batched, long channels, int spatial) {
    long[] shape = new long[spatial + (batched ? 2 : 1)];
    shape[0] = 1 + t.random.nextInt(3);
    shape[batched ? 1 : 0] = channels;
    for (int i = shape.length - spatial; i < shape.length; i++) {
      shape[i] = 1 + t.random.nextInt(9);
    }
    return shape;
  }

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "2, false", "2, true", "3, false", "3, true"})
  void convolution(int spatial, boolean transposed) {
    RuleChecks.compare(
        "convolution",
        150,
        t -> {
          long groups = 1 + t.random.nextInt(2);
          long in = groups * (1 + t.random.nextInt(4));
          long out = groups * (1 + t.random.nextInt(4));
          long[] weight = new long[spatial + 2];
          weight[0] = transposed ? in : out;
          weight[1] = (transposed ? out : in) / groups;
          for (int i = 0; i < spatial; i++) {
            weight[2 + i] = 1 + t.random.nextInt(3);
          }
          boolean plain = t.random.nextBoolean();
          DType dtype = t.floating();
          long[] image = image(t, true, in, spatial);
          return List.of(
              plain ? t.contiguous(dtype, image) : t.tensor(dtype, image),
              plain || t.random.nextBoolean()
                  ? t.contiguous(dtype, weight)
                  : t.tensor(dtype, weight),
              t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, out),
              ints(t, spatial, 1, 3),
              ints(t, spatial, 0, 3),
              ints(t, spatial, 1, 3),
              new Arg.Bool(transposed),
              ints(t, spatial, 0, 1),
              new Arg.Int(groups));
        });
  }

  @Test
  void maximum() {
    RuleChecks.compare(
        "max_pool2d",
        600,
        t ->
            List.of(
                t.tensor(
                    t.floating(), image(t, t.random.nextBoolean(), 1 + t.random.nextInt(3), 2)),
                ints(t, 2, 1, 4),
                t.random.nextInt(3) == 0 ? Arg.ints() : ints(t, 2, 1, 4),
                ints(t, 2, 0, 2),
                ints(t, 2, 1, 3),
                new Arg.Bool(t.random.nextBoolean())));
  }

  @Test
  void average() {
    RuleChecks.compare(
        "avg_pool2d",
        600,
        t ->
            List.of(
                t.tensor(
                    t.floating(), image(t, t.random.nextBoolean(), 1 + t.random.nextInt(3), 2)),
                ints(t, 2, 1, 4),
                t.random.nextInt(3) == 0 ? Arg.ints() : ints(t, 2, 1, 4),
                ints(t, 2, 0, 2),
                new Arg.Bool(t.random.nextBoolean())));
  }

  @Test
  void adaptive() {
    RuleChecks.compare(
        "_adaptive_avg_pool2d",
        300,
        t ->
            List.of(
                t.tensor(
                    t.floating(), image(t, t.random.nextBoolean(), 1 + t.random.nextInt(3), 2)),
                ints(t, 2, 1, 6)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"upsample_nearest2d", "upsample_bilinear2d"})
  void resized(String name) {
    RuleChecks.compare(
        name,
        300,
        t -> {
          Arg input = t.tensor(t.floating(), image(t, true, 1 + t.random.nextInt(3), 2));
          Arg size = ints(t, 2, 1, 9);
          return name.contains("bilinear")
              ? List.of(input, size, new Arg.Bool(t.random.nextBoolean()))
              : List.of(input, size);
        });
  }
}
