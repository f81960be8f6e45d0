package io.ait4j.compiler.convert;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;

/** Which values kernels can hold today. */
final class Compilable {
  private Compilable() {}

  /** Throws {@link UnsupportedNodeException} unless the value is a tensor that kernels can hold. */
  static void check(FxValue value) {
    if (!(value.meta() instanceof TensorMeta meta)) {
      throw new UnsupportedNodeException("%" + value.name() + " is not a tensor of known shape");
    }
    switch (meta.dtype()) {
      case COMPLEX64, COMPLEX128 ->
          throw new UnsupportedNodeException(
              "%" + value.name() + " is " + meta.dtype().torchName() + ", which is not compiled");
      default -> {}
    }
  }
}
