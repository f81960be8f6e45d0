package io.ait4j.compiler.convert;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.rules.TypePromotion;
import java.util.ArrayList;
import java.util.List;

/** In which dtype a node computes. */
final class Promotion {
  private Promotion() {}

  /** The dtype in which these arguments, tensors and numbers, are compared. */
  static DType of(Conversion cx, int... args) {
    List<TensorMeta> tensors = new ArrayList<>();
    List<DType> numbers = new ArrayList<>();
    for (int i : args) {
      if (cx.isTensor(i)) {
        tensors.add(cx.meta(i));
      } else {
        numbers.add(
            switch (cx.node().arg(i).orElse(Arg.NONE)) {
              case Arg.Float f -> DType.FLOAT32;
              case Arg.Bool b -> DType.BOOL;
              case Arg other -> DType.INT64;
            });
      }
    }
    return TypePromotion.of(tensors, numbers);
  }

  /** What arithmetic on {@code dtype} is done in: half types compute in float. */
  static DType compute(DType dtype) {
    return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 ? DType.FLOAT32 : dtype;
  }
}
