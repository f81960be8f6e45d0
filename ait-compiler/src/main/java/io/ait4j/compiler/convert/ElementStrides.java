package io.ait4j.compiler.convert;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;

/**
 * Strides as they are where there are elements: PyTorch counts a size of 0 as 1, {@code s max 1},
 * which is {@code s} for all others and leaves simpler addresses.
 */
final class ElementStrides {
  private ElementStrides() {}

  static TensorMeta of(TensorMeta meta) {
    return new TensorMeta(
        meta.dtype(), meta.shape(), meta.strides().stream().map(ElementStrides::of).toList());
  }

  private static Dim of(Dim stride) {
    if (stride.isConst()) {
      return stride;
    }
    Dim[] sum = {Dim.ZERO};
    stride.forEachTerm(
        (atoms, c) -> {
          Dim product = Dim.of(c);
          for (Dim.Atom atom : atoms) {
            product = product.times(of(atom));
          }
          sum[0] = sum[0].plus(product);
        });
    return sum[0];
  }

  private static Dim of(Dim.Atom atom) {
    if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right) && op == Dim.Op.MAX) {
      return left.is(1) ? of(right) : right.is(1) ? of(left) : Dim.of(atom);
    }
    return Dim.of(atom);
  }
}
