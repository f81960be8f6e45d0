package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads at indices that are data, and what happens when they are out of range. */
class IndexingOperatorsTest {
  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, System.nanoTime());
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private Arg indices(DType dtype, int high, long... shape) {
    Number[] values = new Number[97];
    java.util.Random random = new java.util.Random();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong(high);
    }
    return t.values(dtype, shape, values);
  }

  @Test
  void lookups() {
    Arg table = t.input(DType.FLOAT32, 11, 6);
    Arg x = t.permuted(DType.FLOAT32, of(5, 7, 9), 2, 0, 1);
    for (DType dtype : List.of(DType.INT64, DType.INT32)) {
      String of = " by " + dtype;
      t.expect("embedding" + of, 0, t.call("embedding", table, indices(dtype, 11, 3, 4)));
      t.expect(
          "embedding of a weight" + of,
          0,
          t.call("embedding", t.weight(11, 6), indices(dtype, 11, 4)));
      t.expect("embedding of one" + of, 0, t.call("embedding", table, indices(dtype, 11)));
      t.expect("embedding of none" + of, 0, t.call("embedding", table, indices(dtype, 11, 0)));
      t.expect("index_select 0" + of, 0, t.call("index_select", x, 0, indices(dtype, 5, 8)));
      t.expect("index_select 1" + of, 0, t.call("index_select", x, 1, indices(dtype, 7, 3)));
      t.expect("index_select -1" + of, 0, t.call("index_select", x, -1, indices(dtype, 9, 2)));
    }
    for (int dim = 0; dim < 3; dim++) {
      long[] shape = {4, 6, 8};
      shape[dim] = 11;
      int high = new int[] {5, 7, 9}[dim];
      t.expect("gather " + dim, 0, t.call("gather", x, dim, indices(DType.INT64, high, shape)));
    }
    t.expect(
        "of integers",
        0,
        t.call("index_select", t.input(DType.INT8, 4, 3), 0, indices(DType.INT64, 4, 5)));
    t.expect(
        "of results", 1e-6, t.call("embedding", t.call("exp", table), indices(DType.INT64, 11, 5)));
    t.expect(
        "then more",
        1e-5,
        t.call("layer_norm", t.call("embedding", table, indices(DType.INT64, 11, 5, 2)), of(6)));
    t.expect(
        "summed",
        1e-5,
        t.call(
            "sum.dim_IntList", t.call("embedding", table, indices(DType.INT64, 11, 5, 2)), of(1)));
    t.check();
  }

  @Test
  void advancedIndexing() {
    Arg x = t.input(DType.FLOAT32, 5, 7, 9);
    Arg i = indices(DType.INT64, 5, 4);
    Arg j = indices(DType.INT64, 7, 3, 1);
    t.expect("middle", 0, t.call("index.Tensor", x, list(null, j)));
    t.expect("adjacent", 0, t.call("index.Tensor", x, list(i, j)));
    t.expect("int32", 0, t.call("index.Tensor", x, list(indices(DType.INT32, 5, 2, 2))));
    t.expect("of a scalar index", 0, t.call("index.Tensor", x, list(indices(DType.INT64, 5))));
    t.check();
  }

  @Test
  void masksBagsWindowsAndMirrors() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT16, DType.INT64)) {
      Arg x = t.permuted(dtype, of(5, 7, 9), 1, 2, 0);
      Arg rows = t.input(DType.BOOL, 5);
      Arg inner = t.input(DType.BOOL, 7, 9);
      for (boolean accumulate : new boolean[] {false, true}) {
        String name = dtype + (accumulate ? " added" : " put");
        Arg slice = t.input(dtype, 7, 1);
        Arg columns = t.input(dtype, 5, 1);
        t.expect(name, 0, t.call("index_put", x, list(rows), slice, accumulate));
        t.expect(name, 0, t.call("index_put", x, list(null, inner), columns, accumulate));
      }
      t.expect("flip " + dtype, 0, t.call("flip", x, of(0, -1)));
      t.expect("rot90 " + dtype, 0, t.call("rot90", x, 3, of(1, 2)));
      t.expect("take " + dtype, 0, t.call("take", x, indices(DType.INT64, 315, 4, 5)));
      Arg repeats = t.values(DType.INT64, of(7), 2, 0, 1, 1, 0, 3, 4);
      t.expect("repeated " + dtype, 0, t.call("repeat_interleave.self_Tensor", x, repeats, 1, 11));
    }
    for (boolean last : new boolean[] {false, true}) {
      Arg table = t.input(DType.FLOAT32, 11, 6);
      Arg places = indices(DType.INT64, 11, 3);
      Arg starts = t.values(DType.INT64, of(last ? 1 : 0), 0);
      for (int mode = 0; mode < 2; mode++) {
        Arg none =
            t.calls("embedding_bag", table, places, starts, false, mode, false, null, last)
                .getFirst();
        t.expect("no bags " + mode + (last ? " of an end" : ""), 0, none);
      }
    }
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16)) {
      double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
      Arg table = t.input(dtype, 11, 6);
      Arg places = indices(DType.INT64, 11, 20);
      Arg starts = t.values(DType.INT64, of(5), 0, 3, 3, 9, 20);
      for (int mode = 0; mode < 3; mode++) {
        Arg weights = mode == 0 ? t.input(dtype, 20) : null;
        boolean last = mode == 1;
        Arg bags =
            t.calls("embedding_bag", table, places, starts, false, mode, false, weights, last)
                .getFirst();
        t.expect("bags " + mode + " " + dtype, tolerance, bags);
        Arg padded =
            t.calls(
                    "embedding_bag.padding_idx",
                    table,
                    places,
                    starts,
                    false,
                    mode,
                    false,
                    null,
                    false,
                    4)
                .getFirst();
        t.expect("padded bags " + mode + " " + dtype, tolerance, padded);
      }
      Arg windows = t.input(dtype, 2, 3 * 6, 20);
      t.expect(
          "fold " + dtype,
          tolerance,
          t.call("col2im", windows, of(9, 10), of(3, 2), of(1, 2), of(1, 0), of(2, 2)));
      t.expect(
          "unfold, then fold " + dtype,
          tolerance,
          t.call(
              "col2im",
              t.call("im2col", t.input(dtype, 2, 3, 7, 8), of(3, 3), of(1, 1), of(1, 1), of(1, 1)),
              of(7, 8),
              of(3, 3),
              of(1, 1),
              of(1, 1),
              of(1, 1)));
      Arg renormed = t.call("renorm", t.input(dtype, 4, 5), 2, 0, 1.5);
      t.expect("renorm " + dtype, dtype == DType.FLOAT16 ? 2e-3 : tolerance, renormed);
      Arg even = t.input(dtype, 4, 2);
      t.expect("every other", 0, t.call("slice_scatter", t.input(dtype, 4, 5), even, 1, 1, 5, 2));
    }
    t.check();
  }

  private static Arg list(Arg... indices) {
    return new Arg.Sequence(
        java.util.Arrays.stream(indices).map(a -> a == null ? Arg.NONE : a).toList());
  }

  @Test
  void anIndexOutOfRangeFailsTheRun() {
    for (long bad : new long[] {11, -1, Long.MIN_VALUE}) {
      OperatorTable one = new OperatorTable(oracle);
      Arg rows = one.values(DType.INT64, of(3), 0L, bad, 5L);
      one.expect("embedding", 0, one.call("embedding", one.input(DType.FLOAT32, 11, 6), rows));
      assertThatThrownBy(one::run)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("aten::embedding: index " + bad + " is out of range")
          .hasMessageContaining("11");
    }
  }

  /** Each of the declared size is right in one way alone. */
  @Test
  void repeatsThatAreNotAsManyAsDeclaredFailTheRun() {
    for (List<Number> repeats : List.<List<Number>>of(List.of(3, 0, 2), List.of(3, -1, 3))) {
      for (long size : of(0, 4, 5, 6)) {
        OperatorTable one = new OperatorTable(oracle);
        Arg times = one.values(DType.INT64, of(3), repeats.toArray(Number[]::new));
        Arg x = one.values(DType.FLOAT32, of(3), 1, 2, 3);
        one.expect("", 0, one.call("repeat_interleave.self_Tensor", x, times, 0, size));
        if (size == 5 && !repeats.contains(-1)) {
          one.check();
        } else {
          assertThatThrownBy(one::run)
              .isInstanceOf(ModelException.class)
              .hasMessageContaining("aten::repeat_interleave.Tensor: ")
              .hasMessageContaining("repeat");
        }
      }
    }
  }
}
