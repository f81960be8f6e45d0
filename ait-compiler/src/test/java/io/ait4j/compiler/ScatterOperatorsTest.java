package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes to places that are data, several to one place included. */
class ScatterOperatorsTest {
  private static final List<DType> NUMBERS =
      List.of(
          DType.FLOAT32,
          DType.FLOAT64,
          DType.INT64,
          DType.INT32,
          DType.INT16,
          DType.INT8,
          DType.UINT8);

  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, seed);
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private Arg indices(DType dtype, int low, int high, long... shape) {
    Number[] values = new Number[211];
    Arrays.setAll(values, i -> random.nextLong(low, high));
    return t.values(dtype, shape, values);
  }

  private void expect(double tolerance, String target, Object... args) {
    t.expect(
        target + ", seed " + seed + " " + t.meta((Arg) args[0]), tolerance, t.call(target, args));
  }

  private static double tolerance(DType dtype) {
    return dtype == DType.FLOAT32 ? 1e-5 : dtype == DType.FLOAT64 ? 1e-12 : 0;
  }

  /** Sizes of an index for a tensor of {@code shape}: any along {@code dim}, else no larger. */
  private long[] part(long[] shape, int dim) {
    long[] part = shape.clone();
    for (int d = 0; d < part.length; d++) {
      part[d] = d == dim ? random.nextLong(13) : 1 + random.nextLong(shape[d]);
    }
    return part;
  }

  @Test
  void scattersAlongEveryDimension() {
    long[] shape = {4, 5, 9};
    for (DType dtype : NUMBERS) {
      Arg x = t.permuted(dtype, shape, 1, 2, 0);
      Arg y = t.spread(dtype, 13, 13, 13);
      for (int dim = -3; dim < 3; dim++) {
        int axis = Math.floorMod(dim, 3);
        int size = (int) shape[axis];
        DType by = random.nextBoolean() ? DType.INT64 : DType.INT32;
        Arg at = indices(by, 0, size, part(shape, axis));
        expect(tolerance(dtype), "scatter_add", x, dim, at, y);
        expect(0, "scatter.value", x, dim, at, random.nextInt(100));
        String reduce = List.of("sum", "prod", "mean", "amax", "amin").get(random.nextInt(5));
        for (boolean withSelf : new boolean[] {true, false}) {
          expect(tolerance(dtype), "scatter_reduce.two", x, dim, at, y, reduce, withSelf);
        }
        String old = random.nextBoolean() ? "add" : "multiply";
        expect(tolerance(dtype), "scatter.reduce", x, dim, at, y, old);
        expect(tolerance(dtype), "scatter.value_reduce", x, dim, at, 3, old);
      }
      Arg scalar = t.input(dtype);
      expect(0, "scatter.src", scalar, 0, indices(DType.INT64, 0, 1), t.input(dtype));
      expect(0, "scatter.src", x, 0, indices(DType.INT64, 0, 1, 0, 2, 2), y);
    }
    for (String reduce : List.of("sum", "prod", "mean", "amax", "amin")) {
      for (boolean withSelf : new boolean[] {true, false}) {
        Arg x = t.values(DType.FLOAT32, of(7), 1, -0.0, 2.5, Float.NaN, Float.POSITIVE_INFINITY, 3);
        Arg y = t.values(DType.FLOAT32, of(5), -1, Float.NaN, 0.5, Float.NEGATIVE_INFINITY, 7);
        Arg at = indices(DType.INT64, 0, 7, 5);
        expect(1e-6, "scatter_reduce.two", x, 0, at, y, reduce, withSelf);
      }
    }
    Arg mask = t.input(DType.BOOL, 6);
    expect(0, "scatter_add", mask, 0, indices(DType.INT64, 0, 6, 9), t.input(DType.BOOL, 9));
    t.check();
  }

  /** Places are written once each: libtorch does not say which write stays. */
  @Test
  void setsDistinctPlaces() {
    for (DType dtype : NUMBERS) {
      Arg x = t.input(dtype, 4, 6, 3);
      Arg at = t.values(DType.INT64, of(4, 1, 3), 5, 0, 2, 1, 3, 4, 0, 0, 5, 2, 2, 1);
      expect(0, "scatter.src", x, 1, at, t.input(dtype, 4, 2, 5));
      Arg rows = t.values(DType.INT64, of(4), 5, 0, 3, 2);
      expect(0, "index_copy", x, 1, rows, t.permuted(dtype, of(4, 4, 3), 2, 0, 1));
      expect(0, "index_fill.int_Scalar", x, 1, t.values(DType.INT64, of(3), -6, 5, -1), 7);
      expect(0, "index_fill.int_Tensor", x, -1, t.values(DType.INT64, of(1), 2), t.input(dtype));
      for (long n = 0; n < 3; n++) {
        Arg zeros = t.values(DType.INT64, of(n), 0);
        expect(0, "index_fill.int_Scalar", t.input(dtype), 0, zeros, 7);
        expect(0, "index_copy", t.input(dtype), 0, zeros, t.values(dtype, of(n), 3));
      }
    }
    t.check();
  }

  @Test
  void addsRows() {
    for (DType dtype : NUMBERS) {
      Arg x = t.permuted(dtype, of(5, 7, 3), 0, 2, 1);
      for (int dim = 0; dim < 3; dim++) {
        long[] shape = {5, 7, 3};
        int size = (int) shape[dim];
        shape[dim] = 20;
        Arg y = t.spread(dtype, shape);
        Arg at = indices(random.nextBoolean() ? DType.INT64 : DType.INT32, 0, size, 20);
        expect(tolerance(dtype), "index_add", x, dim, at, y);
        expect(tolerance(dtype), "index_add", x, dim, at, y, 3);
        String reduce = List.of("prod", "mean", "amax", "amin").get(random.nextInt(4));
        expect(10 * tolerance(dtype), "index_reduce", x, dim, at, y, reduce, random.nextBoolean());
      }
      expect(0, "index_add", x, 1, indices(DType.INT64, 0, 7, 0), t.input(dtype, 5, 0, 3));
    }
    t.check();
  }

  /** In float: the factor keeps its digits, and only the sum is rounded. */
  @Test
  void addsMultiplesOfHalves() {
    for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      Arg x = t.call("ones_like", t.input(dtype, 40, 3));
      Arg y = t.input(dtype, 40, 3);
      Arg at = t.call("arange.start_step", 0, 40, 1, DType.INT64);
      expect(Double.MIN_VALUE, "index_add", x, 0, at, y, 0.3);
    }
    t.check();
  }

  @Test
  void putsAtSeveralIndices() {
    for (DType dtype : List.of(DType.FLOAT32, DType.INT64, DType.UINT8)) {
      Arg x = t.permuted(dtype, of(5, 7, 9), 1, 2, 0);
      Arg i = indices(DType.INT64, -5, 5, 4);
      Arg j = indices(DType.INT64, -7, 7, 3, 1);
      Arg k = indices(DType.INT64, -9, 9, 4);
      List<List<Arg>> all =
          List.of(
              Arrays.asList(i),
              Arrays.asList(null, j),
              Arrays.asList(null, null, k),
              Arrays.asList(i, j),
              Arrays.asList(null, j, k),
              Arrays.asList(i, null, k),
              Arrays.asList(i, j, k));
      List<long[]> shapes =
          List.of(
              of(4, 7, 9),
              of(5, 3, 1, 9),
              of(5, 7, 4),
              of(3, 4, 9),
              of(5, 3, 4),
              of(4, 7),
              of(3, 4));
      for (int c = 0; c < all.size(); c++) {
        Object index = list(all.get(c));
        expect(tolerance(dtype), "index_put", x, index, t.input(dtype, shapes.get(c)), true);
        expect(0, "index_put", x, index, t.input(dtype), false); // equal values: any order
      }
      Arg once = t.values(DType.INT64, of(3), 4, -5, 2);
      expect(0, "index_put", x, list(Arrays.asList(once)), t.input(dtype, 3, 1, 9), false);
      Arg mask = t.input(DType.BOOL, 5, 7, 1);
      expect(0, "masked_scatter", x, mask, t.input(dtype, 400));
    }
    t.check();
  }

  private static Arg list(List<Arg> indices) {
    return new Arg.Sequence(indices.stream().map(a -> a == null ? Arg.NONE : a).toList());
  }

  @Test
  void anIndexOutOfRangeFailsTheRun() {
    for (long bad : new long[] {5, -1, Long.MIN_VALUE}) {
      OperatorTable one = new OperatorTable(oracle);
      Arg x = one.input(DType.FLOAT32, 5, 3);
      Arg at = one.values(DType.INT64, of(3), 0L, bad, 4L);
      one.expect("add", 0, one.call("index_add", x, 0, at, one.input(DType.FLOAT32, 3, 3)));
      assertThatThrownBy(one::run)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(
              "aten::index_add: index " + bad + " is out of range: dimension 0 has size 5");
    }
  }
}
