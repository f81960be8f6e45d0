package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The operators of ONNX' standard domain, by name. */
final class OperatorTable {
  private static final OperatorTable STANDARD = standard();

  private final Map<String, Mapping> mappings = new LinkedHashMap<>();

  private static OperatorTable standard() {
    OperatorTable table = new OperatorTable();
    ArithmeticOperators.addTo(table);
    ActivationOperators.addTo(table);
    ComparisonOperators.addTo(table);
    QuantizationOperators.addTo(table);
    ReductionOperators.addTo(table);
    MatrixOperators.addTo(table);
    ConvolutionOperators.addTo(table);
    PoolingOperators.addTo(table);
    NormOperators.addTo(table);
    ShapeOperators.addTo(table);
    SliceOperators.addTo(table);
    IndexingOperators.addTo(table);
    ConstructorOperators.addTo(table);
    ResizeOperators.addTo(table);
    RecurrentOperators.addTo(table);
    SequenceOperators.addTo(table);
    return table;
  }

  static Optional<Mapping> find(String operator) {
    return Optional.ofNullable(STANDARD.mappings.get(operator));
  }

  static Set<String> operators() {
    return Collections.unmodifiableSet(STANDARD.mappings.keySet());
  }

  /** Registers operators with one result, separated by spaces. */
  void add(String names, Function<OnnxCall, Arg> one) {
    addMany(names, call -> List.of(one.apply(call)));
  }

  /** The same with any number of results. */
  void addMany(String names, Function<OnnxCall, List<Arg>> many) {
    addValues(names, call -> many.apply(call).stream().map(call.out()::value).toList());
  }

  /** The same for results that need not be tensors of the graph. */
  void addValues(String names, Mapping mapping) {
    for (String name : names.split(" ")) {
      if (mappings.put(name, mapping) != null) {
        throw new IllegalStateException("two mappings of " + name);
      }
    }
  }
}
