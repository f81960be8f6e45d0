package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fallback.TorchModule;
import io.ait4j.fallback.TorchResult;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** Compiles a graph, runs it on fresh random inputs and compares with libtorch. */
final class Oracle implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final Random random;
  private final AitCompiler compiler;

  Oracle(Path cache, long seed) {
    compiler = new AitCompiler(CompilerSettings.defaults().withCacheDir(cache));
    random = new Random(seed);
  }

  /** A graph over inputs of these types; the function emits nodes and returns the outputs. */
  static FxGraph graph(
      List<TensorMeta> inputs, BiFunction<FxGraphBuilder, List<Arg>, List<Arg>> body) {
    FxGraphBuilder builder = new FxGraphBuilder(null);
    List<Arg> values = new ArrayList<>();
    for (TensorMeta meta : inputs) {
      values.add(builder.input("x", meta));
    }
    return builder.build(body.apply(builder, values));
  }

  /**
   * A weight with random elements, scaled so that a product with it keeps the magnitude of its
   * input.
   */
  Arg weight(FxGraphBuilder builder, long... shape) {
    TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, shape);
    NativeTensor tensor = fill(meta);
    float scale = shape.length < 2 ? 1 : (float) Math.sqrt((double) shape[0] / tensor.numel());
    for (long i = 0; i < tensor.numel(); i++) {
      tensor
          .data()
          .setAtIndex(
              ValueLayout.JAVA_FLOAT,
              i,
              scale * tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i));
    }
    return builder.attribute(new Weight("w" + random.nextInt(1 << 30), meta, tensor.data()));
  }

  /** A weight with positive random elements, a variance for example. */
  Arg positive(FxGraphBuilder builder, long... shape) {
    TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, shape);
    NativeTensor tensor = fill(meta);
    for (long i = 0; i < tensor.numel(); i++) {
      float x = tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
      tensor.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.abs(x) + 0.1f);
    }
    return builder.attribute(new Weight("v" + random.nextInt(1 << 30), meta, tensor.data()));
  }

  /**
   * Compiles and runs {@code graph} and requires libtorch's results within {@code tolerance} of
   * each output's root mean square.
   */
  CompiledPartition check(FxGraph graph, double tolerance) {
    return check(graph, graph.inputs().stream().map(v -> fill(v.tensor())).toList(), tolerance);
  }

  CompiledPartition check(FxGraph graph, List<NativeTensor> inputs, double tolerance) {
    CompiledPartition compiled = compiler.compile(graph, arena);
    List<NativeTensor> outputs = new ArrayList<>();
    for (Arg output : graph.outputs()) {
      FxValue value = graph.values().get(((Arg.Value) output).name());
      outputs.add(allocate(value.tensor()));
    }
    try (AitModule module = AitModule.load(compiled.library(), compiled.constants());
        TorchModule torch = new TorchModule(graph);
        TorchResult expected = torch.run(inputs)) {
      module.run(inputs, outputs);
      for (int i = 0; i < outputs.size(); i++) {
        compare(outputs.get(i), expected.outputs().get(i), tolerance, compiler.source(graph));
      }
    }
    return compiled;
  }

  String source(FxGraph graph) {
    return compiler.source(graph);
  }

  AitCompiler compiler() {
    return compiler;
  }

  private static void compare(
      NativeTensor actual, NativeTensor expected, double tolerance, String source) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.dtype()).isEqualTo(expected.dtype());
    List<Double> a = elements(actual);
    List<Double> e = elements(expected);
    double squares = 0;
    for (double x : e) {
      squares += Double.isFinite(x) ? x * x : 0;
    }
    double rms = Math.sqrt(squares / Math.max(1, e.size()));
    for (int i = 0; i < e.size(); i++) {
      double x = a.get(i);
      double y = e.get(i);
      boolean same = x == y || Double.isNaN(x) && Double.isNaN(y);
      boolean close =
          expected.dtype().isFloating() && Math.abs(x - y) <= tolerance * (Math.abs(y) + rms);
      if (!same && !close) {
        throw new AssertionError(
            "element "
                + i
                + " of "
                + expected
                + " is "
                + x
                + ", libtorch has "
                + y
                + "\n"
                + source);
      }
    }
  }

  /** All elements in row-major order. */
  static List<Double> elements(NativeTensor tensor) {
    List<Double> values = new ArrayList<>();
    long n = tensor.numel();
    for (long i = 0; i < n; i++) {
      long rest = i;
      long offset = 0;
      for (int d = tensor.sizes().length - 1; d >= 0; d--) {
        offset += rest % tensor.sizes()[d] * tensor.strides()[d];
        rest /= tensor.sizes()[d];
      }
      values.add(element(tensor, offset));
    }
    return values;
  }

  private static double element(NativeTensor t, long at) {
    MemorySegment s = t.data();
    return switch (t.dtype()) {
      case FLOAT32 -> s.getAtIndex(ValueLayout.JAVA_FLOAT, at);
      case FLOAT64 -> s.getAtIndex(ValueLayout.JAVA_DOUBLE, at);
      case INT64 -> s.getAtIndex(ValueLayout.JAVA_LONG, at);
      case INT32 -> s.getAtIndex(ValueLayout.JAVA_INT, at);
      case INT16 -> s.getAtIndex(ValueLayout.JAVA_SHORT, at);
      case INT8 -> s.get(ValueLayout.JAVA_BYTE, at);
      case UINT8, BOOL -> s.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      case DType other -> throw new IllegalStateException("no element of " + other);
    };
  }

  NativeTensor allocate(TensorMeta meta) {
    long[] sizes = meta.sizes();
    long[] strides = meta.strides().stream().mapToLong(d -> d.value()).toArray();
    return new NativeTensor(
        meta.dtype(),
        sizes,
        strides,
        arena.allocate(Math.max(1, NativeTensor.reach(sizes, strides)) * meta.dtype().bytes(), 64));
  }

  /** A tensor of {@code meta} with random elements: normal floats, small integers. */
  NativeTensor fill(TensorMeta meta) {
    NativeTensor t = allocate(meta);
    long n = NativeTensor.reach(t.sizes(), t.strides());
    for (long i = 0; i < n; i++) {
      switch (meta.dtype()) {
        case FLOAT32 ->
            t.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        case FLOAT64 -> t.data().setAtIndex(ValueLayout.JAVA_DOUBLE, i, random.nextGaussian());
        case INT64 -> t.data().setAtIndex(ValueLayout.JAVA_LONG, i, random.nextInt(8));
        case INT32 -> t.data().setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(8));
        case INT16 -> t.data().setAtIndex(ValueLayout.JAVA_SHORT, i, (short) random.nextInt(8));
        case INT8, UINT8 -> t.data().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(8));
        case BOOL -> t.data().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(2));
        case DType other -> throw new IllegalStateException("no element of " + other);
      }
    }
    return t;
  }

  @Override
  public void close() {
    arena.close();
  }
}
