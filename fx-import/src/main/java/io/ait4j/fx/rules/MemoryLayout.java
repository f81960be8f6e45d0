package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** PyTorch's memory formats as strides. */
public final class MemoryLayout {
  private MemoryLayout() {}

  /** Strides of {@code channels_last} (rank 4) or {@code channels_last_3d} (rank 5). */
  static List<Dim> channelsLast(List<Dim> shape) {
    int rank = shape.size();
    Dim[] strides = new Dim[rank];
    strides[1] = Dim.ONE;
    Dim step = shape.get(1);
    for (int i = rank - 1; i >= 2; i--) {
      strides[i] = step;
      step = step.times(shape.get(i).max(Dim.ONE));
    }
    strides[0] = step;
    return List.of(strides);
  }

  /** What {@code tensor.is_contiguous(channels_last)} says. */
  public static boolean isChannelsLast(TensorMeta tensor) {
    if (tensor.rank() != 4 && tensor.rank() != 5) {
      return false;
    }
    Dim expected = Dim.ONE;
    for (int d : channelsLastOrder(tensor.rank())) {
      Dim size = tensor.shape().get(d);
      if (!size.is(1)) {
        if (!tensor.strides().get(d).equals(expected)) {
          return false;
        }
        expected = expected.times(size);
      }
    }
    return true;
  }

  /** From the fastest dimension to the slowest. */
  private static int[] channelsLastOrder(int rank) {
    return rank == 4 ? new int[] {1, 3, 2, 0} : new int[] {1, 4, 3, 2, 0};
  }

  /**
   * What {@code tensor.suggest_memory_format()} says: channels last by the order of the strides,
   * gaps and all, with the ambiguous cases left contiguous.
   */
  static boolean suggestsChannelsLast(TensorMeta tensor) {
    if (tensor.rank() != 4 && tensor.rank() != 5 || tensor.strides().get(1).is(0)) {
      return false;
    }
    Dim least = Dim.ZERO;
    for (int d : channelsLastOrder(tensor.rank())) {
      Dim size = tensor.shape().get(d);
      Dim stride = tensor.strides().get(d);
      if (size.is(0) || Dims.less(stride, least)) {
        return false;
      }
      // N111 counts as contiguous.
      if (d == 0 && least.equals(tensor.strides().get(1))) {
        return false;
      }
      least = stride;
      if (Dims.less(Dim.ONE, size)) {
        least = least.times(size);
      }
    }
    return true;
  }

  /** A result in the format its input suggests. */
  static TensorMeta like(TensorMeta input, TensorMeta contiguousResult) {
    return suggestsChannelsLast(input) ? channelsLast(contiguousResult) : contiguousResult;
  }

  static TensorMeta channelsLast(TensorMeta result) {
    return new TensorMeta(result.dtype(), result.shape(), channelsLast(result.shape()));
  }

  /** Whether the strides reach each element of one block of memory exactly once. */
  static boolean isDense(TensorMeta tensor) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < tensor.rank(); i++) {
      if (tensor.shape().get(i).is(0)) {
        return true;
      }
      if (!tensor.shape().get(i).is(1)) {
        order.add(i);
      }
    }
    order.sort((a, b) -> Dims.compare(tensor.strides().get(a), tensor.strides().get(b)));
    Dim expected = Dim.ONE;
    for (int d : order) {
      if (!tensor.strides().get(d).equals(expected)) {
        return false;
      }
      expected = expected.times(tensor.shape().get(d));
    }
    return true;
  }
}
