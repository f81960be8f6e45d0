package io.ait4j.lower;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** Where an output of a module comes from. */
sealed interface OutputSource {
  /** An input of the module, or what a partition computes. */
  record Value(String name) implements OutputSource {}

  /** A number or weight that does not depend on the inputs. */
  record Constant(NativeTensor tensor) implements OutputSource {}

  /** A number that depends on the inputs' sizes. */
  record Size(Dim dim) implements OutputSource {}

  /** What yields {@code output} of a graph, whose weights are bound if it returns them. */
  static OutputSource of(FxGraph graph, Arg output) {
    return switch (output) {
      case Arg.Value(String name) when graph.weights().containsKey(name) ->
          new Constant(tensor(graph.weights().get(name)));
      case Arg.Value(String name) -> new Value(name);
      case Arg.Int(long i) ->
          number(DType.INT64, Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, i));
      case Arg.Float(double f) ->
          number(DType.FLOAT64, Arena.ofAuto().allocateFrom(ValueLayout.JAVA_DOUBLE, f));
      case Arg.Bool(boolean b) ->
          number(
              DType.BOOL, Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, (byte) (b ? 1 : 0)));
      case Arg.SymInt(Dim dim) -> new Size(dim);
      case Arg other -> throw new IllegalArgumentException("output " + other);
    };
  }

  private static Constant number(DType dtype, MemorySegment data) {
    return new Constant(new NativeTensor(dtype, new long[0], new long[0], data));
  }

  /** A weight where it lies. */
  static NativeTensor tensor(Weight weight) {
    return new NativeTensor(
        weight.meta().dtype(),
        weight.meta().sizes(),
        weight.meta().strides(Map.of()),
        weight.data());
  }
}
