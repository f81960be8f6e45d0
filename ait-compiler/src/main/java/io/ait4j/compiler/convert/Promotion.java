package io.ait4j.compiler.convert;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/**
 * The dtype in which operands are compared: PyTorch's promotion of tensors with dimensions, then of
 * 0-d tensors, then of numbers, where a lower class counts only if its kind (bool, integer,
 * floating) is higher.
 */
final class Promotion {
  private Promotion() {}

  static DType of(Conversion cx, int... args) {
    DType[] best = new DType[3];
    for (int i : args) {
      if (cx.isTensor(i)) {
        TensorMeta meta = cx.meta(i);
        int rank = meta.rank() > 0 ? 0 : 1;
        best[rank] = best[rank] == null ? meta.dtype() : wider(best[rank], meta.dtype());
      } else {
        DType number =
            switch (cx.node().arg(i).orElse(Arg.NONE)) {
              case Arg.Float f -> DType.FLOAT32;
              case Arg.Bool b -> DType.BOOL;
              case Arg other -> DType.INT64;
            };
        best[2] = best[2] == null ? number : wider(best[2], number);
      }
    }
    DType result = null;
    for (DType candidate : best) {
      if (candidate != null) {
        result = result == null || kind(candidate) > kind(result) ? candidate : result;
      }
    }
    return result;
  }

  private static int kind(DType type) {
    return type == DType.BOOL ? 0 : type.isInteger() ? 1 : type.isFloating() ? 2 : 3;
  }

  private static final List<DType> INTEGERS =
      List.of(DType.INT8, DType.INT16, DType.INT32, DType.INT64);

  /** PyTorch's table for two tensors of the same class. */
  static DType wider(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (kind(a) != kind(b)) {
      return kind(a) > kind(b) ? a : b;
    }
    if (a.isFloating()) {
      return a == DType.FLOAT64 || b == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
    if (a == DType.UINT8 || b == DType.UINT8) {
      DType other = a == DType.UINT8 ? b : a;
      return other == DType.INT8 ? DType.INT16 : other;
    }
    return INTEGERS.indexOf(a) > INTEGERS.indexOf(b) ? a : b;
  }

  /** What arithmetic on {@code dtype} is done in: half types compute in float. */
  static DType compute(DType dtype) {
    return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 ? DType.FLOAT32 : dtype;
  }
}
