package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;

/**
 * A small tensor whose elements are known at import.
 *
 * @param dtype integer, bool or floating
 * @param shape constant sizes
 * @param elements row-major; {@link Num.Whole} for integers and bools, {@link Num.Real} for
 *     floating constants. A floating tensor may hold a Whole in symbols: a size that was cast
 */
record KnownTensor(DType dtype, List<Integer> shape, List<Num> elements) {
  /** Larger tensors are not looked into. */
  static final int LIMIT = 2048;

  KnownTensor {
    shape = List.copyOf(shape);
    elements = List.copyOf(elements);
    if (count(shape) != elements.size()) {
      throw new IllegalArgumentException(elements.size() + " elements for shape " + shape);
    }
  }

  static int count(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** One-dimensional int64. */
  static KnownTensor dims(List<Dim> dims) {
    return new KnownTensor(
        DType.INT64, List.of(dims.size()), dims.stream().map(d -> (Num) new Num.Whole(d)).toList());
  }

  static KnownTensor scalar(DType dtype, Num value) {
    return new KnownTensor(dtype, List.of(), List.of(value));
  }

  int rank() {
    return shape.size();
  }

  TensorMeta meta() {
    return TensorMeta.contiguous(
        dtype, shape.stream().map(size -> Dim.of(size.longValue())).toList());
  }

  /** True if no element has symbols. */
  boolean isConstant() {
    return elements.stream().allMatch(e -> !(e instanceof Num.Whole(Dim d)) || d.isConst());
  }

  /** The elements as integers; empty if one is not. */
  Optional<List<Dim>> integers() {
    List<Dim> result = new ArrayList<>();
    for (Num element : elements) {
      if (!(element instanceof Num.Whole(Dim d))) {
        return Optional.empty();
      }
      result.add(d);
    }
    return Optional.of(result);
  }

  /** Element {@code i} as a floating number; empty if it has symbols. */
  OptionalDouble real(int i) {
    return switch (elements.get(i)) {
      case Num.Real(double value) -> OptionalDouble.of(value);
      case Num.Whole(Dim d) -> d.isConst() ? OptionalDouble.of(d.value()) : OptionalDouble.empty();
    };
  }

  /** A tensor of some of this one's elements: {@code from} gives the index of each. */
  KnownTensor pick(List<Integer> newShape, IntUnaryOperator from) {
    List<Num> picked = new ArrayList<>();
    for (int i = 0; i < count(newShape); i++) {
      picked.add(elements.get(from.applyAsInt(i)));
    }
    return new KnownTensor(dtype, newShape, picked);
  }

  KnownTensor reshaped(List<Integer> newShape) {
    return new KnownTensor(dtype, newShape, elements);
  }
}
