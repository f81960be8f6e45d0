package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionRulesTest {
  private static Arg mask(RandomTensors t, DType dtype, long b, long h, long l, long s) {
    long[] full = {b, h, l, s};
    return switch (t.random.nextInt(5)) {
      case 0 -> t.contiguous(DType.BOOL, l, s);
      case 1 -> t.contiguous(dtype, b, 1, l, s);
      case 2 -> t.contiguous(DType.BOOL, b, 1, 1, s);
      case 3 -> t.tensor(dtype, t.broadcastable(full));
      default -> Arg.NONE;
    };
  }

  @Test
  void batched() {
    RuleChecks.compare(
        "scaled_dot_product_attention",
        800,
        t -> {
          DType dtype = t.floating();
          long b = 1 + t.random.nextInt(3);
          long h = 1 + t.random.nextInt(3);
          long l = 1 + t.random.nextInt(5);
          long s = 1 + t.random.nextInt(5);
          long d = 1 + t.random.nextInt(8);
          long e = t.random.nextInt(4) == 0 ? d + 1 : d;
          boolean causal = t.random.nextInt(4) == 0;
          return List.of(
              t.tensor(dtype, b, h, l, d),
              t.tensor(dtype, b, h, s, d),
              t.tensor(dtype, b, h, s, e),
              causal ? Arg.NONE : mask(t, dtype, b, h, l, s),
              new Arg.Float(0),
              new Arg.Bool(causal));
        });
  }

  @Test
  void otherRanks() {
    RuleChecks.compare(
        "scaled_dot_product_attention",
        400,
        t -> {
          DType dtype = t.floating();
          // libtorch's fused kernel divides by zero on empty tensors.
          long[] batch = new long[t.random.nextInt(4)];
          java.util.Arrays.setAll(batch, i -> 1 + t.random.nextInt(3));
          long l = 1 + t.random.nextInt(5);
          long s = 1 + t.random.nextInt(5);
          long d = 1 + t.random.nextInt(5);
          return List.of(
              t.tensor(dtype, join(batch, l, d)),
              t.tensor(dtype, join(batch, s, d)),
              t.tensor(dtype, join(batch, s, d)));
        });
  }

  private static long[] join(long[] batch, long... rest) {
    long[] all = java.util.Arrays.copyOf(batch, batch.length + rest.length);
    System.arraycopy(rest, 0, all, batch.length, rest.length);
    return all;
  }
}
