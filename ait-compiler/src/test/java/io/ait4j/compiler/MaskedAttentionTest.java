package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attention under masks computed from positions, which a pass may recognise, with random constants:
 * whatever it makes of them agrees with libtorch.
 */
class MaskedAttentionTest {
  private static final int BATCH = 2;
  private static final int HEADS = 3;
  private static final int DIM = 8;
  private static final int LONG = 11;
  private static final int SHORT = 6;

  /** How a truth value for each query and key, true where it is seen, is made to mask scores. */
  private enum Form {
    TRUTH,
    ADDED,
    REPLACED,
    REPLACED_OTHERWISE
  }

  @TempDir Path cache;

  private static Arg position(OperatorTable t, long... shape) {
    return t.call("view", t.call("arange.start_step", 0, Math.max(shape[0], shape[1]), 1), shape);
  }

  private static Arg not(OperatorTable t, Arg x) {
    return t.call("logical_not", x);
  }

  private static Arg attention(
      OperatorTable t, Arg q, Arg k, Arg v, Arg seen, Form form, double fill) {
    if (form == Form.TRUTH) {
      return t.call("scaled_dot_product_attention", q, k, v, seen);
    }
    Arg scores = t.call("matmul", q, t.call("transpose.int", k, -2, -1));
    if (form == Form.ADDED) {
      Arg zero = t.call("full", OperatorTable.of(), 0.0, DType.FLOAT32);
      Arg low = t.call("full", OperatorTable.of(), fill, DType.FLOAT32);
      scores = t.call("add.Tensor", scores, t.call("where.self", seen, zero, low));
    } else if (form == Form.REPLACED) {
      scores = t.call("masked_fill.Scalar", scores, not(t, seen), fill);
    } else {
      Arg low = t.call("full", OperatorTable.of(), fill, DType.FLOAT32);
      scores = t.call("where.self", seen, scores, low);
    }
    return t.call("matmul", t.call("_softmax", scores, -1, false), v);
  }

  @Test
  void masksOfPositionsAgreeWithLibtorch() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Oracle oracle = new Oracle(cache, seed)) {
      OperatorTable t = new OperatorTable(oracle);
      int[][] lengths = {{LONG, LONG}, {SHORT, LONG}, {LONG, SHORT}};
      int[] drawn = lengths[random.nextInt(lengths.length)];
      int queries = drawn[0];
      int keys = drawn[1];
      Arg q = t.input(DType.FLOAT32, BATCH, HEADS, queries, DIM);
      Arg k = t.input(DType.FLOAT32, BATCH, HEADS, keys, DIM);
      Arg v = t.input(DType.FLOAT32, BATCH, HEADS, keys, DIM);
      Arg i = position(t, queries, 1);
      Arg j = position(t, 1, keys);
      Arg past = t.call("le.Tensor", j, i);
      Arg shifted =
          t.call(
              "le.Tensor", j, t.call("add.Tensor", i, random.nextBoolean() ? 1 : keys - queries));
      Arg strict = t.call("lt.Tensor", j, i);
      Arg all = t.call("ge.Scalar", t.call("add.Tensor", i, j), random.nextInt(2));
      Arg withoutRow = t.call("logical_and", past, t.call("ne.Scalar", i, random.nextInt(queries)));
      Arg banded =
          t.call(
              "logical_and",
              past,
              t.call(
                  "lt.Tensor",
                  t.call("sub.Tensor", i, j),
                  t.call("full", OperatorTable.of(), 1 + random.nextInt(queries), DType.INT64)));
      Arg padded =
          t.call(
              "logical_and",
              past,
              t.values(DType.BOOL, OperatorTable.of(1, keys), 1, random.nextInt(2), 1));
      Arg keysAlone = t.call("le.Scalar", j, random.nextInt(3));
      Arg queriesAlone = t.call("ge.Scalar", i, random.nextInt(2));
      Object[][] masks = {
        {"past", past},
        {"shifted", shifted},
        {"strict", strict},
        {"all", all},
        {"without a row", withoutRow},
        {"banded", banded},
        {"padded", padded},
        {"keys alone", keysAlone},
        {"queries alone", queriesAlone}
      };
      for (Object[] mask : masks) {
        Form form = Form.values()[random.nextInt(Form.values().length)];
        double[] fills = {0, -1e4, -Float.MAX_VALUE, Double.NEGATIVE_INFINITY};
        double fill = fills[random.nextInt(fills.length)];
        t.expect(
            "%s, %d queries, %d keys, %s by %s".formatted(mask[0], queries, keys, form, fill),
            2e-5,
            attention(t, q, k, v, (Arg) mask[1], form, fill));
      }
      t.expect("the future counts as 0", 2e-5, attention(t, q, k, v, past, Form.REPLACED, 0));
      t.check();
    }
  }
}
