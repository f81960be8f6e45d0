package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.torchscript.LibtorchTyper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A property of a family of operators: whatever the sizes, the layout and the numbers, results are
 * libtorch's. One library with symbols for sizes serves all random cases.
 */
final class Property {
  /** Dimensions of any size, 0 and 1 included. */
  static final Dim N = Dim.symbol("n", 0, 9);

  static final Dim M = Dim.symbol("m", 0, 70);

  /** Dimensions of which something is left. */
  static final Dim P = Dim.symbol("p", 1, 9);

  static final Dim Q = Dim.symbol("q", 1, 70);

  private static final long[] SIZES = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 63, 70};

  private final Oracle oracle;
  private final Random random;
  private final FxGraphBuilder builder = new FxGraphBuilder(new LibtorchTyper());
  private final List<BiConsumer<NativeTensor, Random>> contents = new ArrayList<>();
  private final List<Arg> outputs = new ArrayList<>();
  private final List<Oracle.Expected> expectations = new ArrayList<>();

  private Property(Oracle oracle, long seed) {
    this.oracle = oracle;
    random = new Random(seed);
  }

  /** An input whose elements {@code content} writes anew in each case. */
  Arg input(TensorMeta meta, BiConsumer<NativeTensor, Random> content) {
    contents.add(content);
    return builder.input("x", meta);
  }

  Arg input(DType dtype, BiConsumer<NativeTensor, Random> content, Dim... shape) {
    return input(TensorMeta.contiguous(dtype, List.of(shape)), content);
  }

  /** A matrix whose columns are contiguous. */
  Arg columns(DType dtype, BiConsumer<NativeTensor, Random> content, Dim rows, Dim columns) {
    return input(
        new TensorMeta(dtype, List.of(rows, columns), List.of(Dim.ONE, rows.max(Dim.ONE))),
        content);
  }

  /** A matrix with gaps in and between its rows. */
  Arg spread(DType dtype, BiConsumer<NativeTensor, Random> content, Dim rows, Dim columns) {
    return input(
        new TensorMeta(dtype, List.of(rows, columns), List.of(columns.times(3).plus(1), Dim.of(3))),
        content);
  }

  Arg call(String target, Object... args) {
    List<Arg> list = new ArrayList<>();
    for (Object arg : args) {
      list.add(OperatorTable.arg(arg));
    }
    List<Arg> results = builder.emit(OpTarget.parse("aten::" + target), list, "");
    if (results.size() != 1) {
      throw new IllegalArgumentException(target + " has " + results.size() + " results");
    }
    return results.getFirst();
  }

  /** The result, whatever its dtype, is libtorch's up to {@code tolerance}. */
  void expect(String name, double tolerance, Arg output) {
    outputs.add(output);
    expectations.add(new Oracle.Expected(name, tolerance));
  }

  /** A sum of {@code terms} standard normal numbers times {@code factor}, which may cancel. */
  void expectSum(String name, double tolerance, long terms, double factor, Arg output) {
    outputs.add(output);
    expectations.add(new Oracle.Expected(name, tolerance, factor * Math.sqrt(terms)));
  }

  /** Builds a property by {@code family} with a fresh seed and requires it of so many cases. */
  static void check(Path cache, int cases, Consumer<Property> family) {
    long seed = System.nanoTime();
    try (Oracle oracle = new Oracle(cache, seed)) {
      Property property = new Property(oracle, seed);
      family.accept(property);
      property.check(cases);
    }
  }

  /** Compiles once and compares {@code cases} times. */
  private void check(int cases) {
    FxGraph graph = builder.build(outputs);
    oracle.checkCases(
        graph, Stream.generate(this::sizes).limit(cases).toList(), this::fill, expectations);
  }

  private Map<String, Long> sizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (Dim dim : List.of(N, M, P, Q)) {
      long size;
      do {
        size = SIZES[random.nextInt(SIZES.length)];
      } while (size < dim.min() || size > dim.max());
      sizes.put(dim.toString(), size);
    }
    return sizes;
  }

  private void fill(List<NativeTensor> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      contents.get(i).accept(inputs.get(i), random);
    }
  }
}
