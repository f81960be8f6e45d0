package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/**
 * Shape and strides of what PyTorch's TensorIterator allocates for the result of a pointwise
 * operator: the broadcast shape, in the order of dimensions that the operands' strides agree on.
 */
final class PointwiseLayout {
  private final List<Dim> shape;
  private final List<TensorMeta> operands;
  private final List<Dim[]> strides = new ArrayList<>();

  private PointwiseLayout(List<TensorMeta> operands, List<Dim> shape) {
    this.operands = operands;
    this.shape = shape;
    operands.forEach(operand -> strides.add(broadcastStrides(operand)));
  }

  /** The result of type {@code dtype} of an operator that reads these tensors, in this order. */
  static TensorMeta result(OpCall call, DType dtype, List<TensorMeta> operands) {
    List<Dim> shape = broadcast(call, operands.stream().map(TensorMeta::shape).toList());
    PointwiseLayout layout = new PointwiseLayout(operands, shape);
    return new TensorMeta(dtype, shape, layout.resultStrides());
  }

  /**
   * The same for an operator that computes in the type {@code common}: operands of another type are
   * first copied to it, and a copy of an expanded tensor has strides of its own.
   */
  static TensorMeta result(OpCall call, DType dtype, DType common, List<TensorMeta> operands) {
    return result(call, dtype, operands.stream().map(o -> converted(call, o, common)).toList());
  }

  static TensorMeta converted(OpCall call, TensorMeta tensor, DType dtype) {
    return tensor.dtype() == dtype || MemoryLayout.isDense(tensor)
        ? tensor
        : result(call, dtype, List.of(tensor));
  }

  /** The shape that all of these broadcast to. */
  static List<Dim> broadcast(OpCall call, List<List<Dim>> shapes) {
    int rank = shapes.stream().mapToInt(List::size).max().orElse(0);
    Dim[] result = new Dim[rank];
    java.util.Arrays.fill(result, Dim.ONE);
    for (List<Dim> shape : shapes) {
      for (int i = 0; i < shape.size(); i++) {
        int at = rank - shape.size() + i;
        Dim size = shape.get(i);
        if (result[at].is(1)) {
          result[at] = size;
        } else if (!size.is(1) && !size.equals(result[at])) {
          throw call.unequal(
              "shapes " + shapes + " do not broadcast at dimension " + at, result[at], size);
        }
      }
    }
    return List.of(result);
  }

  private Dim[] broadcastStrides(TensorMeta operand) {
    Dim[] result = new Dim[shape.size()];
    int offset = shape.size() - operand.rank();
    for (int i = 0; i < shape.size(); i++) {
      boolean repeated = i < offset || operand.shape().get(i - offset).is(1) && !shape.get(i).is(1);
      result[i] = repeated ? Dim.ZERO : operand.strides().get(i - offset);
    }
    return result;
  }

  private List<Dim> resultStrides() {
    List<Dim> contiguous = TensorMeta.contiguousStrides(shape);
    if (operands.stream().allMatch(o -> o.shape().equals(shape))) {
      if (operands.stream().allMatch(TensorMeta::isContiguous)) {
        return contiguous;
      }
      if (operands.stream().allMatch(MemoryLayout::isChannelsLast)) {
        return MemoryLayout.channelsLast(shape);
      }
      List<Dim> first = operands.getFirst().strides();
      if (operands.stream().allMatch(o -> MemoryLayout.isDense(o) && o.strides().equals(first))) {
        return first;
      }
    }
    int[] order = fastestFirst();
    boolean rowMajor = true;
    for (int i = 0; i < order.length; i++) {
      rowMajor &= order[i] == order.length - 1 - i;
    }
    return rowMajor ? contiguous : dense(order);
  }

  private List<Dim> dense(int[] order) {
    Dim[] result = new Dim[shape.size()];
    Dim step = Dim.ONE;
    for (int dim : order) {
      result[dim] = step;
      step = step.times(shape.get(dim));
    }
    return List.of(result);
  }

  /** Insertion sort from row-major order, since the comparison may leave a pair undecided. */
  private int[] fastestFirst() {
    int[] order = new int[shape.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = order.length - 1 - i;
    }
    for (int i = 1; i < order.length; i++) {
      int moving = i;
      for (int before = i - 1; before >= 0; before--) {
        int comparison = compare(order[before], order[moving]);
        if (comparison > 0) {
          int swapped = order[before];
          order[before] = order[moving];
          order[moving] = swapped;
          moving = before;
        } else if (comparison < 0) {
          break;
        }
      }
    }
    return order;
  }

  /** Positive if the first operand with an opinion has {@code b} run faster than {@code a}. */
  private int compare(int a, int b) {
    for (Dim[] stride : strides) {
      if (stride[a].is(0) || stride[b].is(0)) {
        continue;
      }
      int comparison = Dims.compare(stride[a], stride[b]);
      if (comparison != 0) {
        return comparison;
      }
      if (stride[a].equals(stride[b]) && Dims.compare(shape.get(a), shape.get(b)) > 0) {
        return 1;
      }
    }
    return 0;
  }
}
