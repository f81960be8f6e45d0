package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sorting, the first few, the middle: along every dimension, for every type. */
class OrderOperatorsTest {
  private static final List<DType> DTYPES =
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

  /** Elements that differ from one another within any row. */
  private Arg distinct(DType dtype, long... shape) {
    int n = 1;
    for (long size : shape) {
      n *= (int) size;
    }
    List<Number> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(dtype == DType.UINT8 ? (i * 7) % 256 : (i * 7) % 256 - 128);
    }
    Collections.shuffle(values.subList(0, Math.min(n, 256)), random);
    for (int i = 256; i < n; i++) {
      values.set(i, values.get(i - 256));
    }
    return t.values(dtype, shape, values.toArray(Number[]::new));
  }

  private void expectBoth(String name, List<Arg> results) {
    t.expect(name + " values, seed " + seed, 0, results.get(0));
    t.expect(name + " indices, seed " + seed, 0, results.get(1));
  }

  @Test
  void sortsStably() {
    for (DType dtype : DTYPES) {
      Arg x = t.permuted(dtype, of(4, 5, 70), 2, 0, 1); // few values: most are equal to others
      for (int dim = -3; dim < 3; dim++) {
        boolean descending = random.nextBoolean();
        String name = dtype + " " + dim + (descending ? " down" : "");
        expectBoth(name, t.calls("sort.stable", x, true, dim, descending));
        t.expect(name + " argsort", 0, t.call("argsort.stable", x, true, dim, descending));
      }
      t.expect("msort " + dtype, 0, t.call("msort", x));
      expectBoth("scalar " + dtype, t.calls("sort.stable", t.input(dtype), true, 0, false));
      expectBoth("empty " + dtype, t.calls("sort.stable", t.input(dtype, 3, 0), true, 1, false));
    }
    Arg extremes =
        t.values(
            DType.FLOAT32,
            of(6, 60),
            0.0,
            -0.0,
            Float.NaN,
            1.5,
            Float.POSITIVE_INFINITY,
            -2.0,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MAX_VALUE,
            1.5);
    for (boolean descending : new boolean[] {false, true}) {
      for (int dim = 0; dim < 2; dim++) {
        expectBoth("extremes " + dim, t.calls("sort.stable", extremes, true, dim, descending));
      }
    }
    Arg mask = t.values(DType.BOOL, of(3, 40), 1, 0, 0, 1, 1);
    expectBoth("bool", t.calls("sort.stable", mask, true, 1, false));
    t.check();
  }

  @Test
  void choosesByOrder() {
    for (DType dtype : DTYPES) {
      Arg x = distinct(dtype, 3, 4, 20);
      for (int dim = 0; dim < 3; dim++) {
        int size = new int[] {3, 4, 20}[dim];
        for (boolean largest : new boolean[] {true, false}) {
          int k = random.nextInt(size + 1);
          String name = dtype + " " + k + " of " + dim + (largest ? " largest" : " smallest");
          expectBoth("topk " + name, t.calls("topk", x, k, dim, largest, true));
        }
        int k = 1 + random.nextInt(size);
        boolean keep = random.nextBoolean();
        expectBoth("kthvalue " + dtype, t.calls("kthvalue", x, k, dim, keep));
        expectBoth("median " + dtype, t.calls("median.dim", x, dim, keep));
        expectBoth("nanmedian " + dtype, t.calls("nanmedian.dim", x, dim, keep));
      }
    }
    for (DType dtype : DTYPES) {
      Arg x = t.permuted(dtype, of(3, 9, 5), 1, 0, 2);
      for (int dim = 0; dim < 3; dim++) {
        t.expect("mode " + dtype + ", seed " + seed, 0, t.calls("mode", x, dim, false).getFirst());
      }
      t.expect("median of all " + dtype, 0, t.call("median", x));
      t.expect("nanmedian of all " + dtype, 0, t.call("nanmedian", x));
    }
    Arg holes = t.values(DType.FLOAT32, of(4, 9), 3.0, Float.NaN, 1.0, 2.0, 5.0);
    t.expect("topk with NaN", 0, t.calls("topk", holes, 2, 1, true, true).getFirst());
    t.expect("median with NaN", 0, t.calls("median.dim", holes, 1, false).getFirst());
    t.expect("nanmedian with NaN", 0, t.calls("nanmedian.dim", holes, 1, false).getFirst());
    List<Number> once = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      once.add(0.37 * i - 900);
    }
    Collections.shuffle(once, random);
    Arg rows = t.values(DType.FLOAT32, of(2, 5000), once.toArray(Number[]::new));
    for (int k : new int[] {1, 7, 300, 5000}) {
      expectBoth("topk of long rows", t.calls("topk", rows, k, 1, true, true));
    }
    t.check();
  }

  /** What is around a function is read and written by strides where it lies. */
  @Test
  void viewsCostNothing() {
    Arg x = t.input(DType.FLOAT32, 6, 8, 10);
    Arg part = t.call("slice.Tensor", t.call("permute", x, of(2, 0, 1)), 0, 1, 9, 2);
    List<Arg> sorted = t.calls("sort.stable", part, true, 1, false);
    Arg rest = t.input(DType.FLOAT32, 4, 6, 3);
    t.expect("sorted, beside another", 0, t.call("cat", List.of(rest, sorted.get(0)), 2));
    CompiledPartition compiled = t.check();
    assertThat(compiled.report().kernels()).hasSize(2);
  }

  @Test
  void constantsAreSortedWhenTheLibraryIsBuilt() {
    Arg w = t.weight(5, 30);
    List<Arg> sorted = t.calls("sort.stable", w, true, 1, false);
    t.expect("shifted", 1e-6, t.call("add.Tensor", sorted.get(0), t.input(DType.FLOAT32, 5, 30)));
    CompiledPartition compiled = t.check();
    assertThat(compiled.report().kernels()).hasSize(1);
    assertThat(compiled.report().foldKernels()).isEqualTo(1);
    oracle
        .compiler()
        .trace(
            t.graph(),
            (pass, program) ->
                assertThat(program.kernels()).anyMatch(k -> k instanceof FunctionKernel));
  }
}
