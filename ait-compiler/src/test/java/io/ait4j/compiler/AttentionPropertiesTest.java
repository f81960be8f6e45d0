package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention over batches and lengths of any size, of queries that share their keys or do not. */
class AttentionPropertiesTest {
  private static final Dim N = Property.N;
  private static final Dim P = Property.P;
  private static final Dim M = Property.M;
  private static final Dim Q = Property.Q;

  @TempDir Path cache;

  private static Arg heads(Property p, DType dtype, long heads, Dim length, long width) {
    return p.input(dtype, Contents.NORMAL, N, Dim.of(heads), length, Dim.of(width));
  }

  /** A mean of values by weights that a sum of products decides, each within a few units. */
  private static void expect(
      Property p,
      String name,
      Arg[] parts,
      Arg mask,
      boolean causal,
      Double scale,
      boolean shared) {
    p.expectSum(
        name,
        5e-6,
        1,
        1,
        p.call(
            "scaled_dot_product_attention",
            parts[0],
            parts[1],
            parts[2],
            mask,
            0.0,
            causal,
            scale,
            shared));
  }

  @Test
  void attention() {
    Property.check(
        cache,
        200,
        p -> {
          DType dtype = DType.FLOAT32;
          Arg[] same = {
            heads(p, dtype, 2, M, 32), heads(p, dtype, 2, Q, 32), heads(p, dtype, 2, Q, 32)
          };
          expect(p, "causal", same, null, true, null, false);
          Arg mask = p.input(dtype, Contents.NORMAL, N, Dim.ONE, Dim.ONE, Q);
          expect(p, "masked", same, mask, false, 0.25, false);
          Arg[] shared = {
            heads(p, dtype, 4, P, 64), heads(p, dtype, 2, Q, 64), heads(p, dtype, 2, Q, 64)
          };
          Arg visible = p.input(DType.BOOL, Contents.NORMAL, P, Q);
          expect(p, "shared keys, some hidden", shared, visible, false, null, true);
        });
  }
}
