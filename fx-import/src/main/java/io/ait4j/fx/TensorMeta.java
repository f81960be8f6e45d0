package io.ait4j.fx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Type of a tensor value.
 *
 * @param dtype element type
 * @param shape size of each dimension
 * @param strides distance between neighbours along each dimension, in elements, as PyTorch would
 *     report it
 */
public record TensorMeta(DType dtype, List<Dim> shape, List<Dim> strides) implements ValueMeta {
  public TensorMeta {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (shape.size() != strides.size()) {
      throw new IllegalArgumentException(
          "rank " + shape.size() + " with " + strides.size() + " strides");
    }
  }

  /** A tensor in row-major order. */
  public static TensorMeta contiguous(DType dtype, List<Dim> shape) {
    return new TensorMeta(dtype, shape, contiguousStrides(shape));
  }

  /** A tensor of constant sizes in row-major order. */
  public static TensorMeta contiguous(DType dtype, long... shape) {
    return contiguous(dtype, Dim.ofAll(shape));
  }

  /** Row-major strides as PyTorch computes them: a dimension of size 0 counts as 1. */
  public static List<Dim> contiguousStrides(List<Dim> shape) {
    Dim[] strides = new Dim[shape.size()];
    Dim step = Dim.ONE;
    for (int i = shape.size() - 1; i >= 0; i--) {
      strides[i] = step;
      step = step.times(shape.get(i).max(Dim.ONE));
    }
    return List.of(strides);
  }

  public int rank() {
    return shape.size();
  }

  public Dim numel() {
    return Dim.product(shape);
  }

  public boolean isContiguous() {
    List<Dim> expected = contiguousStrides(shape);
    for (int i = 0; i < rank(); i++) {
      if (!shape.get(i).is(1) && !strides.get(i).equals(expected.get(i))) {
        return numel().is(0);
      }
    }
    return true;
  }

  public boolean isStatic() {
    return shape.stream().allMatch(Dim::isConst);
  }

  /** Sizes of a tensor whose shape is constant. */
  public long[] sizes() {
    return shape.stream().mapToLong(Dim::value).toArray();
  }

  /** Sizes where the symbols have these values. */
  public long[] sizes(Map<String, Long> symbols) {
    return evaluate(shape, symbols);
  }

  /** Strides where the symbols have these values. */
  public long[] strides(Map<String, Long> symbols) {
    return evaluate(strides, symbols);
  }

  private static long[] evaluate(List<Dim> dims, Map<String, Long> symbols) {
    long[] values = new long[dims.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = dims.get(i).evaluate(symbols);
    }
    return values;
  }

  public TensorMeta withDtype(DType type) {
    return new TensorMeta(type, shape, strides);
  }

  /** Dimensions from the slowest to the fastest, as the strides order them. */
  public List<Integer> strideOrder() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      order.add(i);
    }
    Collections.sort(
        order,
        (a, b) -> {
          Dim difference = strides.get(b).minus(strides.get(a));
          return difference.is(0)
              ? 0
              : difference.min() != -Dim.UNBOUNDED && difference.min() >= 0 ? 1 : -1;
        });
    return List.copyOf(order);
  }

  @Override
  public String toString() {
    String text =
        dtype.torchName()
            + shape.stream().map(Dim::toString).collect(Collectors.joining(",", "[", "]"));
    return isContiguous()
        ? text
        : text
            + strides.stream()
                .map(Dim::toString)
                .collect(Collectors.joining(",", " strides [", "]"));
  }
}
