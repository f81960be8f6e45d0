package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;

/** Types in which composites compute. */
final class TypeSteps {
  private TypeSteps() {}

  /** Integers as float32, everything else as it is. */
  static Arg floating(Rewrite r, Arg x) {
    DType dtype = r.meta(x).dtype();
    return dtype.isInteger() || dtype == DType.BOOL ? r.cast(x, DType.FLOAT32) : x;
  }

  static boolean isHalf(DType dtype) {
    return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16;
  }

  /** Half precision as float32, in which PyTorch accumulates it. */
  static Arg accumulating(Rewrite r, Arg x) {
    return isHalf(r.meta(x).dtype()) ? r.cast(x, DType.FLOAT32) : x;
  }
}
