package io.ait4j.lower.verify;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a graph's inputs and outputs are stacks of rows of one symbolic count: the first rows of a
 * larger run can then be compared with a recording of fewer.
 *
 * @param count how many there are
 */
record Rows(Dim.Symbol count) {
  /** Those of a graph all of whose inputs and outputs have the same symbol as their first size. */
  static Optional<Rows> of(FxGraph graph, List<FxValue> inputs, int outputs) {
    Map<String, FxValue> values = graph.values();
    Dim first = null;
    for (FxValue input : inputs) {
      Dim dim = first(input);
      if (dim == null || first != null && !dim.equals(first)) {
        return Optional.empty();
      }
      first = dim;
    }
    for (Arg output : graph.outputs().subList(0, outputs)) {
      if (first == null
          || !(output instanceof Arg.Value(String name))
          || !first.equals(first(values.get(name)))) {
        return Optional.empty();
      }
    }
    if (first == null || first.symbols().size() != 1) {
      return Optional.empty();
    }
    Dim.Symbol symbol = first.symbols().iterator().next();
    return first.equals(Dim.of(symbol)) ? Optional.of(new Rows(symbol)) : Optional.empty();
  }

  private static Dim first(FxValue value) {
    return value != null && value.meta() instanceof TensorMeta meta && meta.rank() > 0
        ? meta.shape().getFirst()
        : null;
  }

  /** How many rows of a recording of these sizes stand first in inputs of those; 0 if none can. */
  long shared(Map<String, Long> recorded, Map<String, Long> wanted) {
    for (Map.Entry<String, Long> size : wanted.entrySet()) {
      if (!size.getKey().equals(count.name())
          && !size.getValue().equals(recorded.get(size.getKey()))) {
        return 0;
      }
    }
    long rows = recorded.getOrDefault(count.name(), 0L);
    return rows < wanted.get(count.name()) ? rows : 0;
  }

  /** The first rows of a tensor. */
  static NativeTensor head(NativeTensor tensor, long rows) {
    long[] sizes = tensor.sizes().clone();
    sizes[0] = rows;
    return new NativeTensor(tensor.dtype(), sizes, tensor.strides(), tensor.data());
  }
}
