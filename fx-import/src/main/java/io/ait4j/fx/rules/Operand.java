package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** What a pointwise operator reads: a tensor, or a number wrapped as a tensor of rank 0. */
record Operand(TensorMeta meta, boolean wrapped) {
  static Operand of(TensorMeta meta) {
    return new Operand(meta, false);
  }

  static Operand number(DType dtype) {
    return new Operand(new TensorMeta(dtype, List.of(), List.of()), true);
  }
}
