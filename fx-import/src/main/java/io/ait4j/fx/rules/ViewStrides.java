package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Optional;

/** Strides by which a tensor's memory reads as another shape. */
public final class ViewStrides {
  private ViewStrides() {}

  /**
   * The strides of {@code tensor} seen as {@code shape}, which holds as many elements; empty if
   * that takes a copy.
   */
  public static Optional<List<Dim>> of(TensorMeta tensor, List<Dim> shape) {
    if (tensor.rank() == 0) {
      return Optional.of(shape.stream().map(size -> Dim.ONE).toList());
    }
    if (tensor.numel().is(0)) {
      return Optional.of(
          shape.equals(tensor.shape()) ? tensor.strides() : TensorMeta.contiguousStrides(shape));
    }
    return blockwise(tensor, shape);
  }

  /** Walks both shapes from the end, one block of dimensions that lie together at a time. */
  private static Optional<List<Dim>> blockwise(TensorMeta tensor, List<Dim> shape) {
    Dim[] result = new Dim[shape.size()];
    int at = shape.size() - 1;
    Dim base = tensor.strides().getLast();
    Dim block = Dim.ONE;
    Dim covered = Dim.ONE;
    for (int d = tensor.rank() - 1; d >= 0; d--) {
      block = block.times(tensor.shape().get(d));
      boolean ends =
          d == 0
              || !tensor.shape().get(d - 1).is(1)
                  && !tensor.strides().get(d - 1).equals(block.times(base));
      if (!ends) {
        continue;
      }
      while (at >= 0 && (isPart(covered, block) || shape.get(at).is(1))) {
        result[at] = covered.times(base);
        covered = covered.times(shape.get(at));
        at--;
      }
      if (!covered.equals(block)) {
        return Optional.empty();
      }
      if (d > 0) {
        base = tensor.strides().get(d - 1);
        block = Dim.ONE;
        covered = Dim.ONE;
      }
    }
    return at < 0 ? Optional.of(List.of(result)) : Optional.empty();
  }

  /** Whether a whole number of times {@code covered}, not known to be 1, makes {@code block}. */
  private static boolean isPart(Dim covered, Dim block) {
    if (covered.equals(block)) {
      return false;
    }
    return covered.isConst() && block.isConst()
        ? covered.value() < block.value()
        : block.mod(covered).is(0);
  }
}
