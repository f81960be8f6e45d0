package io.ait4j.lower.verify;

import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Recorded tensors in the type that a module's callers use, as {@code IoPrecision} says. */
final class Recast {
  private Recast() {}

  /** The tensor itself unless both types are float32 or a half and differ. */
  static NativeTensor to(DType dtype, NativeTensor tensor, Arena arena) {
    if (dtype == tensor.dtype() || !changes(dtype) || !changes(tensor.dtype())) {
      return tensor;
    }
    Elements elements = Elements.of(tensor);
    MemorySegment data = arena.allocate(Math.max(1, tensor.numel() * dtype.bytes()), 64);
    for (long i = 0; i < elements.count(); i++) {
      double value = elements.real(i);
      if (dtype == DType.FLOAT32) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
      } else {
        data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) Halves.bits(dtype, value));
      }
    }
    return NativeTensor.contiguous(dtype, tensor.sizes(), data);
  }

  private static boolean changes(DType dtype) {
    return dtype == DType.FLOAT32 || Halves.isHalf(dtype);
  }
}
