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
import java.util.ArrayList;
import java.util.List;

/**
 * Many operators in one graph, so that one library is built for all of them: inputs, and named
 * results that must agree with libtorch's.
 */
final class OperatorTable {
  private final Oracle oracle;
  private final FxGraphBuilder builder = new FxGraphBuilder(new LibtorchTyper());
  private final List<NativeTensor> inputs = new ArrayList<>();
  private final List<Arg> outputs = new ArrayList<>();
  private final List<Oracle.Expected> expectations = new ArrayList<>();

  OperatorTable(Oracle oracle) {
    this.oracle = oracle;
  }

  /** An input with random elements. */
  Arg input(TensorMeta meta) {
    return input(oracle.fill(meta));
  }

  /** A row-major input with random elements. */
  Arg input(DType dtype, long... shape) {
    return input(TensorMeta.contiguous(dtype, shape));
  }

  Arg input(NativeTensor tensor) {
    inputs.add(tensor);
    return builder.input("x", tensor.meta());
  }

  /** A row-major input with these elements, repeated as often as needed. */
  Arg values(DType dtype, long[] shape, Number... values) {
    NativeTensor tensor = oracle.allocate(TensorMeta.contiguous(dtype, shape));
    for (long i = 0; i < tensor.numel(); i++) {
      Number value = values[(int) (i % values.length)];
      Elements.store(tensor, i, value.doubleValue(), value.longValue());
    }
    return input(tensor);
  }

  /**
   * An input whose dimensions lie in memory in another order: the last of {@code order} fastest.
   */
  Arg permuted(DType dtype, long[] shape, int... order) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      strides[order[i]] = step;
      step *= Math.max(1, shape[order[i]]);
    }
    return input(new TensorMeta(dtype, Dim.ofAll(shape), Dim.ofAll(strides)));
  }

  /** An input with gaps between its elements. */
  Arg spread(DType dtype, long... shape) {
    long[] wide = shape.clone();
    for (int d = 0; d < wide.length; d++) {
      wide[d] = 2 * wide[d] + 1;
    }
    long[] strides = NativeTensor.contiguousStrides(wide);
    for (int d = 0; d < strides.length; d++) {
      strides[d] *= 2;
    }
    return input(new TensorMeta(dtype, Dim.ofAll(shape), Dim.ofAll(strides)));
  }

  Arg weight(long... shape) {
    return oracle.weight(builder, shape);
  }

  Arg positive(long... shape) {
    return oracle.positive(builder, shape);
  }

  TensorMeta meta(Arg value) {
    return builder.meta(value);
  }

  /** The single result of {@code aten::target}; arguments are Java's where that is shorter. */
  Arg call(String target, Object... args) {
    List<Arg> results = calls(target, args);
    if (results.size() != 1) {
      throw new IllegalArgumentException(target + " has " + results.size() + " results");
    }
    return results.getFirst();
  }

  List<Arg> calls(String target, Object... args) {
    List<Arg> list = new ArrayList<>();
    for (Object arg : args) {
      list.add(arg(arg));
    }
    return builder.emit(OpTarget.parse("aten::" + target), list, "");
  }

  static Arg arg(Object value) {
    return switch (value) {
      case null -> Arg.NONE;
      case Arg a -> a;
      case Integer n -> new Arg.Int(n);
      case Long n -> new Arg.Int(n);
      case Double x -> new Arg.Float(x);
      case Dim d -> Arg.of(d);
      case Boolean b -> new Arg.Bool(b);
      case String s -> new Arg.Str(s);
      case DType t -> new Arg.Type(t);
      case long[] list -> Arg.ints(list);
      case List<?> list -> new Arg.Sequence(list.stream().map(OperatorTable::arg).toList());
      case Object other -> throw new IllegalArgumentException("no argument of " + other);
    };
  }

  static long[] of(long... values) {
    return values;
  }

  /**
   * Requires {@code output} to be what libtorch computes; {@code tolerance} as {@link Comparison}.
   */
  void expect(String name, double tolerance, Arg output) {
    outputs.add(output);
    expectations.add(new Oracle.Expected(name, tolerance));
  }

  /**
   * Requires {@code output}, a sum of {@code terms} standard normal numbers or such a sum times
   * {@code factor}, to be what libtorch computes. A single sum may come out near zero by chance; it
   * is measured against the standard deviation of such sums.
   */
  void expectSum(String name, double tolerance, long terms, double factor, Arg output) {
    outputs.add(output);
    expectations.add(new Oracle.Expected(name, tolerance, factor * Math.sqrt(terms)));
  }

  /** Requires the result of {@code aten::target}, under its own name. */
  void expectCall(double tolerance, String target, Object... args) {
    expect(expectations.size() + " " + target, tolerance, call(target, args));
  }

  FxGraph graph() {
    return builder.build(outputs);
  }

  /** Compiles and compares. */
  CompiledPartition check() {
    return oracle.check(graph(), inputs, expectations);
  }

  /** Compiles and runs without comparing. */
  List<NativeTensor> run() {
    return oracle.run(graph(), inputs);
  }
}
