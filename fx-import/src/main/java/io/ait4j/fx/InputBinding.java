package io.ait4j.fx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether tensors are what a graph takes, and what the symbols in its inputs' sizes stand for then.
 * A size that is one symbol gives it its value; one that depends on a single unknown symbol in a
 * linear way is solved for it; every other is checked.
 */
public final class InputBinding {
  private record Size(int input, int dimension, Dim dim) {}

  private final List<FxValue> inputs;
  private final List<Size> sizes = new ArrayList<>();
  private final Map<String, Dim.Symbol> symbols = new LinkedHashMap<>();

  /** For tensors that are given in the order of {@code inputs}. */
  public InputBinding(List<FxValue> inputs) {
    this.inputs = List.copyOf(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).meta() instanceof TensorMeta meta) {
        for (int d = 0; d < meta.rank(); d++) {
          Dim dim = meta.shape().get(d);
          dim.symbols().forEach(symbol -> symbols.putIfAbsent(symbol.name(), symbol));
          if (!dim.isConst()) {
            sizes.add(new Size(i, d, dim));
          }
        }
      }
    }
  }

  /** Every symbol in the inputs' sizes, in order of appearance. */
  public Set<Dim.Symbol> symbols() {
    return new LinkedHashSet<>(symbols.values());
  }

  /**
   * Checks the tensors and finds the symbols' values.
   *
   * @param known values that are settled already; may name other symbols too
   * @return those and what follows from the sizes; a symbol that does not follow is left out
   * @throws ModelException (USAGE) naming the first tensor that does not fit, and why
   */
  public Map<String, Long> bind(List<NativeTensor> tensors, Map<String, Long> known) {
    if (tensors.size() != inputs.size()) {
      throw wrong(
          "the model takes %d input%s (%s), got %d"
              .formatted(
                  inputs.size(),
                  inputs.size() == 1 ? "" : "s",
                  inputs.stream()
                      .map(input -> input.name() + ": " + typeOf(input.meta()))
                      .collect(Collectors.joining(", ")),
                  tensors.size()));
    }
    for (int i = 0; i < tensors.size(); i++) {
      checkType(i, tensors.get(i));
    }
    if (sizes.isEmpty()) {
      return known;
    }
    Map<String, Long> values = new HashMap<>(known);
    Map<String, Size> origins = new HashMap<>();
    boolean found = true;
    while (found) {
      found = false;
      for (Size size : sizes) {
        found |= solve(size, actual(size, tensors), values, origins);
      }
    }
    sizes.forEach(size -> check(size, tensors, values, origins));
    symbols.values().forEach(symbol -> checkBounds(symbol, values, origins, tensors));
    return values;
  }

  private static long actual(Size size, List<NativeTensor> tensors) {
    return tensors.get(size.input).sizes()[size.dimension];
  }

  private void checkType(int index, NativeTensor tensor) {
    boolean fits =
        switch (inputs.get(index).meta()) {
          case TensorMeta meta -> meta.dtype() == tensor.dtype() && fits(meta, tensor.sizes());
          case ValueMeta.Scalar number -> tensor.sizes().length == 0;
          case ValueMeta other -> true;
        };
    if (!fits) {
      throw mismatch(index, tensor, "");
    }
  }

  private static boolean fits(TensorMeta meta, long[] sizes) {
    if (meta.rank() != sizes.length) {
      return false;
    }
    for (int d = 0; d < sizes.length; d++) {
      Dim dim = meta.shape().get(d);
      if (dim.isConst() && !dim.is(sizes[d])) {
        return false;
      }
    }
    return true;
  }

  /** Whether it gave a symbol its value. */
  private static boolean solve(
      Size size, long actual, Map<String, Long> values, Map<String, Size> origins) {
    Dim.Symbol unknown = null;
    for (Dim.Symbol symbol : size.dim.symbols()) {
      if (!values.containsKey(symbol.name())) {
        if (unknown != null) {
          return false;
        }
        unknown = symbol;
      }
    }
    if (unknown == null) {
      return false;
    }
    Dim coefficient = size.dim.coefficient(unknown).orElse(Dim.ZERO);
    if (coefficient.symbols().contains(unknown)) {
      return false;
    }
    long factor = coefficient.evaluate(values);
    if (factor == 0) {
      return false;
    }
    Dim.Symbol symbol = unknown;
    long rest = size.dim.substitute(s -> s.equals(symbol) ? Dim.ZERO : null).evaluate(values);
    if (Math.floorMod(actual - rest, factor) != 0) {
      return false;
    }
    values.put(symbol.name(), Math.floorDiv(actual - rest, factor));
    origins.put(symbol.name(), size);
    return true;
  }

  private void check(
      Size size, List<NativeTensor> tensors, Map<String, Long> values, Map<String, Size> origins) {
    Set<Dim.Symbol> used = size.dim.symbols();
    NativeTensor tensor = tensors.get(size.input);
    List<Dim.Symbol> unknown =
        used.stream().filter(symbol -> !values.containsKey(symbol.name())).toList();
    if (!unknown.isEmpty()) {
      if (unknown.size() == 1 && size.dim.coefficient(unknown.getFirst()).isPresent()) {
        throw mismatch(
            size.input,
            tensor,
            ": no size makes dimension %d %s".formatted(size.dimension, size.dim));
      }
      return;
    }
    long wanted = size.dim.evaluate(values);
    if (wanted != actual(size, tensors)) {
      throw mismatch(
          size.input,
          tensor,
          ": dimension %d must be %s where %s"
              .formatted(
                  size.dimension,
                  size.dim.symbols().size() == 1 && size.dim.equals(Dim.of(used.iterator().next()))
                      ? wanted
                      : size.dim + " = " + wanted,
                  used.stream()
                      .map(symbol -> told(symbol.name(), values, origins, tensors))
                      .collect(Collectors.joining(", "))));
    }
  }

  private String told(
      String symbol,
      Map<String, Long> values,
      Map<String, Size> origins,
      List<NativeTensor> tensors) {
    String value = symbol + " = " + values.get(symbol);
    Size origin = origins.get(symbol);
    return origin == null
        ? value
        : "%s (from input %d '%s', which is %s)"
            .formatted(
                value,
                origin.input,
                inputs.get(origin.input).name(),
                typeOf(tensors.get(origin.input).meta()));
  }

  private void checkBounds(
      Dim.Symbol symbol,
      Map<String, Long> values,
      Map<String, Size> origins,
      List<NativeTensor> tensors) {
    Long value = values.get(symbol.name());
    if (value != null && (value < symbol.min() || value > symbol.max())) {
      throw wrong(
          "%s is outside %s; convert the model again for a range that includes it"
              .formatted(told(symbol.name(), values, origins, tensors), range(symbol)));
    }
  }

  private ModelException mismatch(int index, NativeTensor tensor, String why) {
    FxValue input = inputs.get(index);
    return wrong(
        "input %d '%s': expected %s, got %s%s; pass a tensor of that type, or convert the model again for this one"
            .formatted(index, input.name(), typeOf(input.meta()), typeOf(tensor.meta()), why));
  }

  /** As {@code --input} spells it, but for strides. */
  private static String typeOf(ValueMeta meta) {
    return switch (meta) {
      case TensorMeta tensor ->
          tensor.dtype().torchName()
              + tensor.shape().stream()
                  .map(InputBinding::size)
                  .collect(Collectors.joining(",", "[", "]"));
      case ValueMeta.Scalar(DType dtype) -> dtype.torchName() + "[]";
      case ValueMeta other -> other.toString();
    };
  }

  private static String size(Dim dim) {
    return dim.symbols().size() == 1 && dim.equals(Dim.of(dim.symbols().iterator().next()))
        ? dim + "=" + range(dim.symbols().iterator().next())
        : dim.toString();
  }

  private static String range(Dim.Symbol symbol) {
    return symbol.min() + ".." + (symbol.max() == Dim.UNBOUNDED ? "" : symbol.max());
  }

  private static ModelException wrong(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
