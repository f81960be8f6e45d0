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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.LongStream;
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
  private final List<Content> contents = new ArrayList<>();
  private final List<Arg> outputs = new ArrayList<>();
  private final List<Oracle.Expected> expectations = new ArrayList<>();

  /** Writes an input of a case whose symbols have these values. */
  private interface Content {
    void write(NativeTensor tensor, Random random, Map<String, Long> sizes);
  }

  private Property(Oracle oracle, long seed) {
    this.oracle = oracle;
    random = new Random(seed);
  }

  /** An input whose elements {@code content} writes anew in each case. */
  Arg input(TensorMeta meta, BiConsumer<NativeTensor, Random> content) {
    return input(meta, (tensor, random, sizes) -> content.accept(tensor, random));
  }

  private Arg input(TensorMeta meta, Content content) {
    contents.add(content);
    return builder.input("x", meta);
  }

  Arg input(DType dtype, BiConsumer<NativeTensor, Random> content, Dim... shape) {
    return input(TensorMeta.contiguous(dtype, List.of(shape)), content);
  }

  /** Places along a dimension of {@code size}, from {@code -size} on if they may be negative. */
  Arg places(DType dtype, boolean negative, Dim size, Dim... shape) {
    return input(
        TensorMeta.contiguous(dtype, List.of(shape)),
        (tensor, random, sizes) -> {
          long high = Math.max(1, size.evaluate(sizes));
          for (long i = 0; i < tensor.numel(); i++) {
            Elements.store(
                tensor,
                i,
                0,
                random.nextLong(high) - (negative && random.nextBoolean() ? high : 0));
          }
        });
  }

  /** Places of which no two in a row, which is no longer than {@code size}, are the same. */
  Arg differentPlaces(Dim size, Dim... shape) {
    Dim length = shape[shape.length - 1];
    return input(
        TensorMeta.contiguous(DType.INT64, List.of(shape)),
        (tensor, random, sizes) -> {
          List<Long> places = new ArrayList<>();
          LongStream.range(0, size.evaluate(sizes)).forEach(places::add);
          long columns = length.evaluate(sizes);
          for (long i = 0; i < tensor.numel(); i++) {
            if (i % columns == 0) {
              Collections.shuffle(places, random);
            }
            Elements.store(tensor, i, 0, places.get((int) (i % columns)));
          }
        });
  }

  /** Where the parts of a list of {@code length} begin: the first at 0, none after its end. */
  Arg starts(DType dtype, Dim length, Dim parts) {
    return input(
        TensorMeta.contiguous(dtype, List.of(parts)),
        (tensor, random, sizes) -> {
          long end = length.evaluate(sizes);
          long[] starts =
              LongStream.range(0, tensor.numel())
                  .map(i -> i == 0 ? 0 : random.nextLong(end + 1))
                  .sorted()
                  .toArray();
          for (int i = 0; i < starts.length; i++) {
            Elements.store(tensor, i, 0, starts[i]);
          }
        });
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

  /** A constant of float32, scaled as {@link Oracle#weight} says. */
  Arg weight(long... shape) {
    return oracle.weight(builder, shape);
  }

  Arg call(String target, Object... args) {
    List<Arg> results = calls(target, args);
    if (results.size() != 1) {
      throw new IllegalArgumentException(target + " has " + results.size() + " results");
    }
    return results.getFirst();
  }

  TensorMeta meta(Arg value) {
    return builder.meta(value);
  }

  List<Arg> calls(String target, Object... args) {
    List<Arg> list = new ArrayList<>();
    for (Object arg : args) {
      list.add(OperatorTable.arg(arg));
    }
    return builder.emit(OpTarget.parse("aten::" + target), list, "");
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

  private void fill(List<NativeTensor> inputs, Map<String, Long> sizes) {
    for (int i = 0; i < inputs.size(); i++) {
      contents.get(i).write(inputs.get(i), random, sizes);
    }
  }
}
